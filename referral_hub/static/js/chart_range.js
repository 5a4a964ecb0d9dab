// A dot for each value, and how sure one can be of it as a line through the dot.

import { scaleOfSpread, ticksOf } from "./chart_axes.js";
import { placeCategories, writeCategory } from "./chart_categories.js";
import { LINE, widthOf, write } from "./chart_text.js";
import { addMark } from "./chart_told.js";

const THICK = 16;
const CAP = 4;
const TICK_WIDTH = 100;

function addAxis(svg, x, kind, top, bottom) {
  const { values, format } = ticksOf(x, kind, Math.max(2, (x.range()[1] - x.range()[0]) / TICK_WIDTH));
  const axis = d3.axisBottom(x).tickValues(values).tickFormat(format).tickSize(top - bottom).tickPadding(6);
  const drawn = svg.append("g").attr("class", "chart-axis").attr("transform", `translate(0,${bottom})`).call(axis);
  drawn.select(".domain").remove();
}

/** The common value as an upright line with its words above. */
function addCentre({ svg, width, centre, centreLabel }, x, bottom) {
  const at = x(centre);
  const anchor = at > width / 2 ? "end" : "start";
  svg.append("path").attr("class", "chart-centre").attr("d", `M${at},0V${bottom}`);
  write(svg, [centreLabel], { x: at + (anchor === "end" ? -5 : 5), y: LINE / 2, anchor });
}

function addRange(drawing, place, { at, interval }, x, right) {
  const { row, middle } = place;
  const mark = addMark(drawing, row);
  const [cell, { low, high }] = [row.cells[at], row.cells[interval] ?? {}];
  writeCategory(mark, place);
  if (Number.isFinite(low)) {
    mark.append("path").attr("class", "chart-range")
      .attr("d", `M${x(low)},${middle - CAP}v${2 * CAP}M${x(low)},${middle}H${x(high)}M${x(high)},${middle - CAP}v${2 * CAP}`);
  }
  if (cell.value !== null) mark.append("circle").attr("class", "chart-shape").attr("cx", x(cell.value)).attr("cy", middle).attr("r", 5);
  write(mark, [cell.text], { x: right, y: middle, anchor: "end", className: "chart-value" });
}

/** Draw the ranges of a table; returns the height. */
export function drawRange(drawing) {
  const { svg, width, centre, table: { rows, series: [series] } } = drawing;
  const cells = rows.flatMap((row) => [row.cells[series.at], row.cells[series.interval] ?? {}]);
  const values = [centre, ...cells.flatMap((cell) => [cell.value, cell.low, cell.high])].filter((value) => Number.isFinite(value));
  const top = centre === null ? 4 : LINE + 8;
  const placed = placeCategories(svg, rows, width, top, THICK);
  const ends = Math.max(...rows.map((row) => widthOf(svg, row.cells[series.at].text, "chart-value"))) + 16;
  const x = scaleOfSpread(values, [placed.left + 16, width - ends], series.kind);
  addAxis(svg, x, series.kind, top, placed.bottom);
  if (centre !== null) addCentre(drawing, x, placed.bottom);
  for (const place of placed.places) addRange(drawing, place, series, x, width);
  return placed.bottom + LINE + 10;
}
