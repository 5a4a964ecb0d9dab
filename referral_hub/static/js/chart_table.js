// What a chart draws is read from the table beside it, so that the two never differ.

function measureOf(text, kind) {
  if (!text) return null;
  return kind === "day" || kind === "month" ? Date.parse(text) : Number(text);
}

function cellOf(cell, column) {
  const { value, low, high } = cell.dataset;
  return {
    text: cell.textContent.trim(),
    value: measureOf(value, column.kind),
    low: measureOf(low),
    high: measureOf(high),
  };
}

function rowOf(line, columns) {
  const cells = columns.map((column, at) => cellOf(line.cells[at], column));
  const told = columns.slice(1).map((column, at) => `${column.label} ${cells[at + 1].text}`);
  const { mark = "", signal = "", level = "" } = line.dataset;
  const address = line.cells[0].querySelector("a")?.href ?? "";
  const said = [told.join(", "), mark, signal].filter(Boolean).join(". ");
  return { cells, name: cells[0].text, x: cells[0].value, address, mark, signal, level, told: `${cells[0].text}: ${said}` };
}

/** Each column that has values, with the place of its cells and of those of its interval. */
function seriesOf(columns) {
  return columns.flatMap((column, at) => {
    if (at === 0 || !["number", "count", "percent"].includes(column.kind)) return [];
    const interval = columns[at + 1]?.kind === "interval" ? at + 1 : null;
    return [{ ...column, at, interval }];
  });
}

/** A column of whole numbers counts: its axis has no tenths. */
function noteCounts(columns, rows) {
  columns.forEach((column, at) => {
    if (column.kind !== "number") return;
    if (rows.every(({ cells }) => Number.isInteger(cells[at].value ?? 0))) column.kind = "count";
  });
}

/** The table of a chart: {x, columns, rows, series}. */
export function readTable(table) {
  const heads = [...table.tHead.rows[0].cells].filter((head) => head.dataset.kind !== "said");
  const columns = heads.map((head) => ({
    label: head.textContent.trim(),
    kind: head.dataset.kind,
    unit: head.dataset.unit ?? "",
  }));
  const rows = [...table.tBodies[0].rows].map((line) => rowOf(line, columns));
  noteCounts(columns, rows);
  return { x: columns[0], columns, rows, series: seriesOf(columns) };
}
