// The axes of a drawing: few ticks, thin lines, the year said once.

import { LINE, widthOf, write } from "./chart_text.js";

const MONTH_STEPS = [1, 2, 3, 6, 12, 24, 60, 120];
const MONTH_WIDTH = 36;
const DAY_WIDTH = 52;
const TICK_WIDTH = 90;
const LONG = 200 * 24 * 60 * 60 * 1000;

const isTime = (kind) => kind === "day" || kind === "month";

/** The scale of the first column over this range. */
export function scaleOfX({ x, rows }, range) {
  const scale = isTime(x.kind) ? d3.scaleUtc() : d3.scaleLinear();
  const [first, last] = d3.extent(rows, (row) => row.x);
  return scale.domain([first, last === first && !isTime(x.kind) ? first + 1 : last]).range(range);
}

/** A scale of values that holds 0 and all of these. */
export function scaleOfValues(values, range, kind) {
  const most = d3.max(values) || 1;
  const scale = d3.scaleLinear([Math.min(0, d3.min(values) ?? 0), most], range).nice(5);
  if (kind === "percent" && scale.domain()[1] > 1) scale.domain([scale.domain()[0], 1]);
  return scale;
}

/** A scale that holds these values with some room, without regard to 0; shares stay between 0 and 1. */
export function scaleOfSpread(values, range, kind, share = 0.06) {
  const [least = 0, most = 1] = d3.extent(values);
  const room = (most - least) * share || Math.abs(most) * 0.1 || 1;
  const scale = d3.scaleLinear([least - room, most + room], range).nice(5);
  const [low, high] = scale.domain();
  return scale.domain([least >= 0 ? Math.max(0, low) : low, kind === "percent" ? Math.min(1, high) : high]);
}

/** How ticks read: {values, format}. */
export function ticksOf(scale, kind, count) {
  const values = scale.ticks(count);
  if (kind === "count") return { values: values.filter(Number.isInteger), format: d3.format(",d") };
  return { values, format: scale.tickFormat(count, kind === "percent" ? "%" : undefined) };
}

/** The room that the labels of an upright axis take. */
export function widthOfAxis(svg, scale, kind, count = 5) {
  const { values, format } = ticksOf(scale, kind, count);
  return Math.ceil(d3.max(values, (tick) => widthOf(svg, format(tick)))) + 8;
}

/** An upright axis at `left` whose ticks go through the drawing to `right`. */
export function addUpright(svg, scale, kind, left, right, count = 5) {
  const { values, format } = ticksOf(scale, kind, count);
  const axis = d3.axisLeft(scale).tickValues(values).tickFormat(format);
  const drawn = svg.append("g").attr("class", "chart-axis").attr("transform", `translate(${left},0)`);
  drawn.call(axis.tickSize(left - right).tickPadding(6));
  drawn.select(".domain").remove();
}

function monthsOf(scale) {
  const [first, last] = scale.domain();
  const room = Math.max(2, Math.floor((scale.range()[1] - scale.range()[0]) / MONTH_WIDTH));
  const months = d3.utcMonth.count(first, last) + 1;
  const step = MONTH_STEPS.find((each) => months / each <= room) ?? MONTH_STEPS.at(-1);
  return scale.ticks(step >= 12 ? d3.utcYear.every(step / 12) : d3.utcMonth.every(step));
}

/** The days of every so many rows, counted from the last; of months the first days. */
function timesOf(scale, { x, rows }) {
  const [first, last] = scale.domain();
  if (x.kind === "month" || last - first > LONG) return monthsOf(scale);
  const room = Math.max(1, Math.floor((scale.range()[1] - scale.range()[0]) / DAY_WIDTH));
  const step = Math.ceil((rows.length - 1) / room) || 1;
  return rows.filter((row, at) => (rows.length - 1 - at) % step === 0).map((row) => new Date(row.x));
}

function writeYears(drawn, times) {
  const year = d3.utcFormat("%Y");
  drawn.selectAll(".tick").filter((time, at) => at === 0 || year(time) !== year(times[at - 1]))
    .append("text").attr("y", 9 + LINE).attr("dy", "0.71em").text(year);
}

/** The level axis at `y`, with the name of what it measures where that is no time. */
export function addLevel(svg, scale, table, y) {
  const { kind, label } = table.x;
  const drawn = svg.append("g").attr("class", "chart-axis chart-axis-level").attr("transform", `translate(0,${y})`);
  const [left, right] = scale.range();
  if (isTime(kind)) {
    const times = timesOf(scale, table);
    const months = times.every((time) => time.getUTCDate() === 1);
    const format = d3.utcFormat(months ? "%b" : "%b %-d");
    drawn.call(d3.axisBottom(scale).tickValues(times).tickFormat(format).tickSize(5));
    writeYears(drawn, times);
  } else {
    const { values, format } = ticksOf(scale, kind, Math.max(2, (right - left) / TICK_WIDTH));
    drawn.call(d3.axisBottom(scale).tickValues(values).tickFormat(format).tickSize(5));
    write(drawn, [label], { x: right, y: 9 + LINE * 1.6, anchor: "end", className: "chart-axis-name" });
  }
  drawn.select(".domain").attr("d", `M${left},0H${right}`);
}

/** The room that the level axis takes. */
export const LEVEL_HEIGHT = 2 * LINE + 14;
