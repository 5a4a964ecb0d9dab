// What tells series apart without colour: dashes, shapes and patterns. Colours are in charts.css.

const DASHES = [null, "7 4", "2 4", "12 4 2 4", "1 5", "16 6", "12 3 3 3 3 3"];
const SHAPES = ["symbolCircle", "symbolSquare", "symbolTriangle", "symbolDiamond", "symbolCross", "symbolStar", "symbolWye"];
const STROKES = [
  ["M0,8 L8,0 M-2,2 L2,-2 M6,10 L10,6"],
  ["M4,3 v2"],
  ["M0,0 L8,8 M-2,6 L2,10 M6,-2 L10,2"],
  ["M0,4 h8"],
  ["M4,0 v8 M0,4 h8"],
];

let patterns = 0;

/** The dashes of a series, as an attribute. */
export function dashOf(series) {
  return DASHES[series % DASHES.length];
}

/** The path of a series' marker. */
export function shapeOf(series, area = 48) {
  return d3.symbol(d3[SHAPES[series % SHAPES.length]], area)();
}

/** The path of a point that stands out. */
export function outstanding(area = 110) {
  return d3.symbol(d3.symbolDiamond, area)();
}

/** The fill of a part or a band, made in this drawing: hatched, dotted … */
export function addPattern(svg, series, className) {
  const id = `chart-pattern-${++patterns}`;
  const pattern = svg.append("defs").append("pattern").attr("id", id).attr("class", className);
  pattern.attr("width", 8).attr("height", 8).attr("patternUnits", "userSpaceOnUse");
  pattern.append("path").attr("d", STROKES[series % STROKES.length][0]);
  return `url(#${id})`;
}
