// A place for words beside a point where they cover neither other words nor other points.

import { LINE, linesOf, widthOf, write } from "./chart_text.js";

const FAR = 9;
const CLASS = "chart-signal";

function overlaps(one, other) {
  return one.left < other.left + other.width && other.left < one.left + one.width
    && one.top < other.top + other.height && other.top < one.top + one.height;
}

function placesOf({ x, y }, width, height) {
  return {
    right: { left: x + FAR, top: y - height / 2 },
    left: { left: x - FAR - width, top: y - height / 2 },
    above: { left: x - width / 2, top: y - FAR - height },
    below: { left: x - width / 2, top: y + FAR },
    rightAbove: { left: x + FAR / 2, top: y - FAR - height },
    rightBelow: { left: x + FAR / 2, top: y + FAR },
    leftAbove: { left: x - width - FAR / 2, top: y - FAR - height },
    leftBelow: { left: x - width - FAR / 2, top: y + FAR },
  };
}

/** The box of a point, to be kept free. */
export function boxOf({ x, y }, size = 6) {
  return { left: x - size, top: y - size, width: 2 * size, height: 2 * size };
}

/** Boxes along the lines between points, to be kept free. */
export function boxesAlong(points) {
  return d3.pairs(points).flatMap(([from, to]) => {
    const steps = Math.ceil(Math.hypot(to.x - from.x, to.y - from.y) / 6);
    const at = (step) => ({ x: d3.interpolate(from.x, to.x)(step / steps), y: d3.interpolate(from.y, to.y)(step / steps) });
    return d3.range(1, steps).map((step) => boxOf(at(step), 2));
  });
}

/** The first of these sides with room inside the frame, off all that is taken; null where there is none. */
function placeNear(point, { width, height }, taken, frame, sides) {
  const places = placesOf(point, width, height);
  for (const side of sides) {
    const box = { ...places[side], width, height };
    const isInside = box.left >= frame.left && box.left + width <= frame.right
      && box.top >= frame.top && box.top + height <= frame.bottom;
    if (isInside && !taken.some((other) => overlaps(box, other))) return box;
  }
  return null;
}

/** Write words beside a point where they cover nothing that is taken, and are taken then; if they can, off
 * what is better kept free too. Without room they are left out. */
export function writeNear(svg, words, point, { widest, taken, better = [], frame, sides }) {
  const lines = linesOf(svg, words, widest, CLASS);
  const size = { width: Math.max(...lines.map((line) => widthOf(svg, line, CLASS))), height: lines.length * LINE };
  const box = placeNear(point, size, [...taken, ...better], frame, sides) ?? placeNear(point, size, taken, frame, sides);
  if (!box) return;
  taken.push(box);
  const isLeft = box.left + box.width < point.x;
  const x = isLeft ? box.left + box.width : box.left > point.x ? box.left : box.left + box.width / 2;
  const anchor = isLeft ? "end" : box.left > point.x ? "start" : "middle";
  write(svg, lines, { x, y: box.top + LINE / 2, anchor, className: CLASS });
}
