import { beforeEach, expect, test } from "vitest";
import type { Note } from "../client";
import { createStore } from "./store";
import { fakeRoom, person } from "./support";
import { TEXTS } from "./texts";

beforeEach(() => localStorage.clear());

function setting() {
  const room = fakeRoom();
  const closing = new AbortController();
  const store = createStore(room.client, closing.signal);
  const toasts = () => store.toasts.shown.value.map(({ text, code }) => [text, code]);
  return { room, store, closing, toasts };
}

test("people are listed with oneself first, kernels are not", () => {
  const { room, store } = setting();
  room.people = [
    person("b", "Bo"),
    person("k", "kernel", "kernel"),
    person("me", "Zoe"),
    person("a", "Al"),
  ];
  room.tell({ type: "people" });
  expect(store.people.value.map(({ name }) => name)).toEqual(["Zoe", "Al", "Bo"]);
});

test("what the client has told before there was a store is heard as well", () => {
  const { client } = fakeRoom();
  const missed: Note = { type: "refused", id: 3, slug: "role", text: "", keys: ["a/x"] };
  const store = createStore(client, new AbortController().signal, undefined, undefined, [missed]);
  expect(store.toasts.shown.value.length).toBe(1);
});

test("a card in a notebook that shows a link is nobody", () => {
  const { room, store } = setting();
  room.people = [person("me", "Zoe"), { ...person("c", "Host"), about: { part: "link" } }];
  room.tell({ type: "people" });
  expect(store.people.value.map(({ peer }) => peer)).toEqual(["me"]);
});

test("several panels of one notebook are one person, and two hosts with other names are two", () => {
  const { room, store } = setting();
  room.people = [
    person("me", "Zoe"),
    ...["one", "two"].map((peer) => ({ ...person(peer, "Host", "panel"), color: "#2b7a3e" })),
    { ...person("three", "Kim", "panel"), color: "#2b7a3e" },
  ];
  room.tell({ type: "people" });
  expect(store.people.value.map(({ name }) => name)).toEqual(["Zoe", "Host", "Kim"]);
});

test("a pointer that moves does not draw the list again", () => {
  const { room, store } = setting();
  const before = store.people.value;
  room.people = room.people.map((one) => ({ ...one, about: { x: 1 } }));
  room.tell({ type: "people" });
  expect(store.people.value).toBe(before);
});

test("a colour that is none never reaches a style", () => {
  const { room, store } = setting();
  room.people = [{ ...person("a", "Al"), color: "url(//evil)" }];
  room.tell({ type: "people" });
  expect(store.people.value[0]?.color).toMatch(/^#[0-9a-f]{6}$/);
});

test("the link that the kernel sends is taken, another content is not", () => {
  const { room, store } = setting();
  const told = (model: string, link: string) =>
    room.tell({
      type: "event",
      model,
      content: { link },
      buffers: [],
      by: "k",
      trait: "",
      count: 0,
    });
  told("", "javascript:alert(1)");
  told("slider", "https://h/r/a#k=1");
  expect(store.link.value).toBe("");
  told("", "https://h/r/a#k=1");
  expect(store.link.value).toBe("https://h/r/a#k=1");
});

test("coming back tells how many changes were sent", () => {
  const { room, toasts } = setting();
  room.tell({ type: "resumed", reset: false, missed: false, sent: 4 });
  expect(toasts()).toEqual([["Back. 4 changes sent.", ""]]);
});

test("a notice tells who wanted what, and the argument that would allow it", () => {
  const { room, toasts } = setting();
  room.people = [person("b", "Bo")];
  const notice = { slug: "not-writable", text: "", key: "slider/label", allow: 'allow={"label"}' };
  room.tell({ type: "notice", peer: "b", ...notice });
  const [[text = "", code] = []] = toasts();
  expect(text).toContain("Bo was not allowed to change slider/label");
  expect(code).toBe('allow={"label"}');
});

test("a refusal says why, once, however often it comes", () => {
  const { room, toasts } = setting();
  for (const id of [1, 2, 3]) {
    room.tell({ type: "refused", id, slug: "not-writable", text: "wire text", keys: ["a/b"] });
  }
  expect(toasts()).toEqual([[TEXTS.refused["not-writable"], ""]]);
});

test("what the kernel rejects comes with its reason, an unknown refusal with the relay's words", () => {
  const { room, toasts } = setting();
  room.tell({ type: "refused", id: 1, slug: "rejected", text: "must be even", keys: [] });
  room.tell({ type: "refused", id: 2, slug: "new-one", text: "The relay's words.", keys: [] });
  expect(toasts().map(([text]) => text)).toEqual([
    expect.stringContaining("must be even"),
    "The relay's words.",
  ]);
});

test("a new name is cleaned, told and remembered", () => {
  const { room, store } = setting();
  store.rename({ name: "  Ana  ", color: "#862e9c" });
  store.rename({ name: " ", color: "#862e9c" });
  expect(room.said).toEqual([["rename", "Ana", "#862e9c"]]);
  expect(localStorage.getItem("cowidget.me")).toContain("Ana");
});

test("after its end the store follows no more", () => {
  const { room, store, closing } = setting();
  closing.abort();
  room.status = { ...room.status, phase: "offline" };
  room.tell({ type: "status" });
  expect(store.status.value.phase).toBe("live");
});
