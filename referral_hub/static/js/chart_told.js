// The numbers of the row under the pointer, told below the drawing. The table has them for everybody.

/** Follow the pointer along x: the nearest row is told and marked by a thin line. */
export function followPointer({ svg, tell }, rows, x, top, bottom) {
  const line = svg.append("path").attr("class", "chart-pointer");
  const known = rows.filter((row) => row.x !== null);
  svg.on("pointermove.told pointerdown.told", (event) => {
    const [at] = d3.pointer(event, svg.node());
    const row = known[d3.leastIndex(known, (each) => Math.abs(x(each.x) - at))];
    line.attr("d", `M${x(row.x)},${top}V${bottom}`);
    tell(row.told);
  });
  svg.on("pointerleave.told", () => {
    line.attr("d", null);
    tell("");
  });
}

/** A group for the mark of a row: a link where the row leads somewhere; told under pointer and focus. */
export function addMark({ svg, tell }, row, parent = svg) {
  const mark = parent.append(row.address ? "a" : "g").attr("class", "chart-mark");
  if (row.address) mark.attr("href", row.address).attr("aria-label", row.told);
  mark.on("pointerenter focus", () => tell(row.told)).on("pointerleave blur", () => tell(""));
  return mark;
}
