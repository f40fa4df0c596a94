import { signal } from "@preact/signals";
import { render } from "preact";
import { act } from "preact/test-utils";
import { afterEach, beforeEach, expect, test } from "vitest";
import { App } from "./app";
import { keptHere } from "./kept";
import { createStore } from "./store";
import { DOOR, fakeRoom, line, person } from "./support";

let closing: AbortController;
let place: HTMLElement;

beforeEach(() => {
  const room = fakeRoom();
  room.people = [person("me", "Me"), person("a", "Ann")];
  room.conversation = { ...room.conversation, lines: [line(1, "a", "one"), line(2, "a", "two")] };
  closing = new AbortController();
  const store = createStore(room.client, closing.signal, keptHere());
  place = document.createElement("div");
  document.body.replaceChildren(place);
  const view = { store, room: "lab", askName: false, dark: signal(false), door: DOOR };
  act(() => render(<App kind="page" {...view} />, place));
});

afterEach(() => {
  act(() => render(null, place));
  closing.abort();
});

test("the message that the pointer or the focus came to last has its tools", () => {
  point("pointerover", 1);
  expect(withTools()).toEqual([1]);
  act(() => message(2).focus());
  expect(withTools()).toEqual([2]);

  point("pointermove", 1);
  expect(withTools()).toEqual([1]);
});

test("what is scrolled below a pointer that rests does not take the tools from the keyboard", () => {
  act(() => message(2).focus());

  point("pointerover", 1);

  expect(withTools()).toEqual([2]);
});

function message(id: number): HTMLElement {
  const found = place.querySelector<HTMLElement>(`[data-id="${id}"]`);
  if (found === null) throw new Error(`no message ${id}`);
  return found;
}

function point(type: string, id: number): void {
  act(() => {
    message(id).dispatchEvent(new PointerEvent(type, { bubbles: true }));
  });
}

function withTools(): number[] {
  return [1, 2].filter((id) => message(id).querySelector("[role=toolbar]") !== null);
}
