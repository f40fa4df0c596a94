import { beforeEach, expect, test } from "vitest";
import { drawingsOf } from "./portrait";

let box: HTMLElement;

beforeEach(() => {
  box = document.createElement("div");
  document.body.replaceChildren(box);
});

/** An element with a place on the screen, which this document does not give it. */
function put(
  name: string,
  [left, top, width, height]: [number, number, number, number],
  into: Element | ShadowRoot = box,
): Element {
  const element = document.createElement(name);
  element.getBoundingClientRect = () => new DOMRect(left, top, width, height);
  into.append(element);
  return element;
}

test("a canvas that is most of a widget is its picture", () => {
  const canvas = put("canvas", [0, 0, 300, 200]);
  put("button", [0, 200, 60, 20]);
  expect(drawingsOf(box)).toEqual([canvas]);
});

test("a drawing that is a small part of a widget is none of it", () => {
  put("canvas", [0, 0, 100, 50]);
  put("p", [0, 50, 300, 200]);
  expect(drawingsOf(box)).toEqual([]);
});

test("canvases upon a drawing belong to it, those beside it do not", () => {
  const ground = put("canvas", [0, 0, 300, 200]);
  const upon = put("canvas", [0, 0, 300, 200]);
  put("canvas", [0, 200, 300, 60]);
  expect(drawingsOf(box)).toEqual([ground, upon]);
});

test("an SVG and an image are drawings, with all that is in them", () => {
  const svg = put("svg", [0, 0, 300, 200]);
  put("path", [0, 0, 10, 10], svg);
  expect(drawingsOf(box)).toEqual([svg]);
  svg.remove();
  const image = put("img", [0, 0, 300, 200]);
  expect(drawingsOf(box)).toEqual([image]);
});

test("a drawing in a shadow tree is found", () => {
  const root = put("div", [0, 0, 300, 200]).attachShadow({ mode: "open" });
  const canvas = put("canvas", [0, 0, 300, 200], root);
  expect(drawingsOf(box)).toEqual([canvas]);
});

test("what is not to be seen is no drawing", () => {
  put("canvas", [0, 0, 0, 0]);
  expect(drawingsOf(box)).toEqual([]);
});

test("a page of elements is not looked through", () => {
  put("canvas", [0, 0, 300, 200]);
  for (let n = 0; n < 4100; n += 1) put("i", [0, 0, 1, 1]);
  expect(drawingsOf(box)).toEqual([]);
});
