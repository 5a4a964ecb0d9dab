// Lines over time or another measure; series differ in dash, marker and the name at their end.

import { addLevel, addUpright, LEVEL_HEIGHT, scaleOfValues, scaleOfX, widthOfAxis } from "./chart_axes.js";
import { addChanges, placeChanges } from "./chart_changes.js";
import { addEnds, widthOfEnds } from "./chart_ends.js";
import { dashOf, shapeOf } from "./chart_looks.js";
import { LINE, write } from "./chart_text.js";
import { followPointer } from "./chart_told.js";

const MARKER_ROOM = 11;
const SMALL = 8;

function addSeries(svg, { rows }, series, place, x, y) {
  const drawn = svg.append("g").attr("class", `chart-series chart-series-${place + 1}`);
  const valueOf = (row) => row.cells[series.at].value;
  const line = d3.line((row) => x(row.x), (row) => y(valueOf(row))).defined((row) => valueOf(row) !== null);
  drawn.append("path").attr("class", "chart-line").attr("stroke-dasharray", dashOf(place)).attr("d", line(rows));
  const known = rows.filter((row) => valueOf(row) !== null);
  const step = Math.ceil(MARKER_ROOM * rows.length / Math.abs(x.range()[1] - x.range()[0]));
  known.forEach((row, at) => {
    const isShown = (known.length - 1 - at) % step === 0;
    drawn.append("path").attr("class", "chart-mark chart-shape").attr("d", shapeOf(place, isShown ? undefined : SMALL))
      .attr("transform", `translate(${x(row.x)},${y(valueOf(row))})`);
  });
}

function endsOf({ rows, series }, y) {
  return series.flatMap((each, place) => {
    const last = rows.findLast((row) => row.cells[each.at].value !== null);
    if (!last) return [];
    return [{ name: each.label, y: y(last.cells[each.at].value), shape: shapeOf(place), className: `chart-series-${place + 1}` }];
  });
}

/** Draw the lines of a table; returns the height. */
export function drawLine(drawing) {
  const { svg, width, table } = drawing;
  const { rows, series } = table;
  const kind = series[0].kind;
  const several = series.length > 1;
  const values = series.flatMap((each) => rows.map((row) => row.cells[each.at].value)).filter((value) => value !== null);
  const y = scaleOfValues(values, [0, 1], kind);
  const ends = several ? widthOfEnds(svg, series.map((each) => each.label), width) : 12;
  const x = scaleOfX(table, [widthOfAxis(svg, y, kind) + 6, width - ends - 6]);
  const [left, right] = x.range();
  const changes = placeChanges(svg, rows, x, width);
  const title = several ? series[0].unit : [series[0].label, series[0].unit].filter(Boolean).join(", ");
  const top = (title ? LINE + 6 : 0) + changes.height + 10;
  const bottom = top + Math.max(170, Math.min(300, width * 0.42));
  y.range([bottom, top]);
  if (title) write(svg, [title], { x: 0, y: LINE / 2, className: "chart-axis-name" });
  addUpright(svg, y, kind, left - 6, right + 6);
  addLevel(svg, x, table, bottom);
  addChanges(svg, changes.labels, title ? LINE + 6 : 0, bottom);
  series.forEach((each, place) => addSeries(svg, table, each, place, x, y));
  if (several) addEnds(svg, endsOf(table, y), right + 6, ends, top - 8, bottom + 8);
  followPointer(drawing, rows, x, top, bottom);
  return bottom + LEVEL_HEIGHT;
}
