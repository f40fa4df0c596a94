import { render } from "preact";
import { act } from "preact/test-utils";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Places } from "../host/sight";
import { ShareTools } from "./share-tools";
import type { StageWish } from "./snapshots";
import { createStore, type Store } from "./store";
import { chartShare, type FakeRoom, fakeRoom } from "./support";
import { TEXTS } from "./texts";

const PLACES: Places = {
  map: { left: 16, top: 16, width: 300, height: 200 },
  link: { left: 16, top: 300, width: 300, height: 200 },
  stray: { left: 16, top: 600, width: 300, height: 200 },
};

let room: FakeRoom;
let store: Store;
let closing: AbortController;
let place: HTMLElement;
let wishes: StageWish[];

beforeEach(() => {
  room = fakeRoom();
  room.shares = [chartShare("map", "The map"), { ...chartShare("link"), hidden: true }];
  closing = new AbortController();
  store = createStore(room.client, closing.signal);
  wishes = [];
  store.snapshots.onWish((wish) => wishes.push(wish), closing.signal);
  place = document.createElement("div");
  document.body.replaceChildren(place);
});

afterEach(() => {
  act(() => render(null, place));
  closing.abort();
  vi.restoreAllMocks();
});

function open(near = ""): void {
  act(() => render(<ShareTools store={store} places={PLACES} near={near} />, place));
}

function tools(): HTMLElement[] {
  return [...place.querySelectorAll<HTMLElement>(".share-tools")];
}

function press(name: string): void {
  const button = [...place.querySelectorAll("button")].find(
    (one) => (one.getAttribute("aria-label") ?? one.textContent?.trim()) === name,
  );
  if (button === undefined) throw new Error(`nothing is called ${name} in ${place.innerHTML}`);
  act(() => button.click());
}

test("each widget that is shown has its button, and nothing else", () => {
  open();
  expect(tools().map(({ dataset }) => dataset.share)).toEqual(["map"]);
});

test("it stands above its widget, also above the first, whose frame has room for it", () => {
  open();
  const { top } = PLACES.map ?? {};
  expect(tools()[0]?.style.top).toBe(`${(top ?? 0) - 24}px`);
});

test("it comes with the mouse, and goes when that is over another", () => {
  open("map");
  expect(tools()[0]?.dataset).toMatchObject({ near: "true", far: "false" });
  open("link");
  expect(tools()[0]?.dataset).toMatchObject({ near: "false", far: "true" });
});

test("the button sends the widget", () => {
  open();
  press(TEXTS.card.sendWidgetNamed("The map"));
  expect(wishes).toEqual([{ type: "snap", share: "map" }]);
});

test("under a finger it is a menu, which is always there", () => {
  vi.spyOn(window, "matchMedia").mockImplementation(
    (query) => Object.assign(new EventTarget(), { matches: true, media: query }) as MediaQueryList,
  );
  open("link");
  expect(tools()[0]?.dataset).toMatchObject({ near: "true", far: "false" });
  press(TEXTS.card.widgetMenu("The map"));
  press(TEXTS.card.sendWidget);
  expect(wishes).toEqual([{ type: "snap", share: "map" }]);
  expect(place.querySelector(".popover")).toBeNull();
});
