import { expect, test } from "vitest";
import type { Cell, TableColumn } from "../protocol/frames";
import { tsvOf } from "./tsv";

function column(name: string): TableColumn {
  return { name, dtype: "", kind: "text" };
}

function cellOf(cell: Cell): string | undefined {
  return tsvOf({ columns: [column("a")], rows: [[cell]] }).split("\n")[1];
}

test("a table is lines with tabs, its values as they are", () => {
  const columns = [column("city"), column("n")];
  const rows = [
    ["Köln", 1_085_000.5],
    [null, true],
  ];
  expect(tsvOf({ columns, rows })).toBe("city\tn\nKöln\t1085000.5\n\ttrue");
});

test("what would part a cell is quoted", () => {
  expect(tsvOf({ columns: [column("a")], rows: [['one\ttwo "three"']] })).toBe(
    'a\n"one\ttwo ""three"""',
  );
});

test.each(["=1+1", "@SUM(A1)", "+A1", "-A1"])("a spreadsheet does not run %s", (formula) => {
  expect(cellOf(formula)).toBe(`'${formula}`);
});

test("a number in a text is no formula", () => {
  expect(cellOf("-5.5")).toBe("-5.5");
});
