// The name of a line stands at its end, with the marker of the line where it has one.

import { LINE, linesOf, spread, widthOf, write } from "./chart_text.js";

const SHARE = 0.32;
const MARKER = 16;

/** The room that names take at the right, at most a third of the drawing. */
export function widthOfEnds(svg, names, width) {
  const widest = Math.max(0, ...names.map((name) => widthOf(svg, name, "chart-name")));
  return Math.ceil(Math.min(widest + MARKER + 8, width * SHARE));
}

/** Write names {name, y, shape, className} at `x`, between top and bottom, none on another; returns where. */
export function addEnds(svg, ends, x, width, top, bottom) {
  const room = width - MARKER - 4;
  const labels = ends.map((end) => ({ ...end, lines: linesOf(svg, end.name, room, "chart-name") }));
  return spread(labels, top, bottom).map(({ lines, shape, className, top: place }) => {
    const y = place + LINE / 2;
    const end = svg.append("g").attr("class", `chart-end ${className}`);
    if (shape) end.append("path").attr("class", "chart-shape").attr("transform", `translate(${x + MARKER / 2},${y})`).attr("d", shape);
    write(end, lines, { x: x + (shape ? MARKER + 2 : 8), y, className: "chart-name" });
    return { left: x, top: place, width, height: lines.length * LINE };
  });
}
