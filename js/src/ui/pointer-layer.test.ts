import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { PointerLayer } from "./pointer-layer";
import type { Pointer } from "./pointers";
import { TEXTS } from "./texts";

const ANN: Pointer = { peer: "ann", name: "Ann", color: "#c2255c", share: "dial", x: 10, y: 20 };
const PLACES = { dial: { left: 16, top: 100, width: 200, height: 50 } };

let closing: AbortController;
let root: HTMLElement;
let calm: boolean;
let layer: PointerLayer;

beforeEach(() => {
  vi.useFakeTimers();
  closing = new AbortController();
  root = document.createElement("div");
  calm = false;
  layer = new PointerLayer(root, () => calm, closing.signal);
  vi.spyOn(root, "clientWidth", "get").mockReturnValue(300);
  vi.spyOn(root, "clientHeight", "get").mockReturnValue(200);
});

afterEach(() => {
  closing.abort();
  vi.useRealTimers();
});

function shown(): HTMLElement {
  const element = root.querySelector<HTMLElement>(".pointer");
  if (element === null) throw new Error("there is no pointer");
  return element;
}

test("a pointer has the name and the colour of its person", () => {
  layer.show([ANN], 0);
  expect([shown().textContent, shown().style.getPropertyValue("--person")]).toEqual([
    "Ann",
    "#c2255c",
  ]);
});

test("a name is text, whatever it says", () => {
  layer.show([{ ...ANN, name: "<img src=x>" }], 0);
  expect(root.querySelector("img")).toBeNull();
});

test("[P6] it moves on its way, or is there at once for who wants less motion", () => {
  layer.show([ANN], 0);
  layer.show([{ ...ANN, x: 110 }], 100);
  expect(shown().style.transform).toBe("translate(10.0px, 20.0px)");
  calm = true;
  layer.show([{ ...ANN, x: 210 }], 150);
  expect(shown().style.transform).toBe("translate(210.0px, 20.0px)");
});

test("another share is not crossed on the way", () => {
  layer.show([ANN], 0);
  layer.show([{ ...ANN, share: "other", y: 180 }], 50);
  expect(shown().style.transform).toBe("translate(10.0px, 180.0px)");
});

test("[P6] the name fades two seconds after the last move", () => {
  layer.show([ANN], 0);
  vi.advanceTimersByTime(1500);
  layer.show([{ ...ANN, x: 11 }], 1500);
  layer.show([{ ...ANN, x: 11 }], 1600);
  vi.advanceTimersByTime(1999);
  expect(shown().dataset.resting).toBeUndefined();
  vi.advanceTimersByTime(1);
  expect(shown().dataset.resting).toBe("true");
});

test("at the edges the name is on the other side", () => {
  layer.show([{ ...ANN, x: 290, y: 190 }], 0);
  expect([shown().dataset.side, shown().dataset.edge]).toEqual(["start", "above"]);
});

test("[P6] who is not told any more leaves nothing", () => {
  layer.show([ANN, { ...ANN, peer: "bob" }], 0);
  layer.show([ANN], 10);
  expect(root.childElementCount).toBe(1);
  closing.abort();
  expect(root.childElementCount).toBe(0);
});

test("who changed a share is named at it for two seconds, the last one only", () => {
  layer.mark([{ share: "dial", peer: "ann", name: "Ann", color: "#c2255c" }], PLACES);
  layer.mark([{ share: "dial", peer: "bob", name: "Bob", color: "#c2255c" }], PLACES);
  layer.mark([{ share: "gone", peer: "bob", name: "Bob", color: "#c2255c" }], PLACES);
  expect(root.textContent).toBe(TEXTS.changedBy("Bob"));
  vi.advanceTimersByTime(2000);
  expect(root.childElementCount).toBe(0);
});
