import { signal } from "@preact/signals";
import { render } from "preact";
import { act } from "preact/test-utils";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Share } from "../protocol/frames";
import { Stage } from "./stage";
import { createStore } from "./store";
import { fakeRoom } from "./support";

const dark = signal(false);
let place: HTMLElement;
let closing: AbortController;

beforeEach(() => {
  closing = new AbortController();
  place = document.createElement("div");
  document.body.replaceChildren(place);
});

afterEach(() => {
  act(() => render(null, place));
  closing.abort();
});

function open(shares: Share[] = []): void {
  const room = fakeRoom();
  room.shares = shares;
  const store = createStore(room.client, closing.signal);
  act(() => render(<Stage store={store} dark={dark} emptyText="nothing yet" />, place));
}

test("the frame has the scheme of its document, so that it stays without a ground of its own", async () => {
  open();
  const frame = place.querySelector("iframe");
  await vi.waitFor(() => expect(frame?.style.colorScheme).toBe("light"));
  dark.value = true;
  await vi.waitFor(() => expect(frame?.style.colorScheme).toBe("dark"));
});

test("a room with nothing but links between widgets is an empty one", () => {
  const rights = { title: "", order: 0, by: "k", modules: [], models: [] };
  open([{ name: "links", hidden: true, ...rights }]);
  expect(place.textContent).toContain("nothing yet");
  expect(place.querySelector(".stage")?.getAttribute("aria-busy")).toBe("false");
});
