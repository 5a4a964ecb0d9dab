// A measure over time with its centre and limits; what points at a special cause has another shape.

import { scaleOfSpread } from "./chart_axes.js";
import { addEnds } from "./chart_ends.js";
import { layGround, titleOf } from "./chart_ground.js";
import { outstanding, shapeOf } from "./chart_looks.js";
import { boxesAlong, boxOf, writeNear } from "./chart_near.js";
import { LINE } from "./chart_text.js";
import { addMark, followPointer } from "./chart_told.js";

const WIDEST = 120;
const ROOM = 0.12;
const UP = ["above", "right", "left", "rightAbove", "leftAbove", "below"];
const DOWN = ["below", "right", "left", "rightBelow", "leftBelow", "above"];

/** From where to where in x each row's limits hold: half way to its neighbours. */
function spansOf(rows, x) {
  const places = rows.map((row) => x(row.x));
  return rows.map((row, at) => ({
    row,
    from: at ? (places[at - 1] + places[at]) / 2 : places[at],
    to: at < rows.length - 1 ? (places[at] + places[at + 1]) / 2 : places[at],
  }));
}

/** A line in steps, which begins anew with each phase. */
function stepsOf(spans, y, valueOf) {
  let isOn = false;
  return spans.map(({ row, from, to }) => {
    const value = valueOf(row);
    const begins = !isOn || row.mark;
    isOn = value !== null && value !== undefined;
    return isOn ? `${begins ? `M${from},${y(value)}` : `V${y(value)}`}H${to}` : "";
  }).join("");
}

function addLimits(svg, spans, y, centre) {
  const add = (className, valueOf) => svg.append("path").attr("class", className).attr("d", stepsOf(spans, y, valueOf));
  add("chart-centre", (row) => row.cells[centre.at].value);
  if (centre.interval === null) return;
  add("chart-limit", (row) => row.cells[centre.interval].low);
  add("chart-limit", (row) => row.cells[centre.interval].high);
}

/** The words of signals, once for rows beside each other that have the same. */
function addSignals(svg, rows, pointOf, centreOf, frame, changes) {
  const better = [rows.map(pointOf), ...changes].flatMap(boxesAlong);
  const taken = rows.map((row) => boxOf(pointOf(row)));
  rows.forEach((row, at) => {
    if (!row.signal || row.signal === rows[at - 1]?.signal) return;
    const sides = row.cells[1].value >= centreOf(row) ? UP : DOWN;
    writeNear(svg, row.signal, pointOf(row), { widest: WIDEST, taken, better, frame, sides });
  });
}

function endsOf(row, { at, interval, label }, columns, y) {
  const centre = { name: `${label} ${row.cells[at].text}`, y: y(row.cells[at].value), className: "chart-end-soft" };
  const limits = row.cells[interval];
  if (!limits || limits.high === null) return [centre];
  return [centre, { name: `${columns[interval].label} ${limits.text}`, y: y(limits.high), className: "chart-end-soft" }];
}

/** Draw a control or run chart; returns the height. */
export function drawControl(drawing) {
  const { svg, table: { rows, columns, series: [series, centre] } } = drawing;
  const cells = rows.flatMap((row) => [row.cells[series.at], row.cells[centre.at], row.cells[centre.interval] ?? {}]);
  const values = cells.flatMap((cell) => [cell.value, cell.low, cell.high]).filter((value) => Number.isFinite(value));
  const y = scaleOfSpread(values, [1, 0], series.kind, ROOM);
  const last = rows.findLast((row) => row.cells[centre.at].value !== null);
  const names = last ? endsOf(last, centre, columns, y).map((end) => end.name) : [];
  const changeAt = (x) => {
    const from = new Map(spansOf(rows, x).map((span) => [span.row, span.from]));
    return (row) => from.get(row);
  };
  const ground = layGround(drawing, y, { title: titleOf([series]), kind: series.kind, names, changeAt });
  const { x, top, bottom, right, ends, height } = ground;
  addLimits(svg, spansOf(rows, x), y, centre);
  const valueOf = (row) => row.cells[series.at].value;
  const line = d3.line((row) => x(row.x), (row) => y(valueOf(row))).defined((row) => valueOf(row) !== null);
  svg.append("path").attr("class", "chart-line chart-series-1").attr("d", line(rows));
  followPointer(drawing, rows, x, top, bottom);
  const known = rows.filter((row) => valueOf(row) !== null);
  const pointOf = (row) => ({ x: x(row.x), y: y(valueOf(row)) });
  for (const row of known) {
    addMark(drawing, row).attr("transform", `translate(${pointOf(row).x},${pointOf(row).y})`)
      .append("path").attr("class", `chart-shape ${row.signal ? "chart-out" : "chart-series-1"}`)
      .attr("d", row.signal ? outstanding() : shapeOf(0));
  }
  const frame = { left: x.range()[0] - 4, right, top: top - LINE, bottom: bottom + 4 };
  addSignals(svg, known, pointOf, (row) => row.cells[centre.at].value, frame, ground.changes);
  if (last) addEnds(svg, endsOf(last, centre, columns, y), right - 4, ends, top - 8, bottom + 8);
  return height;
}
