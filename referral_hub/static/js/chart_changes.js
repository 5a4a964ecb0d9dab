// Upright lines where something was changed, each with its words above the drawing.

import { LINE, linesOf, widthOf, write } from "./chart_text.js";

const WIDEST = 150;
const PAD = 4;

/** Where the words of changes stand: {height, labels}. Those that would overlap stand lower. */
export function placeChanges(svg, rows, placeOf, right) {
  const placed = [];
  for (const row of rows.filter((each) => each.mark)) {
    const at = placeOf(row);
    const lines = linesOf(svg, row.mark, WIDEST);
    const width = Math.max(...lines.map((line) => widthOf(svg, line)));
    const anchor = at + PAD + width > right ? "end" : "start";
    const from = anchor === "end" ? at - PAD - width : at + PAD;
    const near = placed.filter((each) => each.from < from + width + PAD && from < each.from + each.width + PAD);
    const top = Math.max(0, ...near.map((each) => each.top + each.lines.length * LINE));
    placed.push({ at, from, width, lines, anchor, top });
  }
  return { labels: placed, height: Math.max(0, ...placed.map((each) => each.top + each.lines.length * LINE)) };
}

/** Draw them from their words, which begin at `top`, down to `bottom`. */
export function addChanges(svg, labels, top, bottom) {
  for (const { at, lines, anchor, top: below } of labels) {
    const drawn = svg.append("g").attr("class", "chart-change");
    const from = top + below;
    drawn.append("path").attr("d", `M${at},${from}V${bottom}`);
    write(drawn, lines, { x: at + (anchor === "end" ? -PAD : PAD), y: from + LINE / 2, anchor });
  }
}
