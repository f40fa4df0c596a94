import { beforeEach, expect, test } from "vitest";
import type { Words } from "../lib/words";
import { FakeModel } from "./fake-model";
import tableModule from "./table";

let el: HTMLElement;
let model: FakeModel;
let ended: AbortController;
let speak: (words: Words) => void;

beforeEach(() => {
  el = document.createElement("div");
  document.body.replaceChildren(el);
  ended = new AbortController();
  model = new FakeModel({
    table: {
      index: [{ name: "", dtype: "int64", kind: "integer", values: [0, 1, 2] }],
      columns: [
        { name: "city", dtype: "str", kind: "text", values: ["Ulm", "Bern", null] },
        { name: "sold", dtype: "int64", kind: "integer", values: [3, 1, 2] },
      ],
      rows: 3,
      width: 2,
    },
  });
  const onWords = (_kind: string, tell: typeof speak): void => {
    speak = tell;
  };
  tableModule.render({ model, el, signal: ended.signal, cowidget: { onWords } });
});

function cells(selector: string): string[] {
  return [...el.querySelectorAll(selector)].map((cell) => cell.textContent ?? "");
}

function header(at: number): HTMLElement {
  const found = el.querySelectorAll<HTMLElement>("thead th")[at];
  if (found === undefined) throw new Error(`there is a column ${at}`);
  return found;
}

function press(at: number): void {
  header(at).querySelector("button")?.click();
}

test("it is a table with headers for columns and rows", () => {
  expect(cells("thead th .cw-table-name")).toEqual(["index", "city", "sold"]);
  expect(cells("tbody th[scope=row]")).toEqual(["0", "1", "2"]);
  expect(cells("tbody td")).toEqual(["Ulm", "3", "Bern", "1", "–", "2"]);
});

test("numbers are aligned to the right, and what is missing is told", () => {
  expect(el.querySelectorAll("td.cw-number")).toHaveLength(3);
  expect(el.querySelector<HTMLElement>("td.cw-missing")?.ariaLabel).toBe("missing");
});

test("it says how large it is", () => {
  expect(el.querySelector(".cw-table-note")?.textContent).toContain("3 rows × 2 columns");
});

test("a header's button sorts up, down, and back to the order of the notebook", () => {
  const states = [];
  for (let press_ = 0; press_ < 3; press_ += 1) {
    press(2);
    states.push([header(2).ariaSort, cells("tbody td.cw-number").join("")]);
  }
  expect(states).toEqual([
    ["ascending", "123"],
    ["descending", "321"],
    ["none", "312"],
  ]);
});

test("the button that was pressed keeps the focus", () => {
  header(1).querySelector("button")?.focus();
  press(1);
  expect(document.activeElement).toBe(header(1).querySelector("button"));
});

test("new values keep the viewer's order", () => {
  press(2);
  const { table } = model.values as { table: { columns: { values: unknown[] }[] } };
  const [city, sold] = table.columns;
  model.receive("table", { ...table, columns: [city, { ...sold, values: [5, 9, 7] }] });
  expect(cells("tbody td.cw-number")).toEqual(["5", "7", "9"]);
});

test("a table of other columns begins in its own order", () => {
  press(2);
  model.receive("table", {
    index: [],
    columns: [{ name: "x", dtype: "int64", kind: "integer", values: [2, 1] }],
    rows: 2,
    width: 1,
  });
  expect(cells("tbody td")).toEqual(["2", "1"]);
});

test("a long table is drawn as far as one looks, and a button brings the rest", () => {
  const values = Array.from({ length: 250 }, (_, at) => at);
  model.receive("table", {
    index: [],
    columns: [{ name: "x", dtype: "int64", kind: "integer", values }],
    rows: 1000,
    width: 80,
  });
  const more = el.querySelector<HTMLButtonElement>(".cw-table-more");
  expect(el.querySelector(".cw-table-note")?.textContent).toContain(
    "250 of 1,000 rows × 1 of 80 columns",
  );
  expect(el.querySelectorAll("tbody tr")).toHaveLength(100);
  more?.click();
  more?.click();
  expect(el.querySelectorAll("tbody tr")).toHaveLength(250);
  expect(more?.hidden).toBe(true);
  expect(el.querySelector("table")?.getAttribute("aria-rowcount")).toBe("1001");
});

test("after the view has ended nothing is drawn", () => {
  ended.abort();
  model.receive("table", { index: [], columns: [], rows: 0, width: 0 });
  expect(el.querySelectorAll("tbody tr")).toHaveLength(3);
});

test("it says everything in the language of its page, and what that lacks in English", () => {
  const rows = { one: "{0} Zeile", other: "{0} Zeilen" };
  press(2);
  speak({ locale: "de", phrases: { rows, some: "{0} von {1}", index: "Index", missing: "fehlt" } });
  model.receive("table", { ...(model.values.table as object), rows: 5000 });

  expect(el.querySelector(".cw-table-note")?.textContent).toContain(
    "3 von 5.000 Zeilen × 2 columns",
  );
  expect(cells("thead th .cw-table-name")).toEqual(["Index", "city", "sold"]);
  expect(el.querySelector<HTMLElement>(".cw-missing")?.ariaLabel).toBe("fehlt");
  expect(header(2).ariaSort).toBe("ascending");
});
