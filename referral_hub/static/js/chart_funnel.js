// Rates of few and of many around a common one, with the limits of chance; who is outside is named.

import { addLevel, addUpright, LEVEL_HEIGHT, scaleOfSpread, widthOfAxis } from "./chart_axes.js";
import { addEnds, widthOfEnds } from "./chart_ends.js";
import { heightOf } from "./chart_ground.js";
import { outstanding, shapeOf } from "./chart_looks.js";
import { boxOf, writeNear } from "./chart_near.js";
import { LINE, widthOf, write } from "./chart_text.js";
import { addMark } from "./chart_told.js";

const [SIZE, RATE, INNER, OUTER] = [1, 2, 3, 4];
const CURVES = [["chart-limit-inner", 1, 2, INNER], ["chart-limit", 3, 4, OUTER]];
const SHARE = 0.3;
const TITLE = LINE + 8;
const LEVELS = [["", "chart-out"], ["warning", "chart-unusual"]];
const SIDES = ["right", "left", "above", "below", "rightAbove", "rightBelow", "leftAbove", "leftBelow"];

/** The limits over the sizes: as they were given, else those of the rows. */
function curvesOf({ limits, table: { rows } }) {
  if (limits.length) return limits;
  const known = rows.filter((row) => row.cells[OUTER].low !== null).map(({ cells }) =>
    [cells[SIZE].value, cells[INNER].low, cells[INNER].high, cells[OUTER].low, cells[OUTER].high]);
  return d3.sort(known, ([size]) => size);
}

function addCurves({ svg, table: { columns } }, curves, x, y) {
  return CURVES.flatMap(([className, low, high, column]) => {
    for (const at of [low, high]) {
      svg.append("path").attr("class", className).attr("d", d3.line((each) => x(each[0]), (each) => y(each[at]))(curves));
    }
    return [{ name: columns[column].label, y: y(curves.at(-1)[high]), className: "chart-end-soft" }];
  });
}

/** What the shapes of points outside mean, in the words of their rows. */
function addKey(svg, rows, width) {
  let at = width;
  for (const [level, className] of LEVELS.toReversed()) {
    const row = rows.find((each) => each.signal && each.level === level);
    if (!row) continue;
    at -= widthOf(svg, row.signal);
    write(svg, [row.signal], { x: at, y: LINE / 2 });
    svg.append("path").attr("class", `chart-shape ${className}`).attr("d", outstanding()).attr("transform", `translate(${at - 12},${LINE / 2})`);
    at -= 40;
  }
}

function addPoint(drawing, row, { x, y }) {
  const mark = addMark(drawing, row).attr("transform", `translate(${x},${y})`);
  const out = row.signal ? (row.level === "warning" ? "chart-unusual" : "chart-out") : "chart-series-1";
  mark.append("circle").attr("class", "chart-hit").attr("r", 12);
  mark.append("path").attr("class", `chart-shape ${out}`).attr("d", row.signal ? outstanding() : shapeOf(0, 64));
}

/** Names beside the points outside, those far outside first, where they cover nothing. */
function addNames(svg, rows, pointOf, frame, words) {
  const taken = [...words, ...rows.map((row) => boxOf(pointOf(row)))];
  for (const row of d3.sort(rows.filter((each) => each.signal), (each) => each.level)) {
    writeNear(svg, row.name, pointOf(row), { widest: Math.max(100, frame.right * SHARE), taken, frame, sides: SIDES });
  }
}

/** Draw a funnel; returns the height. */
export function drawFunnel(drawing) {
  const { svg, width, centre, centreLabel, table: { rows, columns } } = drawing;
  const known = rows.filter((row) => row.cells[RATE].value !== null);
  const curves = curvesOf(drawing);
  const rates = [...known.map((row) => row.cells[RATE].value), ...curves.flatMap((each) => each.slice(3))];
  const y = scaleOfSpread(rates, [1, 0], "percent");
  const top = 2 * TITLE;
  const bottom = top + heightOf(width) * 1.15;
  y.range([bottom, top]);
  const names = [centreLabel, columns[INNER].label, columns[OUTER].label].filter(Boolean);
  const ends = widthOfEnds(svg, names, width);
  const x = d3.scaleLinear([0, 1.03 * d3.max(known, (row) => row.cells[SIZE].value) || 1], [widthOfAxis(svg, y, "percent"), width - ends - 10]);
  const [left, right] = x.range();
  write(svg, [columns[RATE].label], { x: 0, y: TITLE + LINE / 2, className: "chart-axis-name" });
  addUpright(svg, y, "percent", left, right);
  addLevel(svg, x, { x: columns[SIZE], rows }, bottom);
  const labels = curves.length ? addCurves(drawing, curves, x, y) : [];
  if (centre !== null) {
    svg.append("path").attr("class", "chart-centre").attr("d", `M${left},${y(centre)}H${right}`);
    if (centreLabel) labels.push({ name: centreLabel, y: y(centre), className: "chart-end-soft" });
  }
  const pointOf = ({ cells }) => ({ x: x(cells[SIZE].value), y: y(cells[RATE].value) });
  addKey(svg, known, width);
  const words = addEnds(svg, labels, right, ends, top - 8, bottom);
  for (const row of known) addPoint(drawing, row, pointOf(row));
  addNames(svg, known, pointOf, { left, right: width, top: top - 4, bottom }, words);
  return bottom + LEVEL_HEIGHT;
}
