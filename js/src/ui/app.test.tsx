import { signal } from "@preact/signals";
import { render } from "preact";
import { act } from "preact/test-utils";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { App, type Part } from "./app";
import { createStore, type Store } from "./store";
import { chartShare, DOOR, type FakeRoom, fakeRoom, line, person } from "./support";
import { TEXTS } from "./texts";

const DARK = signal(false);
const LINK = "https://h/r/a#k=secret";

let room: FakeRoom;
let store: Store;
let closing: AbortController;
let place: HTMLElement;

beforeEach(() => {
  localStorage.clear();
  room = fakeRoom();
  closing = new AbortController();
  store = createStore(room.client, closing.signal);
  place = document.createElement("div");
  document.body.replaceChildren(place);
});

afterEach(() => {
  act(() => render(null, place));
  closing.abort();
});

function open(kind: "page" | "panel", askName = false, part: Part = "room"): void {
  const view = { store, dark: DARK, door: DOOR };
  act(() =>
    render(
      kind === "page" ? (
        <App kind="page" room="lab" askName={askName} {...view} />
      ) : (
        <App kind="panel" part={part} {...view} />
      ),
      place,
    ),
  );
}

function named<T extends HTMLElement = HTMLElement>(name: string): T {
  const found = [...place.querySelectorAll<T>("button, input, textarea")].find(
    (element) => (element.getAttribute("aria-label") ?? element.textContent?.trim()) === name,
  );
  if (found === undefined) throw new Error(`nothing is called ${name} in ${place.innerHTML}`);
  return found;
}

function press(name: string): void {
  act(() => named(name).click());
}

function text(selector: string): string {
  return place.querySelector(selector)?.textContent ?? "";
}

function key(element: HTMLElement, init: KeyboardEventInit): void {
  act(() => {
    element.dispatchEvent(
      new KeyboardEvent("keydown", { bubbles: true, cancelable: true, ...init }),
    );
  });
}

function tellAnswer(content: unknown): void {
  room.tell({ type: "event", model: "", content, buffers: [], by: "k", trait: "", count: 0 });
}

function tellLink(link: string, reach: string): void {
  tellAnswer({ link, reach });
}

/** What was said, without who is writing it. */
function posted(): unknown[][] {
  return room.said.filter(([verb]) => verb === "say");
}

function type(words: string): HTMLTextAreaElement {
  const field = named<HTMLTextAreaElement>(TEXTS.messageLabel);
  act(() => {
    field.value = words;
    field.dispatchEvent(new InputEvent("input", { bubbles: true }));
  });
  return field;
}

test("the status says how the connection is, and offers to try at once", () => {
  open("page");
  expect(text("[role=status]")).toBe("live 12 ms");
  room.status = { ...room.status, phase: "offline", waiting: 4 };
  act(() => room.tell({ type: "status" }));
  expect(text("[role=status]")).toBe("offline, 4 changes waiting");
  press(TEXTS.retryNow);
  expect(room.said).toContainEqual(["retry"]);
});

test("what changes all the time is not read out", () => {
  open("page");
  const status = place.querySelector("[role=status]");
  for (const hidden of status?.querySelectorAll("[aria-hidden]") ?? []) hidden.remove();
  expect(status?.textContent).toBe("live");
});

test("Enter sends, Shift+Enter and a word being composed do not", () => {
  open("page");
  const field = type(" hello ");
  key(field, { key: "Enter", shiftKey: true });
  key(field, { key: "Enter", isComposing: true });
  expect(posted()).toEqual([]);
  key(field, { key: "Enter" });
  expect(posted()).toEqual([["say", { kind: "text", text: "hello", reply: 0 }]]);
  expect(named<HTMLTextAreaElement>(TEXTS.messageLabel).value).toBe("");
});

test("nothing is sent when there is nothing to say", () => {
  open("page");
  key(type("  \n "), { key: "Enter" });
  expect(posted()).toEqual([]);
});

test("a message that is not stored yet is marked", () => {
  open("page");
  room.conversation = { ...room.conversation, lines: [line(1, "bo", "hi"), line(-2, "me", "yo")] };
  act(() => room.tell({ type: "chat" }));
  const states = [...place.querySelectorAll("article")].map((one) => one.dataset.state);
  expect(states).toEqual(["sent", "sending"]);
  expect(text(".sending")).toBe(TEXTS.sending);
});

