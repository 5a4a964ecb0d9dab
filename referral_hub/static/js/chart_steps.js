// Shares that grow, or shrink, in steps: what became of referrals by a time, and how many still wait.

import { addBand } from "./chart_band.js";
import { addEnds } from "./chart_ends.js";
import { layGround, titleOf } from "./chart_ground.js";
import { endsOf } from "./chart_line.js";
import { dashOf } from "./chart_looks.js";
import { followPointer } from "./chart_told.js";

function addSteps(svg, rows, { at }, place, x, y) {
  const valueOf = (row) => row.cells[at].value;
  const line = d3.line((row) => x(row.x), (row) => y(valueOf(row))).defined((row) => valueOf(row) !== null);
  svg.append("g").attr("class", `chart-series chart-series-${place + 1}`)
    .append("path").attr("class", "chart-line").attr("stroke-dasharray", dashOf(place))
    .attr("d", line.curve(d3.curveStepAfter)(rows));
}

/** Draw the steps of a table; returns the height. */
export function drawSteps(drawing) {
  const { svg, table } = drawing;
  const { rows, series } = table;
  const names = series.length > 1 ? series.map((each) => each.label) : [];
  const y = d3.scaleLinear([0, 1], [1, 0]);
  const ground = layGround(drawing, y, { title: titleOf(series), kind: "percent", names });
  const { x, top, bottom, right, ends, height } = ground;
  series.forEach((each, place) => addBand(svg, rows, each, place, x, y, d3.curveStepAfter));
  series.forEach((each, place) => addSteps(svg, rows, each, place, x, y));
  if (names.length) addEnds(svg, endsOf(table, y, false), right, ends, top - 8, bottom + 8);
  followPointer(drawing, rows, x, top, bottom);
  return height;
}
