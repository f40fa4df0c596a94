/** What a table says, in English until the page tells otherwise; what stands in its cells is the notebook's. */
export const TABLE_WORDS = {
  more: "More rows",
  rows: { one: "{0} row", other: "{0} rows" },
  columns: { one: "{0} column", other: "{0} columns" },
  /** `{0}` of them are here; `{1}` is `rows` or `columns` of all of them. */
  some: "{0} of {1}",
  /** Rows, and columns. */
  size: "{0} × {1}",
  spoken: "Table, {0}",
  /** A column's name and type. */
  sort: "Sort by {0} ({1})",
  /** For what has no name. */
  index: "index",
  value: "value",
  missing: "missing",
} as const;