test("earlier messages can be asked for", () => {
  open("page");
  room.conversation = { lines: [line(9, "bo", "hi")], older: true, unread: 0 };
  act(() => room.tell({ type: "chat" }));
  press(TEXTS.showEarlier);
  expect(room.said).toContainEqual(["pageBack"]);
});

test("what came while the reader was away is marked, and read on the return", async () => {
  const focus = vi.spyOn(document, "hasFocus").mockReturnValue(false);
  open("page");
  room.conversation = {
    lines: [line(1, "bo", "old"), line(2, "bo", "new")],
    older: false,
    unread: 1,
  };
  act(() => room.tell({ type: "chat" }));
  expect(room.said).toEqual([]);
  focus.mockReturnValue(true);
  act(() => {
    window.dispatchEvent(new Event("focus"));
  });
  expect(room.said).toContainEqual(["markRead"]);
  expect(text(".fresh")).toBe(TEXTS.newMessages);
});

test("what comes while the reader looks is read at once, without a mark", async () => {
  vi.spyOn(document, "hasFocus").mockReturnValue(true);
  open("page");
  room.conversation = { lines: [line(1, "bo", "hi")], older: false, unread: 1 };
  act(() => room.tell({ type: "chat" }));
  await vi.waitFor(() => expect(room.said).toContainEqual(["markRead"]));
  expect(text(".fresh")).toBe("");
});

test("a closed chat counts what is new, and keeps what was being written", () => {
  vi.spyOn(document, "hasFocus").mockReturnValue(true);
  open("panel");
  room.conversation = { lines: [line(1, "bo", "x")], older: false, unread: 1 };
  act(() => room.tell({ type: "chat" }));
  expect(text(".chat-toggle")).toContain(TEXTS.unread(1));
  expect(room.said).toEqual([]);
  press(TEXTS.openChat);
  type("half a sent");
  press(TEXTS.closeChat);
  press(TEXTS.openChat);
  expect(named<HTMLTextAreaElement>(TEXTS.messageLabel).value).toBe("half a sent");
});

test("the link can be copied once it is there", async () => {
  const writeText = vi.fn(() => Promise.resolve());
  vi.stubGlobal("navigator", { clipboard: { writeText } });
  open("panel");
  expect(named<HTMLButtonElement>(TEXTS.copyLink).disabled).toBe(true);
  act(() => {
    store.link.value = LINK;
  });
  press(TEXTS.copyLink);
  await vi.waitFor(() => expect(named(TEXTS.copied)).toBeDefined());
  expect(writeText).toHaveBeenCalledWith(LINK);
  vi.unstubAllGlobals();
});

test("without the clipboard the link is copied the old way", async () => {
  vi.stubGlobal("navigator", {});
  const copied = vi.fn(() => true);
  Object.assign(document, { execCommand: copied });
  open("panel");
  act(() => {
    store.link.value = LINK;
  });
  press(TEXTS.copyLink);
  await vi.waitFor(() => expect(named(TEXTS.copied)).toBeDefined());
  expect(copied).toHaveBeenCalledWith("copy");
  vi.unstubAllGlobals();
});

test("stopping asks once more", () => {
  open("panel");
  press(TEXTS.stop);
  expect(room.said).toEqual([]);
  press(TEXTS.stopNo);
  press(TEXTS.stop);
  press(TEXTS.stopYes);
  expect(room.said).toEqual([["emit", "", { ask: "stop" }]]);
});

test("who has stopped the room is told so, also when a proxy has lost the reason", () => {
  open("panel");
  press(TEXTS.stop);
  press(TEXTS.stopYes);
  expect(text("h1")).toBe("");
  room.status = { ...room.status, phase: "reconnecting" };
  act(() => room.tell({ type: "status" }));
  expect(text("h1")).toBe(TEXTS.endings.stopped?.[0]);
});

test("a guest has no way to stop the room", () => {
  open("page");
  expect(() => named(TEXTS.stop)).toThrow();
});

test("the code of the link is drawn", () => {
  open("panel");
  act(() => {
    store.link.value = LINK;
  });
  press(TEXTS.qr);
  expect(place.querySelector(".qr path")?.getAttribute("d")?.length).toBeGreaterThan(1000);
});

test("the first visit asks for a name, with the widgets beside it", () => {
  room.shares = [chartShare("dial")];
  open("page", true);
  const dialog = place.querySelector("[role=dialog]");
  expect(dialog?.hasAttribute("aria-modal")).toBe(false);
  expect(place.querySelector("iframe")).not.toBeNull();
  act(() => {
    const field = named<HTMLInputElement>(TEXTS.nameLabel);
    field.value = "Ana";
    field.dispatchEvent(new InputEvent("input", { bubbles: true }));
  });
  press(TEXTS.join);
  expect(room.said).toContainEqual(["rename", "Ana", "#0b7285"]);
  expect(place.querySelector("[role=dialog]")).toBeNull();
});

