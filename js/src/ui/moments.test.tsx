import { signal } from "@preact/signals";
import { render } from "preact";
import { act } from "preact/test-utils";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { App } from "./app";
import { useChatless } from "./chatless";
import { offerFile } from "./saving";
import { createStore, type Store } from "./store";
import { chartShare, DOOR, type FakeRoom, fakeRoom, MOMENT, momentLine } from "./support";
import { TEXTS } from "./texts";
import { ToastList } from "./toast-list";

let room: FakeRoom;
let store: Store;
let closing: AbortController;
let place: HTMLElement;

beforeEach(() => {
  localStorage.clear();
  room = fakeRoom();
  room.shares = [chartShare("price", "The price")];
  closing = new AbortController();
  store = createStore(room.client, closing.signal);
  place = document.createElement("div");
  document.body.replaceChildren(place);
});

afterEach(() => {
  act(() => render(null, place));
  closing.abort();
  vi.restoreAllMocks();
});

function open(kind: "page" | "panel" = "page"): void {
  const view = { store, dark: signal(false), door: DOOR };
  const app =
    kind === "page" ? (
      <App kind="page" room="lab" askName={false} {...view} />
    ) : (
      <App kind="panel" part="room" {...view} />
    );
  act(() => render(app, place));
}

function find<T extends HTMLElement = HTMLElement>(selector: string): T {
  const found = place.querySelector<T>(selector);
  if (found === null) throw new Error(`no ${selector} in ${place.innerHTML}`);
  return found;
}

function press(name: string): void {
  const button = [...place.querySelectorAll("button")].find(
    (one) => (one.getAttribute("aria-label") ?? one.textContent?.trim()) === name,
  );
  if (button === undefined) throw new Error(`nothing is called ${name} in ${place.innerHTML}`);
  act(() => button.click());
}

function say(...lines: ReturnType<typeof momentLine>[]): void {
  room.conversation = { lines, older: false, unread: 0 };
  act(() => room.tell({ type: "chat" }));
}

test("a moment in the chat has its chart's title, its range and its picture", async () => {
  open();
  say(momentLine(1, "bo"));
  expect(find(".moment-title").textContent).toBe("The price");
  expect(find(".moment-range").textContent).toMatch(/\d/);
  await vi.waitFor(() => expect(find(".moment img").getAttribute("src")).toMatch(/^blob:/));
  expect(find<HTMLImageElement>(".moment img").alt).toBe(TEXTS.momentAlt("The price", "bo"));
});

test("a chart without a title for the room is called as it calls itself", () => {
  room.shares = [chartShare("price")];
  open();
  say(momentLine(1, "bo"));
  expect(find(".moment-title").textContent).toBe("price");
  room.client.value = (key) => (key === "price/title" ? "Itself" : undefined);
  say(momentLine(2, "bo"));
  expect(find(".moment-title").textContent).toBe("Itself");
});

test("a picture that is none is not shown, and its address ends with it", async () => {
  const ended = vi.spyOn(URL, "revokeObjectURL");
  open();
  say(momentLine(1, "bo", { picture: new TextEncoder().encode("<svg>") }));
  expect(place.querySelector(".moment-picture")).toBeNull();
  say(momentLine(1, "bo"));
  await vi.waitFor(() => expect(place.querySelector(".moment img")).not.toBeNull());
  act(() => render(null, place));
  expect(ended).toHaveBeenCalledOnce();
});

test("a moment leads to its chart", () => {
  const wanted = vi.fn();
  store.moments.onWanted(wanted, closing.signal);
  open();
  say(momentLine(1, "bo"));
  act(() => find("button.moment").click());
  expect(wanted).toHaveBeenCalledExactlyOnceWith(MOMENT);
});

test("on a narrow page a moment leads from the chat to the widgets, and back to be written about", () => {
  vi.spyOn(window, "matchMedia").mockImplementation(
    (query) =>
      ({
        matches: query.includes("max-width"),
        addEventListener: () => undefined,
        removeEventListener: () => undefined,
      }) as unknown as MediaQueryList,
  );
  open();
  act(() => store.moments.attach(MOMENT));
  expect(find(".page").dataset.tab).toBe("chat");
  say(momentLine(1, "bo"));
  act(() => find("button.moment").click());
  expect(find(".page").dataset.tab).toBe("widgets");
});

test("a moment whose chart is gone says so and leads nowhere", () => {
  open();
  say(momentLine(1, "bo", { share: "gone" }));
  expect(place.querySelector("button.moment")).toBeNull();
  expect(find(".moment-gone").textContent).toBe(TEXTS.momentGone);
});

test("a moment is sent without words, and once", () => {
  open();
  act(() => store.moments.attach(MOMENT));
  press(TEXTS.send);
  expect(room.said).toEqual([["say", { kind: "moment", ...MOMENT, text: "" }]]);
  expect(place.querySelector(".moment-draft")).toBeNull();
  expect(find<HTMLButtonElement>(".send").disabled).toBe(true);
});

test("a moment can be left out again", () => {
  open();
  act(() => store.moments.attach(MOMENT));
  press(TEXTS.removeMoment);
  expect(place.querySelector(".moment-draft")).toBeNull();
  expect(room.said).toEqual([]);
});

test("a panel opens its chat for a moment", () => {
  open("panel");
  expect(place.querySelector(".chat")).toBeNull();
  act(() => store.moments.attach(MOMENT));
  expect(find(".chat .moment-draft .moment-title").textContent).toBe("The price");
});

test("a widget without a chat asks before it sends a moment", () => {
  const Alone = () => {
    useChatless(store);
    return <ToastList toasts={store.toasts} />;
  };
  act(() => render(<Alone />, place));
  act(() => store.moments.attach(MOMENT));
  expect([room.said, store.moments.attached.value]).toEqual([[], null]);
  press(TEXTS.send);
  expect(room.said).toEqual([["post", "", MOMENT]]);
});

test("times that no calendar has are no error", () => {
  open();
  say(momentLine(1, "bo", { start: 1e300, end: 1e301 }));
  expect(find(".moment-range").textContent).toBe("");
});

test("a file is saved after the person has said so", () => {
  const clicked = vi
    .spyOn(HTMLAnchorElement.prototype, "click")
    .mockImplementation(() => undefined);
  open();
  const file = { name: "trades.csv", mime: "text/csv", bytes: new Uint8Array(2048) };
  act(() => offerFile(store, file, document));
  expect(clicked).not.toHaveBeenCalled();
  expect(find(".toast-text").textContent).toContain("trades.csv");
  press(TEXTS.save);
  const link = clicked.mock.contexts[0] as HTMLAnchorElement | undefined;
  expect(link?.download).toBe("trades.csv");
  expect(link?.href).toMatch(/^blob:/);
});
