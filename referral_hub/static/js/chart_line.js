// Lines over time or another measure; series differ in dash, marker and the name at their end.

import { scaleOfValues } from "./chart_axes.js";
import { addBand } from "./chart_band.js";
import { addEnds } from "./chart_ends.js";
import { layGround, titleOf } from "./chart_ground.js";
import { dashOf, shapeOf } from "./chart_looks.js";
import { addMark, followPointer } from "./chart_told.js";

const MARKER_ROOM = 11;
const SMALL = 8;

/** All that a series measures, its intervals with it. */
function measuresOf({ rows, series }) {
  const cells = series.flatMap(({ at, interval }) => rows.flatMap((row) => [row.cells[at], row.cells[interval]]));
  return cells.flatMap((cell) => [cell?.value, cell?.low, cell?.high]).filter((value) => Number.isFinite(value));
}

function addSeries(drawing, series, place, x, y) {
  const { svg, table: { rows } } = drawing;
  const drawn = svg.append("g").attr("class", `chart-series chart-series-${place + 1}`);
  const valueOf = (row) => row.cells[series.at].value;
  const line = d3.line((row) => x(row.x), (row) => y(valueOf(row))).defined((row) => valueOf(row) !== null);
  drawn.append("path").attr("class", "chart-line").attr("stroke-dasharray", dashOf(place)).attr("d", line(rows));
  const known = rows.filter((row) => valueOf(row) !== null);
  const step = Math.ceil(MARKER_ROOM * rows.length / (x.range()[1] - x.range()[0]));
  known.forEach((row, at) => {
    const isShown = (known.length - 1 - at) % step === 0;
    addMark(drawing, row, drawn).attr("transform", `translate(${x(row.x)},${y(valueOf(row))})`)
      .append("path").attr("class", "chart-shape").attr("d", shapeOf(place, isShown ? undefined : SMALL));
  });
}

/** The names of the series, each at the last value of its line. */
export function endsOf({ rows, series }, y, hasShapes) {
  return series.flatMap((each, place) => {
    const last = rows.findLast((row) => row.cells[each.at].value !== null);
    if (!last) return [];
    const shape = hasShapes ? shapeOf(place) : null;
    return [{ name: each.label, y: y(last.cells[each.at].value), shape, className: `chart-series-${place + 1}` }];
  });
}

/** Draw the lines of a table; returns the height. */
export function drawLine(drawing) {
  const { svg, table } = drawing;
  const { rows, series } = table;
  const kind = series[0].kind;
  const names = series.length > 1 ? series.map((each) => each.label) : [];
  const y = scaleOfValues(measuresOf(table), [1, 0], kind);
  const ground = layGround(drawing, y, { title: titleOf(series), kind, names });
  const { x, top, bottom, right, ends, height } = ground;
  series.forEach((each, place) => addBand(svg, rows, each, place, x, y));
  followPointer(drawing, rows, x, top, bottom);
  series.forEach((each, place) => addSeries(drawing, each, place, x, y));
  if (names.length) addEnds(svg, endsOf(table, y, true), right, ends, top - 8, bottom + 8);
  return height;
}
