import { render } from "preact";
import { act } from "preact/test-utils";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Person } from "../protocol/frames";
import { FollowFrame } from "./follow-frame";
import { PeopleList, PeopleStrip } from "./people";
import { RoomLine } from "./room-line";
import { createStore, type Store } from "./store";
import { type FakeRoom, fakeRoom, person } from "./support";
import { TEXTS } from "./texts";
import { ToastList } from "./toast-list";

let room: FakeRoom;
let store: Store;
let closing: AbortController;
let place: HTMLElement;

beforeEach(() => {
  localStorage.clear();
  closing = new AbortController();
  place = document.createElement("div");
  document.body.replaceChildren(place);
});

afterEach(() => {
  act(() => render(null, place));
  closing.abort();
});

/** We are of this role, and others are here. */
function open(role: Person["role"], ...others: Person[]): void {
  room = fakeRoom();
  room.people = [{ ...person("me", "Me"), role }, ...others];
  Object.assign(room.client.self, { role });
  store = createStore(room.client, closing.signal);
  act(() =>
    render(
      <>
        <RoomLine store={store} />
        <PeopleStrip store={store} />
        <PeopleList store={store} />
        <FollowFrame store={store} />
        <ToastList toasts={store.toasts} />
      </>,
      place,
    ),
  );
}

function told(...others: Person[]): void {
  const [me] = room.people;
  room.people = me === undefined ? others : [me, ...others];
  act(() => room.tell({ type: "people" }));
}

function telling(
  peer: string,
  about: Person["about"],
  role: Person["role"] = "participant",
): Person {
  return { ...person(peer, peer), about, role };
}

/** The newest button of this name: menus come after what opens them. */
function named(name: string): HTMLElement {
  const found = [...place.querySelectorAll<HTMLElement>("button, input")].filter(
    (element) =>
      [element.getAttribute("aria-label"), element.textContent?.trim()].includes(name) ||
      element.closest("label")?.textContent?.startsWith(name),
  );
  const last = found.at(-1);
  if (last === undefined) throw new Error(`nothing is called ${name} in ${place.innerHTML}`);
  return last;
}

function press(name: string): void {
  act(() => named(name).click());
}

function has(name: string): boolean {
  return [...place.querySelectorAll("button")].some(
    ({ textContent }) => textContent?.trim() === name,
  );
}

function toasts(): string[] {
  return store.toasts.shown.value.map(({ text }) => text);
}

test("a click on an avatar follows, another one stops", () => {
  open("participant", person("ann", "Ann"));
  press(TEXTS.follow("Ann"));
  expect(room.said).toContainEqual(["present", { following: "ann" }]);
  expect(place.querySelector(".follow-stop")?.textContent).toContain(TEXTS.following("Ann"));
  act(() => place.querySelector<HTMLElement>(".avatar-slot")?.click());
  expect(place.querySelector(".follow-frame")).toBeNull();
});

test("Escape ends following, but not out of a card", () => {
  open("participant", person("ann", "Ann"));
  press(TEXTS.follow("Ann"));
  const card = document.createElement("div");
  card.setAttribute("role", "dialog");
  place.append(card);
  const key = { key: "Escape", bubbles: true };
  act(() => void card.dispatchEvent(new KeyboardEvent("keydown", key)));
  expect(place.querySelector(".follow-frame")).not.toBeNull();
  act(() => void place.dispatchEvent(new KeyboardEvent("keydown", key)));
  expect(place.querySelector(".follow-frame")).toBeNull();
  expect(place.querySelector("[role=status]")?.textContent).toBe(TEXTS.followEnded.own);
});

test("who is followed sees by how many and whom, and can stop it", () => {
  open("participant");
  told(telling("ann", { following: "me" }), telling("bob", { following: "me" }));
  press(TEXTS.followedBy(2));
  expect(place.querySelector(".followers")?.textContent).toBe("annbob");
  press(TEXTS.stopFollowers);
  expect(room.said).toContainEqual(["present", { alone: true }]);
});

test("a hand goes up and down", () => {
  open("participant");
  vi.spyOn(Date, "now").mockReturnValue(7_000);
  press(TEXTS.raiseHand);
  expect(room.said).toContainEqual(["present", { hand: 7 }]);
  vi.restoreAllMocks();
});

test("[P9] hosts are told of a raised hand once, others are not", () => {
  open("host", person("ann", "Ann"));
  told(telling("ann", { hand: 7 }));
  told(telling("ann", { hand: 7, idle: true }));
  expect(toasts()).toEqual([TEXTS.raisedHand("ann")]);
  expect(place.querySelector(".avatar-slot .face-hand")).not.toBeNull();
});

test("[P9] a viewer asks to take part, and asks no more when they do", () => {
  open("viewer");
  press(TEXTS.askToTakePart);
  expect(room.said).toContainEqual(["present", { asks: "control" }]);
  room.people = [telling("me", { asks: "control" })];
  Object.assign(room.client.self, { role: "participant" });
  act(() => room.tell({ type: "people" }));
  expect(room.said.at(-1)).toEqual(["present", { asks: null }]);
  expect(place.querySelector(".room-line")?.textContent).toBe("");
});

test("[P10] a host lets a viewer take part who asks", () => {
  open("host", telling("ann", { asks: "control" }, "viewer"));
  expect(toasts()).toEqual([TEXTS.asksToTakePart("ann")]);
  press(TEXTS.allow);
  expect(room.said).toContainEqual(["entrust", "ann", "participant"]);
  told(telling("ann", {}));
  expect(toasts()).toEqual([]);
});

