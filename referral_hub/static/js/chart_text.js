// Words in a drawing: how wide they are, where their lines break, and how labels keep off each other.

export const LINE = 15;
const GAP = 3;

/** The width of words as this drawing writes them. */
export function widthOf(svg, words, className = "") {
  const text = svg.append("text").attr("class", className).text(words);
  const width = text.node().getComputedTextLength();
  text.remove();
  return width;
}

/** The words as lines that are no wider than this, as far as single words allow. */
export function linesOf(svg, words, width, className = "") {
  const lines = [];
  for (const word of words.split(/\s+/)) {
    const longer = lines.length ? `${lines.at(-1)} ${word}` : word;
    if (lines.length && widthOf(svg, longer, className) <= width) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}

/** Write lines one below the other; `y` is the middle of the first. */
export function write(parent, lines, { x, y, anchor = "start", className = "" }) {
  const text = parent.append("text").attr("class", className).attr("text-anchor", anchor);
  lines.forEach((line, at) => {
    const end = at < lines.length - 1 ? " " : "";
    text.append("tspan").attr("x", x).attr("y", y + at * LINE).attr("dy", "0.35em").text(line + end);
  });
  return text;
}

/** Move labels {y, lines} down or up until none lies on another, between top and bottom. */
export function spread(labels, top, bottom) {
  const placed = labels.toSorted((one, other) => one.y - other.y);
  const heightOf = (label) => label.lines.length * LINE + GAP;
  let edge = top;
  for (const label of placed) {
    label.top = Math.max(label.y - LINE / 2, edge);
    edge = label.top + heightOf(label);
  }
  edge = bottom;
  for (const label of placed.toReversed()) {
    label.top = Math.min(label.top, edge - heightOf(label));
    edge = label.top;
  }
  return placed;
}
