import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { watchInput, watchPointer } from "./sandbox-sight";
import type { FromSight } from "./sight";

let closing: AbortController;
let told: FromSight[];
let box: HTMLElement;
let root: HTMLElement;

const tell = (message: FromSight): void => void told.push(message);
const frame = (): Promise<unknown> => new Promise((resolve) => requestAnimationFrame(resolve));

beforeEach(() => {
  closing = new AbortController();
  told = [];
  root = document.createElement("main");
  const section = document.createElement("section");
  section.className = "cw-share";
  section.dataset.share = "dial";
  box = document.createElement("div");
  box.className = "cw-widget";
  section.append(document.createElement("h2"), box);
  root.append(section);
  document.body.replaceChildren(root);
  vi.spyOn(box, "getBoundingClientRect").mockReturnValue(new DOMRect(20, 100, 200, 50));
  vi.spyOn(box, "clientWidth", "get").mockReturnValue(200);
});

afterEach(() => closing.abort());

function move(target: Element, clientX: number, clientY: number, type = "pointermove"): void {
  target.dispatchEvent(new PointerEvent(type, { bubbles: true, clientX, clientY }));
}

test("[P6] a pointer is told once a frame, as fractions of the share's box", async () => {
  watchPointer(tell, closing.signal);
  move(box, 40, 110);
  move(box, 120, 125);
  await frame();
  move(box, 120, 125);
  await frame();
  expect(told).toEqual([{ type: "pointer", point: { share: "dial", x: 0.5, y: 0.5 } }]);
});

test("[P6] the element that is pointed at is told, with fractions of it", async () => {
  const knob = document.createElement("b");
  box.append(document.createElement("i"), knob);
  vi.spyOn(knob, "getBoundingClientRect").mockReturnValue(new DOMRect(100, 110, 40, 20));
  watchPointer(tell, closing.signal);
  move(knob, 110, 115);
  await frame();
  const within = { path: "1:b", x: 0.25, y: 0.25 };
  expect(told).toEqual([{ type: "pointer", point: { share: "dial", x: 0.45, y: 0.3, within } }]);
});

test("[P6] what can be scrolled sideways belongs to the box", async () => {
  vi.spyOn(box, "scrollWidth", "get").mockReturnValue(1000);
  box.scrollLeft = 400;
  watchPointer(tell, closing.signal);
  move(box, 120, 100);
  await frame();
  expect(told).toEqual([{ type: "pointer", point: { share: "dial", x: 0.5, y: 0 } }]);
});

test("beside the shares, and outside of the frame, nothing is pointed at", async () => {
  watchPointer(tell, closing.signal);
  move(box, 120, 125);
  await frame();
  move(root, 5, 5);
  await frame();
  move(box, 120, 125);
  await frame();
  move(box, 0, 0, "pointerout");
  await frame();
  expect(told.map((message) => message.type === "pointer" && message.point?.share)).toEqual([
    "dial",
    undefined,
    "dial",
    undefined,
  ]);
});

test("input is told by its kind, and not at every event", () => {
  watchInput(tell, closing.signal);
  box.dispatchEvent(new WheelEvent("wheel", { bubbles: true }));
  box.dispatchEvent(new WheelEvent("wheel", { bubbles: true }));
  box.dispatchEvent(new KeyboardEvent("keydown", { bubbles: true, key: "Escape" }));
  box.dispatchEvent(new KeyboardEvent("keydown", { bubbles: true, key: "a" }));
  expect(told.map((message) => message.type === "input" && message.input)).toEqual([
    "wheel",
    "escape",
    "key",
  ]);
});