test("a request that is declined is gone, until they ask again", () => {
  open("host", telling("ann", { asks: "control" }, "viewer"));
  press(TEXTS.notNow);
  expect([toasts(), has(TEXTS.notNow)]).toEqual([[], false]);
  told(telling("ann", {}, "viewer"));
  told(telling("ann", { asks: "control" }, "viewer"));
  expect(toasts()).toEqual([TEXTS.asksToTakePart("ann")]);
});

test("[P10] hosts lock the room, and everybody sees that it is", () => {
  open("host");
  press(TEXTS.lockRoom);
  expect(room.said).toContainEqual(["lock", true]);
  room.locked = true;
  act(() => room.tell({ type: "room" }));
  expect(place.querySelector(".room-line")?.textContent).toBe(TEXTS.locked);
});

test("[P10] who is removed is asked about first; a guest's kernel goes with their panel", () => {
  const kernel = { ...person("kernel", "ann", "kernel"), about: { notebook: true } } as const;
  open("host", telling("ann", { of: "kernel" }), kernel);
  press(TEXTS.moreAbout("ann"));
  press(TEXTS.remove);
  expect(room.said.filter(([verb]) => verb === "remove")).toEqual([]);
  press(TEXTS.removeYes);
  expect(room.said.filter(([verb]) => verb === "remove")).toEqual([
    ["remove", "ann"],
    ["remove", "kernel"],
  ]);
});

test("the keyboard goes on where it was when a menu closes", () => {
  open("host", person("ann", "Ann"));
  press(TEXTS.moreAbout("Ann"));
  press(TEXTS.remove);
  expect(document.activeElement?.textContent).toBe(TEXTS.removeNo);
  press(TEXTS.removeNo);
  expect(document.activeElement).toBe(named(TEXTS.moreAbout("Ann")));
});

test("[P10] what only hosts may do is not offered to others", () => {
  open("participant", telling("ann", {}, "viewer"));
  press(TEXTS.moreAbout("ann"));
  expect([TEXTS.letTakePart, TEXTS.makeHost, TEXTS.remove].filter(has)).toEqual([]);
  expect(place.querySelectorAll(".switch")).toHaveLength(3);
});

/** What the menus offer to change about these people, which were opened before. */
function offered(): string[] {
  const wordings = [TEXTS.letTakePart, TEXTS.onlyWatch, TEXTS.makeHost, TEXTS.noHost, TEXTS.remove];
  const all = place.querySelectorAll(".person-menu .button");
  return [...all].flatMap(({ textContent }) => wordings.filter((words) => words === textContent));
}

/** We came with the ticket of the notebook that shares the room; or as the panel of a kernel that has joined. */
function openPanel(kernel: string, ...others: Person[]): void {
  open("host", ...others);
  const about = kernel === "" ? {} : { of: kernel };
  room.people = [{ ...person("me", "Me", "panel"), role: "host", about }, ...others];
  act(() => room.tell({ type: "people" }));
}

test("[P10] the notebook that shares the room makes hosts", () => {
  openPanel("", telling("ann", {}));
  press(TEXTS.moreAbout("ann"));
  expect(offered()).toEqual([TEXTS.onlyWatch, TEXTS.makeHost, TEXTS.remove]);
  press(TEXTS.makeHost);
  expect(room.said).toContainEqual(["entrust", "ann", "host"]);
});

test("[P10] a host who came with a link makes no hosts, nor does the notebook of one", () => {
  open("host", telling("ann", {}));
  press(TEXTS.moreAbout("ann"));
  expect(offered()).toEqual([TEXTS.onlyWatch, TEXTS.remove]);
  act(() => render(null, place));
  openPanel("kernel", telling("ann", {}));
  press(TEXTS.moreAbout("ann"));
  expect(offered()).toEqual([TEXTS.onlyWatch, TEXTS.remove]);
});

test("[P10] who is no host any more is offered nothing, though they came with a ticket", () => {
  openPanel("", telling("ann", {}));
  const [me, ...others] = room.people;
  room.people = me === undefined ? others : [{ ...me, role: "participant" }, ...others];
  Object.assign(room.client.self, { role: "participant" });
  act(() => room.tell({ type: "people" }));
  press(TEXTS.moreAbout("ann"));
  expect(offered()).toEqual([]);
});

test("[P10] hosts change hosts who came with a link, in notebooks too, but not the one that shares the room", () => {
  const guest = { ...person("g", "Gus", "panel"), role: "host", about: { of: "kernel" } } as const;
  const panel = { ...person("p", "Host", "panel"), role: "host" } as const;
  const demoted = { ...person("q", "Other", "panel"), role: "participant" } as const;
  open("host", telling("ann", {}, "host"), guest, panel, demoted);
  const offers = ["ann", "Gus", "Host", "Other"].map((name) => {
    press(TEXTS.moreAbout(name));
    const found = offered();
    press(TEXTS.moreAbout(name));
    return found;
  });
  const both = [TEXTS.noHost, TEXTS.remove];
  expect(offers).toEqual([both, both, [], []]);
});

test("[P7] who is away is dimmed, and it is said in words", () => {
  open("participant", telling("ann", { idle: true }, "viewer"));
  expect(place.querySelector(".people-list [data-idle=true] .avatar")).not.toBeNull();
  expect(place.querySelector(".people-list")?.textContent).toContain(`watching, ${TEXTS.idle}`);
});

test("what one wants of pointers is kept", () => {
  open("participant");
  press(TEXTS.showPointers);
  press(TEXTS.ownPointer);
  const again = createStore(room.client, closing.signal).company.wishes;
  expect([again.others.value, again.own.value]).toEqual([false, false]);
});
