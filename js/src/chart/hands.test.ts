import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Hands, type Wishes } from "./hands";

let surface: HTMLElement;
let told: unknown[][];
let ended: AbortController;

beforeEach(() => {
  vi.useFakeTimers();
  surface = document.createElement("div");
  surface.tabIndex = 0;
  document.body.replaceChildren(surface);
  told = [];
  ended = new AbortController();
  const names = "zoom pan point tap leave select live pause step end menu hint copy".split(" ");
  const wishes = Object.fromEntries(
    names.map((name) => [name, (...given: unknown[]) => told.push([name, ...given])]),
  );
  const box = { left: 0, top: 0, width: 400, height: 200 };
  new Hands(surface, { ...wishes, box: () => box } as unknown as Wishes, ended.signal);
});

afterEach(() => {
  ended.abort();
  vi.useRealTimers();
});

function pointer(type: string, x: number, y: number, more: PointerEventInit = {}): void {
  const where = { clientX: x, clientY: y, pointerId: 1, pointerType: "mouse", bubbles: true };
  surface.dispatchEvent(new PointerEvent(`pointer${type}`, { ...where, ...more }));
}

function key(name: string, more: KeyboardEventInit = {}): boolean {
  return surface.dispatchEvent(
    new KeyboardEvent("keydown", { key: name, cancelable: true, ...more }),
  );
}

/** A wheel's event is none of a mouse in happy-dom. */
function wheel(deltaY: number, ctrlKey = false): boolean {
  const event = new WheelEvent("wheel", { deltaY, cancelable: true });
  for (const [name, value] of Object.entries({ ctrlKey, clientX: 100, clientY: 0 })) {
    Object.defineProperty(event, name, { value });
  }
  return surface.dispatchEvent(event);
}

test("a mouse that moves points", () => {
  pointer("move", 50, 60);
  expect(told).toEqual([["point", 50, 60]]);
});

test("a flat drag is a box of time alone, from top to bottom", () => {
  pointer("down", 50, 60);
  pointer("move", 150, 70);
  pointer("up", 150, 70);
  const box = { left: 50, top: 0, width: 100, height: 200 };
  expect(told).toEqual([
    ["select", box, false],
    ["select", box, true],
  ]);
});

test("a tall drag is a box of values, too, and ends at the border", () => {
  pointer("down", 150, 60);
  pointer("up", 50, 900);
  expect(told.at(-1)).toEqual(["select", { left: 50, top: 60, width: 100, height: 140 }, true]);
});

test("a click is no box", () => {
  pointer("down", 50, 60);
  pointer("up", 51, 61);
  expect(told).toEqual([
    ["select", null, true],
    ["tap", 51, 61],
  ]);
});

test("a finger that goes up or down scrolls the page", () => {
  const finger = { pointerType: "touch" };
  pointer("down", 50, 60, finger);
  pointer("move", 52, 90, finger);
  const move = new Event("touchmove", { cancelable: true });
  surface.dispatchEvent(move);
  expect([told, move.defaultPrevented]).toEqual([[], false]);
});

test("a drag with shift moves the picture", () => {
  pointer("down", 50, 60, { shiftKey: true });
  pointer("move", 80, 60);
  expect(told).toEqual([["pan", -30]]);
});

test("a finger moves the picture, and one that stays points", () => {
  const finger = { pointerType: "touch" };
  pointer("down", 50, 60, finger);
  pointer("move", 80, 60, finger);
  pointer("up", 80, 60, finger);
  pointer("down", 50, 60, finger);
  vi.advanceTimersByTime(400);
  pointer("move", 70, 60, finger);
  pointer("up", 70, 60, finger);
  pointer("leave", 70, 60, finger);
  expect(told).toEqual([["leave"], ["pan", -30], ["point", 50, 60], ["point", 70, 60]]);
});

test("two fingers zoom around what is between them", () => {
  const one = { pointerType: "touch", pointerId: 1 };
  const two = { pointerType: "touch", pointerId: 2 };
  pointer("down", 100, 60, one);
  pointer("down", 200, 60, two);
  pointer("move", 300, 60, two);
  expect(told.at(-1)).toEqual(["zoom", 200, 0.5]);
});

test("the wheel is the page's until the chart has the focus", () => {
  const before = !wheel(100);
  surface.focus();
  const taken = [before, !wheel(100)];
  expect([taken, told.map(([name]) => name)]).toEqual([
    [false, true],
    ["hint", "zoom"],
  ]);
});

test("the wheel with ctrl zooms at the pointer, forwards is nearer", () => {
  wheel(-100, true);
  const [, x, factor] = told[0] ?? [];
  expect([x, Number(factor) < 1]).toEqual([100, true]);
});

test.each([
  ["ArrowLeft", ["step", -1]],
  ["End", ["live"]],
  ["Home", ["end", true]],
  [" ", ["pause"]],
  ["Escape", ["leave"]],
  ["+", ["zoom", 200, 0.7]],
  ["Enter", ["menu", null]],
])("the key %s does what the help says", (name, wish) => {
  const isTaken = !key(name);
  expect([told, isTaken]).toEqual([[wish], true]);
});

test("keys with a modifier, and other keys, are left to the page", () => {
  expect([key("+", { ctrlKey: true }), key("a"), told]).toEqual([true, true, []]);
});

test("a double click goes live, a right click opens the menu there", () => {
  surface.dispatchEvent(new MouseEvent("dblclick"));
  surface.dispatchEvent(
    new MouseEvent("contextmenu", { button: 2, clientX: 30, clientY: 40, cancelable: true }),
  );
  expect(told).toEqual([["live"], ["menu", { x: 30, y: 40 }]]);
});

test("nothing is heard after the end", () => {
  ended.abort();
  pointer("move", 50, 60);
  expect(told).toEqual([]);
});

test("the keys for copying copy, and all other keys with Ctrl are the browser's", () => {
  const isFree = [
    key("c", { ctrlKey: true }),
    key("c", { metaKey: true }),
    key("a", { ctrlKey: true }),
  ];
  expect([isFree, told]).toEqual([
    [false, false, true],
    [["copy"], ["copy"]],
  ]);
});
