import { render } from "preact";
import { act } from "preact/test-utils";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Table } from "../protocol/frames";
import { TableCard } from "./table-card";
import { TEXTS } from "./texts";

let place: HTMLElement;

beforeEach(() => {
  place = document.createElement("div");
  document.body.replaceChildren(place);
});

afterEach(() => {
  act(() => render(null, place));
  vi.restoreAllMocks();
});

function table(count: number, over: Partial<Table> = {}): Table {
  return {
    kind: "table",
    columns: [
      { name: "n", dtype: "int64", kind: "integer" },
      { name: "city", dtype: "object", kind: "text" },
      { name: "share", dtype: "float64", kind: "number" },
    ],
    rows: Array.from({ length: count }, (_, n) => [n, n === 1 ? null : "Köln", n / 4]),
    ...{ height: count, width: 2, index: 1, text: "", reply: 0, ...over },
  };
}

function open(shown: Table): void {
  act(() => render(<TableCard table={shown} />, place));
}

function texts(selector: string): (string | null)[] {
  return [...place.querySelectorAll(selector)].map(({ textContent }) => textContent);
}

function press(name: string): void {
  const button = [...place.querySelectorAll("button")].find(
    ({ textContent }) => textContent === name,
  );
  if (button === undefined) throw new Error(`nothing is called ${name} in ${place.innerHTML}`);
  act(() => button.click());
}

test("a table says how large it is, and what its columns are", () => {
  open(table(2, { height: 3000, width: 12 }));
  const { card } = TEXTS;
  expect(texts(".table-size b")).toEqual([card.tableSize(3000, 12)]);
  expect(texts(".table-size small")).toEqual([
    `${card.tableFirstColumns(2)}, ${card.tableFirstRows(2)}`,
  ]);
  expect(texts("thead th bdi")).toEqual(["n", "city", "share"]);
  expect(texts("thead th small")).toEqual(["int64", "object", "float64"]);
});

test("a whole table does not say that it is a part", () => {
  open(table(2));
  expect(texts(".table-size small")).toEqual([]);
});

test("whoever hears it is told its size, its rows' names, and where nothing is", () => {
  open(table(2));
  const size = TEXTS.card.tableSizeSpoken(2, 2);
  expect(texts("caption")).toEqual([size]);
  expect(place.querySelector("section")?.getAttribute("aria-label")).toBe(size);
  expect(texts("tbody th[scope=row]")).toEqual(["0", "1"]);
  expect(texts("td[data-missing=true] .only-read")).toEqual([TEXTS.card.missingSpoken]);
  expect(texts("td[data-missing=true] [aria-hidden]")).toEqual([TEXTS.card.missing]);
});

test("eight rows are shown until all are asked for, and again", () => {
  open(table(20));
  expect(texts("tbody tr")).toHaveLength(8);
  press(TEXTS.card.tableAllRows(20));
  expect(texts("tbody tr")).toHaveLength(20);
  press(TEXTS.card.tableFewerRows);
  expect(texts("tbody tr")).toHaveLength(8);
});

test("eight rows need nothing to show the others", () => {
  open(table(8));
  expect(place.querySelector(".table-more")).toBeNull();
});

test("what is cut or rounded is whole in the title", () => {
  const rows = [[1_234_567, "a", 1 / 3]];
  open(table(1, { rows }));
  expect(texts("td").at(-1)).toBe("0.3333");
  expect([...place.querySelectorAll<HTMLElement>("td")].at(-1)?.title).toBe(String(1 / 3));
});

test("names that are markup are texts", () => {
  const columns = [{ name: "<img src=x>", dtype: "<b>", kind: "text" } as const];
  open(table(1, { columns, rows: [["<script>"]], width: 1, index: 0 }));
  expect(place.querySelector("img, b > b, script")).toBeNull();
  expect(texts("td")).toEqual(["<script>"]);
});

test("all rows that came are copied, not only those that are shown", async () => {
  const copied: string[] = [];
  vi.stubGlobal("navigator", {
    ...navigator,
    clipboard: { writeText: async (text: string) => void copied.push(text) },
  });
  open(table(20));
  press(TEXTS.card.tableCopy);
  await vi.waitFor(() => expect(texts(".table-head .button")).toEqual([TEXTS.copied]));
  expect(copied[0]?.split("\n")).toHaveLength(21);
  vi.unstubAllGlobals();
});