test("many people are a number in the strip and a list behind it", () => {
  open("page");
  room.people = [
    person("me", "Me"),
    ...Array.from({ length: 9 }, (_, n) => person(`p${n}`, `P${n}`)),
  ];
  act(() => room.tell({ type: "people" }));
  expect(place.querySelector<HTMLElement>(".avatar-more")?.dataset.drawn).toBe("+5");
  press(TEXTS.peopleHere(10));
  expect(place.querySelectorAll(".people-list li")).toHaveLength(10);
});

test.each(Object.keys(TEXTS.endings))("the closing %s has its own page", (slug) => {
  open("page");
  const closingOf = { code: 4500, slug, nextStep: "stop", text: "table" } as const;
  room.status = { ...room.status, phase: "ended", closing: closingOf };
  act(() => room.tell({ type: "status" }));
  expect(text("h1")).toBe(TEXTS.endings[slug]?.[0]);
  expect(place.querySelector("iframe")).toBeNull();
});

test("a closing that nobody has heard of shows the table's text", () => {
  open("page");
  const unheard = { code: 4599, slug: "new", nextStep: "stop", text: "The table's text." } as const;
  room.status = { ...room.status, phase: "ended", closing: unheard };
  act(() => room.tell({ type: "status" }));
  expect(text(".notice p")).toBe("The table's text.");
});

test("an empty room says what will come", () => {
  open("page");
  expect(text(".stage")).toContain(TEXTS.emptyTitle);
  expect(text(".chat")).toContain(TEXTS.chatEmptyTitle);
});

test("while connecting nothing is claimed about the room", () => {
  room.status = { ...room.status, phase: "connecting" };
  act(() => room.tell({ type: "status" }));
  open("page");
  expect(text(".stage")).toBe(TEXTS.loadingWidgets);
});

test("a link card shows the link, its code and who can open it, and no widgets", () => {
  open("panel", false, "link");
  expect(named<HTMLInputElement>(TEXTS.linkLabel).value).toBe("");
  act(() => tellLink(LINK, "Whoever is on this network."));
  expect(named<HTMLInputElement>(TEXTS.linkLabel).value).toBe(LINK);
  expect(place.querySelector(".qr")).not.toBeNull();
  expect(text(".card-text")).toBe("Whoever is on this network.");
  expect(place.querySelector("iframe")).toBeNull();
});

test("a link that was withdrawn is no link any more", () => {
  open("panel", false, "link");
  act(() => tellLink(LINK, "Everybody."));
  act(() => tellLink("", "This link was withdrawn."));
  expect(() => named(TEXTS.copyLink)).toThrow();
  expect(text(".card-text")).toBe("This link was withdrawn.");
});

test("the share card says who can open the link", () => {
  open("panel");
  act(() => tellLink(LINK, "Only this computer."));
  press(TEXTS.qr);
  expect(text(".link-card .card-text")).toBe("Only this computer.");
});

test("a bar has people, chat and link, and leaves the widgets to the notebook", () => {
  open("panel", false, "bar");
  expect(place.querySelector("iframe")).toBeNull();
  expect(named(TEXTS.stop)).toBeDefined();
  press(TEXTS.openChat);
  expect(named(TEXTS.messageLabel)).toBeDefined();
});

test("a refused write is allowed with one click, and the kernel's answer is shown", () => {
  open("panel");
  const notice = { slug: "not-writable", text: "", key: "w/label", allow: 'allow={"label"}' };
  act(() => room.tell({ type: "notice", peer: "b", ...notice }));
  expect(text(".toast code")).toBe(notice.allow);
  press(TEXTS.allow);
  expect(room.said).toEqual([["emit", "", { ask: "allow", key: "w/label", what: "trait" }]]);
  act(() => tellAnswer({ allowed: "label", key: "w/label" }));
  expect(text(".toast-text")).toContain(TEXTS.allowed);
});

test("what guests must never write is not offered", () => {
  open("panel");
  const notice = { slug: "not-writable", text: "", key: "w/_x", allow: "" };
  act(() => room.tell({ type: "notice", peer: "b", ...notice }));
  expect(text(".toast")).toContain("w/_x");
  expect(() => named(TEXTS.allow)).toThrow();
});
