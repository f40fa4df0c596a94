import { expect, test } from "vitest";
import { drawAnsi } from "./ansi";

const ESC = "\u001b";

function drawn(text: string): HTMLElement {
  const el = document.createElement("pre");
  drawAnsi(el, text);
  return el;
}

test("colours and weights of a terminal become styles, and end", () => {
  const el = drawn(`a${ESC}[1;31mb${ESC}[0mc`);
  expect(el.textContent).toBe("abc");
  const [span, ...others] = el.querySelectorAll("span");
  expect([span?.textContent, span?.style.fontWeight, others.length]).toEqual(["b", "bold", 0]);
  expect(span?.style.color).toBe("var(--cw-ansi-red)");
});

test.each([
  ["38;5;9", "var(--cw-ansi-intense-red)"],
  ["38;5;196", "rgb(255 0 0)"],
  ["38;5;244", "rgb(128 128 128)"],
  ["38;2;1;2;3", "rgb(1 2 3)"],
  ["92", "var(--cw-ansi-intense-green)"],
])("the colour %s", (codes, color) => {
  expect(drawn(`${ESC}[${codes}mx`).querySelector("span")?.style.color).toBe(color);
});

test("a bar that draws over itself is drawn once", () => {
  expect(drawn("10%\r50%\r100%\ndone\r\n").textContent).toBe("100%\ndone\n");
});

test("what moves a cursor, and markup, are no more than text", () => {
  const el = drawn(`${ESC}[2J<b>x</b>`);
  expect([el.textContent, el.childElementCount]).toEqual(["<b>x</b>", 0]);
});
