// Names of categories: beside their bars where there is room, else above them.

import { LINE, linesOf, widthOf, write } from "./chart_text.js";

const WIDE = 480;
const SHARE = 0.36;
const GAP = 10;

/** Where each row stands: {left, bottom, places: [{row, lines, y, middle}]}. `thick` is the height of a bar. */
export function placeCategories(svg, rows, width, top, thick) {
  const isBeside = width >= WIDE;
  const widest = Math.max(...rows.map((row) => widthOf(svg, row.name)));
  const room = isBeside ? Math.min(widest + 2, width * SHARE) : width;
  let y = top;
  const places = rows.map((row) => {
    const lines = linesOf(svg, row.name, room);
    const words = lines.length * LINE;
    const height = isBeside ? Math.max(words, thick) : words + 3 + thick;
    const place = { row, lines, y: y + (isBeside ? (height - words) / 2 : 0) + LINE / 2 };
    place.middle = isBeside ? y + height / 2 : y + height - thick / 2;
    y += height + GAP;
    return place;
  });
  return { left: isBeside ? room + 12 : 0, bottom: y, places };
}

/** Write the name of a category. */
export function writeCategory(mark, { lines, y }) {
  write(mark, lines, { x: 0, y, className: "chart-category" });
}
