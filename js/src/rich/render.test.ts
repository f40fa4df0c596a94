import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { renderBundle } from "./render";

let el: HTMLElement;

beforeEach(() => {
  el = document.createElement("div");
  document.body.replaceChildren(el);
});

afterEach(() => {
  vi.unstubAllGlobals();
});

function shownAs(): string | undefined {
  return el.querySelector<HTMLElement>(".cw-rich")?.dataset.mime;
}

test("the richest representation is shown", () => {
  renderBundle(el, { "text/plain": "x", "image/png": "AAAA", "text/html": "<b>x</b>" });
  expect(shownAs()).toBe("text/html");
  expect(el.querySelector("b")?.textContent).toBe("x");
});

test("a new bundle takes the place of the one before", () => {
  renderBundle(el, { "text/html": "<b>1</b>" });
  renderBundle(el, { "text/html": "<b>2</b>" });
  expect(el.textContent).toBe("2");
  expect(el.childElementCount).toBe(1);
});

test("a widget's view is not a representation that can be shown", () => {
  renderBundle(el, {
    "application/vnd.jupyter.widget-view+json": { model_id: "a" },
    "text/plain": "Slider()",
  });
  expect(el.textContent).toBe("Slider()");
});

test("scripts are made anew, in their order, so that they run", () => {
  el.remove(); // here they would
  renderBundle(el, { "text/html": "<script>one()</script><script>two()</script>" });
  const scripts = [...el.querySelectorAll("script")];
  expect(scripts.map(({ src }) => src.slice(0, 5))).toEqual(["blob:", "blob:"]);
  expect(scripts.map(({ async }) => async)).toEqual([false, false]);
});

test("data in a script stays where it is", () => {
  renderBundle(el, { "text/html": '<script type="application/json">{"a":1}</script>' });
  expect(el.querySelector("script")?.textContent).toBe('{"a":1}');
});

test("what would come from the network is named where there is none", () => {
  el.remove();
  vi.stubGlobal("origin", "null");
  renderBundle(el, { "text/html": '<script src="https://cdn.example/x.js"></script>' });
  expect(el.querySelector(".cw-rich-note")?.textContent).toContain("cdn.example");
});

test("in a notebook's own page nothing is said about the network", () => {
  vi.stubGlobal("origin", "https://lab.example");
  renderBundle(el, { "text/html": '<img src="https://cdn.example/x.png">' });
  expect(el.querySelector(".cw-rich-note")).toBeNull();
});

test("a picture comes as base64 or as bytes, with the size and the words it was given", () => {
  renderBundle(el, { "image/png": "AA\nAA" }, { "image/png": { width: 40, alt: "a cat" } });
  const image = el.querySelector("img");
  expect(image?.src).toBe("data:image/png;base64,AAAA");
  expect([image?.width, image?.alt]).toEqual([40, "a cat"]);

  renderBundle(el, { "image/png": new DataView(new ArrayBuffer(4)) });
  expect(el.querySelector("img")?.src).toMatch(/^blob:/);
});

test("markdown becomes markup", () => {
  renderBundle(el, { "text/markdown": "# Title\n\n*soft*" });
  expect(el.querySelector("h1")?.textContent).toBe("Title");
  expect(el.querySelector("em")?.textContent).toBe("soft");
});

test("latex is its text", () => {
  renderBundle(el, { "text/latex": "$x^2$", "text/plain": "x**2" });
  expect(el.querySelector(".cw-rich-latex")?.textContent).toBe("$x^2$");
});

test("text has the colours of a terminal", () => {
  renderBundle(el, { "text/plain": "\u001b[31mred\u001b[0m <b>" });
  expect(el.querySelector("span")?.style.color).toBe("var(--cw-ansi-red)");
  expect(el.textContent).toBe("red <b>");
});

test("a list of lines is one text", () => {
  renderBundle(el, { "text/plain": ["a\n", "b"] });
  expect(el.textContent).toBe("a\nb");
});

test("JSON is a tree whose parts are drawn when they are opened", () => {
  renderBundle(el, { "application/json": { a: [1, 2], b: null } });
  expect(el.querySelectorAll("details")).toHaveLength(2);
  expect(el.textContent).toBe("{2}a: [2]b: null");

  const [, inner] = el.querySelectorAll("details");
  if (inner === undefined) throw new Error("there is a tree inside");
  inner.open = true;
  inner.dispatchEvent(new Event("toggle"));
  expect(inner.textContent).toBe("a: [2]0: 11: 2");
});

test("a tree that is asked to be open is open", () => {
  renderBundle(
    el,
    { "application/json": { a: { b: "x" } } },
    { "application/json": { expanded: true } },
  );
  expect(el.textContent).toContain('b: "x"');
});

test("an unknown type with data is a tree", () => {
  renderBundle(el, { "application/vnd.other+json": { a: 1 } });
  expect(el.textContent).toBe("{1}a: 1");
});

test("nothing to show is an empty place", () => {
  renderBundle(el, {});
  expect(el.textContent).toBe("");
});
