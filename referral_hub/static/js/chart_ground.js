// What lines, steps and control charts stand on: both axes, what was changed, room for names.

import { addLevel, addUpright, LEVEL_HEIGHT, scaleOfX, widthOfAxis } from "./chart_axes.js";
import { addChanges, placeChanges } from "./chart_changes.js";
import { widthOfEnds } from "./chart_ends.js";
import { LINE, write } from "./chart_text.js";

const EDGE = 6;
const LAST_TICK = 18;
const TITLE = LINE + 6;
const HEIGHT = { least: 180, most: 320, ofWidth: 0.42 };

/** How high a drawing of this width is. */
export function heightOf(width) {
  return Math.max(HEIGHT.least, Math.min(HEIGHT.most, width * HEIGHT.ofWidth));
}

/** What stands above the axis: the name of the only series, and the unit. */
export function titleOf(series) {
  const [first] = series;
  return (series.length > 1 ? [first.unit] : [first.label, first.unit]).filter(Boolean).join(", ");
}

/** Draw the ground for this scale of y, which gets its range. `names` stand at the right.
 * `changeAt` says where in x the change of a row stands. */
export function layGround({ svg, width, table }, y, { title, kind, names = [], changeAt }) {
  const ends = names.length ? widthOfEnds(svg, names, width) : LAST_TICK;
  const x = scaleOfX(table, [widthOfAxis(svg, y, kind) + EDGE, width - ends - EDGE]);
  const [left, right] = x.range();
  const changes = placeChanges(svg, table.rows, changeAt?.(x) ?? ((row) => x(row.x)), width);
  const begin = title ? TITLE : 0;
  const top = begin + changes.height + 10;
  const bottom = top + heightOf(width);
  y.range([bottom, top]);
  if (title) write(svg, [title], { x: 0, y: LINE / 2, className: "chart-axis-name" });
  addUpright(svg, y, kind, left - EDGE, right + EDGE);
  addLevel(svg, x, table, bottom);
  addChanges(svg, changes.labels, begin, bottom);
  const lines = changes.labels.map(({ at }) => [{ x: at, y: top }, { x: at, y: bottom }]);
  return { x, top, bottom, right: right + EDGE, ends, changes: lines, height: bottom + LEVEL_HEIGHT };
}
