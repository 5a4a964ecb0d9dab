// How sure one can be of a series: a hatched band with thin edges.

import { addPattern } from "./chart_looks.js";

/** Draw the interval of a series, where it has one, with the curve of its line. */
export function addBand(svg, rows, series, place, x, y, curve = d3.curveLinear) {
  if (series.interval === null) return;
  const cellOf = (row) => row.cells[series.interval];
  const drawn = svg.append("g").attr("class", `chart-band chart-series-${place + 1}`);
  const area = d3.area().x((row) => x(row.x)).y0((row) => y(cellOf(row).low)).y1((row) => y(cellOf(row).high));
  area.defined((row) => cellOf(row).low !== null).curve(curve);
  drawn.append("path").attr("class", "chart-band-inside").attr("d", area(rows))
    .attr("fill", addPattern(drawn, place, "chart-pattern"));
  drawn.append("path").attr("class", "chart-band-edge").attr("d", area.lineY0()(rows));
  drawn.append("path").attr("class", "chart-band-edge").attr("d", area.lineY1()(rows));
}
