// Level bars with their values; a bar of several parts has patterns and a key.

import { placeCategories, writeCategory } from "./chart_categories.js";
import { addPattern } from "./chart_looks.js";
import { LINE, widthOf, write } from "./chart_text.js";
import { addMark } from "./chart_told.js";

const THICK = 20;
const SWATCH = 14;
const written = () => d3.format(",~f");

/** The key of the parts, in as many lines as it needs; returns where it ends. */
function addKey(svg, series, fills, width) {
  let [x, y] = [0, LINE / 2];
  series.forEach(({ label }, place) => {
    const room = SWATCH + 6 + widthOf(svg, label) + 18;
    if (x && x + room - 18 > width) [x, y] = [0, y + LINE + 5];
    const part = svg.append("g").attr("class", "chart-key");
    part.append("rect").attr("class", `chart-part chart-part-${place + 1}`).attr("fill", fills[place])
      .attr("x", x + 0.5).attr("y", y - SWATCH / 2).attr("width", SWATCH).attr("height", SWATCH);
    write(part, [label], { x: x + SWATCH + 6, y });
    x += room;
  });
  return y + LINE + 4;
}

function addPart(mark, svg, cell, place, fill, from, to, middle, isAlone) {
  mark.append("rect").attr("class", `chart-part chart-part-${place + 1}`).attr("fill", fill)
    .attr("x", Math.min(from, to)).attr("y", middle - THICK / 2)
    .attr("width", Math.abs(to - from)).attr("height", THICK);
  if (isAlone || widthOf(svg, cell.text) + 10 > to - from) return;
  write(mark, [cell.text], { x: (from + to) / 2, y: middle, anchor: "middle", className: `chart-value chart-value-${place ? "inside" : "dark"}` });
}

/** What stands at the end of a bar: its value, or the sum of its parts where they are numbers. */
function totalOf(row, series) {
  if (series.length === 1) return row.cells[series[0].at].text;
  return series[0].kind === "percent" ? "" : written()(d3.sum(series, ({ at }) => row.cells[at].value));
}

function addBar(drawing, place, series, fills, x) {
  const mark = addMark(drawing, place.row);
  writeCategory(mark, place);
  let sum = 0;
  series.forEach(({ at }, part) => {
    const cell = place.row.cells[at];
    if (!cell.value) return;
    addPart(mark, drawing.svg, cell, part, fills[part], x(sum), x(sum + cell.value), place.middle, series.length === 1);
    sum += cell.value;
  });
  write(mark, [totalOf(place.row, series)], { x: x(Math.max(sum, 0)) + 6, y: place.middle, className: "chart-value" });
}

/** Draw the bars of a table; returns the height. */
export function drawBars(drawing) {
  const { svg, width, table: { rows, series } } = drawing;
  const fills = series.map((each, place) => (place ? addPattern(svg, place - 1, "chart-pattern chart-part-pattern") : null));
  const top = series.length > 1 ? addKey(svg, series, fills, width) : 0;
  const placed = placeCategories(svg, rows, width, top, THICK);
  const ends = Math.max(...rows.map((row) => widthOf(svg, totalOf(row, series), "chart-value"))) + 8;
  const sums = rows.map((row) => d3.sum(series, ({ at }) => row.cells[at].value));
  const x = d3.scaleLinear([Math.min(0, ...sums), Math.max(...sums) || 1], [placed.left, width - ends]);
  for (const place of placed.places) addBar(drawing, place, series, fills, x);
  if (x(0) > 0) svg.append("path").attr("class", "chart-zero").attr("d", `M${x(0)},${top - 2}V${placed.bottom - 6}`);
  return placed.bottom;
}
