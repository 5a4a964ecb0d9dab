// Draws each chart of the page from its own table, and again where there is another width for it.

import { drawBars } from "./chart_bars.js";
import { drawControl } from "./chart_control.js";
import { drawFunnel } from "./chart_funnel.js";
import { drawLine } from "./chart_line.js";
import { drawRange } from "./chart_range.js";
import { drawSteps } from "./chart_steps.js";
import { readTable } from "./chart_table.js";
import { loadLibrary } from "./load_library.js";

const DRAW = {
  bars: drawBars,
  control: drawControl,
  funnel: drawFunnel,
  line: drawLine,
  range: drawRange,
  steps: drawSteps,
};
const PAPER_WIDTH = 680;

function element(tag, className, attributes = {}) {
  const made = document.createElement(tag);
  made.className = className;
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  return made;
}

/** Give the drawing the title and the caption of its figure. With links in it, it is no image. */
function nameDrawing(svg, figure, number, table) {
  const parts = { labelledby: ".chart-title", describedby: ".chart-caption" };
  for (const [relation, selector] of Object.entries(parts)) {
    const part = figure.querySelector(selector);
    if (!part) continue;
    part.id ||= `chart-${number}-${relation}`;
    svg.attr(`aria-${relation}`, part.id);
  }
  svg.attr("role", table.rows.some((row) => row.address) ? "group" : "img");
}

/** What the figure says beside its table: {centre, centreLabel, limits}. */
function optionsOf({ dataset }) {
  return {
    centre: dataset.centre ? Number(dataset.centre) : null,
    centreLabel: dataset.centreLabel ?? "",
    limits: JSON.parse(dataset.limits ?? "[]"),
  };
}

function begin(figure, number) {
  const numbers = figure.querySelector(".chart-numbers");
  const table = readTable(numbers.querySelector("table"));
  const plot = element("div", "chart-plot");
  const told = element("p", "chart-told", { "aria-hidden": "true" });
  numbers.before(plot);
  const svg = d3.select(plot).append("svg");
  plot.append(told);
  nameDrawing(svg, figure, number, table);
  const tell = (words) => { told.textContent = words; };
  const draw = (width) => {
    svg.selectAll("*").remove();
    svg.attr("width", width);
    const height = DRAW[figure.dataset.chart]({ svg, width, table, tell, ...optionsOf(figure) });
    svg.attr("height", height).attr("viewBox", `0 0 ${width} ${height}`);
  };
  const drawAgain = () => { if (plot.clientWidth) draw(plot.clientWidth); };
  let drawn = 0;
  new ResizeObserver(() => {
    if (plot.clientWidth === drawn) return;
    drawn = plot.clientWidth;
    drawAgain();
  }).observe(plot);
  addEventListener("beforeprint", () => draw(PAPER_WIDTH));
  addEventListener("afterprint", drawAgain);
  numbers.open = false;
}

async function start() {
  const figures = [...document.querySelectorAll("figure.chart")].filter((figure) => figure.querySelector("table"));
  if (!figures.length) return;
  await loadLibrary("d3/d3.min.js");
  await document.fonts.ready;
  figures.forEach(begin);
}

start();
