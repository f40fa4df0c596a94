import { expect, test } from "vitest";
import { plainMemory } from "./client";
import { joined, make, settled } from "./client-setting";

const entry = (at: number, by: string, id = at): object => {
  const who = { by, name: by, color: "red" };
  return { at, id, ...who, time: 5, body: { kind: "text", text: `line ${at}` } };
};

test("what was said while away is sent after the welcome, and told", async () => {
  const { client, clock, relay, notes } = await joined();
  relay.cut();
  client.post("hello");
  expect(client.chat().lines).toMatchObject([{ text: "hello", state: "sending", mine: true }]);
  clock.pass(1000);
  await settled();
  relay.welcome();
  expect(relay.got("post")).toHaveLength(1);
  expect(notes).toContainEqual({ type: "resumed", reset: false, missed: false, sent: 1 });
});

test("a line is sent once it is in the log", async () => {
  const { client, relay } = await joined();
  client.post("hello");
  relay.say({ type: "said", entries: [entry(1, "p1")] }, { type: "ack", id: 1 });
  expect(client.chat().lines).toMatchObject([{ id: 1, state: "sent", mine: true }]);
});

test("a moment is a line that is sent, with its picture, and comes from others too", async () => {
  const { client, relay } = await joined();
  const picture = new Uint8Array();
  const moment = { share: "chart", start: 1.5, end: 2.5, picture };
  client.post("", moment);
  expect(relay.got("post")[0]?.body).toEqual({ kind: "moment", ...moment, text: "" });
  expect(client.chat().lines).toMatchObject([{ text: "", moment, state: "sending" }]);
  const body = { kind: "moment", ...moment, text: "look" };
  relay.say({ type: "said", entries: [{ ...entry(1, "p2"), body }] });
  expect(client.chat().lines[0]).toMatchObject({ id: 1, text: "look", moment, state: "sent" });
});

test("lines of others are unread until they are read, ours and history never", async () => {
  const { client, relay } = make();
  await settled();
  relay.welcome();
  relay.say({ type: "said", entries: [entry(1, "p2")], reset: true });
  expect(client.chat().unread).toBe(0);
  relay.say({ type: "said", entries: [entry(2, "p2"), entry(3, "p1")] });
  expect(client.chat().unread).toBe(1);
  client.speech.markRead();
  expect(client.chat().unread).toBe(0);
});

test("[L6] [L8] a line is as its edits make it, what is erased and acts are none, nor unread", async () => {
  const { client, relay } = await joined();
  relay.say({ type: "said", entries: [entry(1, "p2"), entry(2, "p2")] });
  client.speech.markRead();
  const acts = [
    { ...entry(3, "p2"), body: { kind: "edit", entry: 1, text: "better" } },
    { ...entry(4, "p2"), body: { kind: "erase", entry: 2 } },
    { ...entry(5, "p2"), body: { kind: "react", entry: 1, emoji: "👍" } },
  ];
  relay.say({ type: "said", entries: acts });
  expect(client.chat()).toMatchObject({ lines: [{ id: 1, text: "better" }], unread: 0 });
});

test("a line shows what it answers, and who reacted with what", async () => {
  const { client, relay } = await joined();
  const reply = { ...entry(2, "p2"), body: { kind: "text", text: "yes", reply: 1 } };
  const reaction = { kind: "react", entry: 2, emoji: "👍", on: true };
  relay.say({
    type: "said",
    entries: [entry(1, "p1"), reply, { ...entry(3, "p3"), body: reaction }],
  });
  client.speech.react(2, "👍", true);
  expect(client.chat().lines[1]).toMatchObject({
    reply: 1,
    reactions: [{ emoji: "👍", peers: ["p3", "p1"], mine: true }],
  });
});

test("an edit and an erase of ours show at once, and fall back when they are refused", async () => {
  const { client, relay } = await joined();
  relay.say({ type: "said", entries: [entry(1, "p1"), entry(2, "p1")] });
  client.speech.erase(1);
  client.speech.edit(2, "better");
  expect(client.chat().lines).toMatchObject([{ id: 2, text: "better", edited: true }]);
  relay.say({ type: "refused", id: 1, slug: "not-yours", text: "No." });
  expect(client.chat().lines.map(({ id }) => id)).toEqual([1, 2]);
});

test("a post that is refused stays as a line that tells why, until it is sent again or discarded", async () => {
  const { client, relay } = await joined();
  for (const text of ["one", "two"]) client.post(text);
  for (const id of [1, 2]) relay.say({ type: "refused", id, slug: "invalid", text: "No." });
  const [one, two] = client.chat().lines;
  expect([one, two]).toMatchObject([
    { text: "one", state: "failed", fault: { slug: "invalid", text: "No." } },
    { text: "two", state: "failed" },
  ]);
  expect(client.speech.hasFailed(2)).toBe(true);
  client.speech.discard(two?.id ?? 0);
  client.speech.retry(one?.id ?? 0);
  expect(client.chat().lines).toMatchObject([{ text: "one", state: "sending" }]);
  expect(relay.got("post").map(({ id }) => id)).toEqual([1, 2, 3]);
});

test("what was refused is still there after a reload, until it is sent again or discarded", async () => {
  const memory = plainMemory();
  const first = await joined({ memory });
  const picture = new Uint8Array();
  first.client.speech.post({ kind: "text", text: "one", reply: 7 });
  first.client.post("two", { share: "chart", start: 1, end: 2, picture });
  const { lines: sent } = first.client.chat();
  for (const id of [1, 2]) first.relay.say({ type: "refused", id, slug: "invalid", text: "No." });
  first.clock.pass(1000);
  const second = make({ memory });
  await settled();
  second.relay.welcome({ acked: 2 });
  const { lines } = second.client.chat();
  expect(lines).toMatchObject([
    { text: "one", reply: 7, state: "failed", mine: true, fault: { slug: "invalid", text: "No." } },
    { text: "two", moment: { share: "chart", picture }, state: "failed" },
  ]);
  expect(lines.map(({ timeMs }) => timeMs)).toEqual(sent.map(({ timeMs }) => timeMs));
  second.client.speech.retry(lines[0]?.id ?? 0);
  expect(second.relay.got("post")).toMatchObject([{ id: 3, body: { text: "one", reply: 7 } }]);
  second.client.speech.discard(lines[1]?.id ?? 0);
  expect(memory.load()?.failed).toEqual([]);
});

test("a line that fails after a reload is told apart from those before it", async () => {
  const memory = plainMemory();
  const first = await joined({ memory });
  first.client.post("one");
  first.relay.say({ type: "refused", id: 1, slug: "invalid", text: "No." });
  first.clock.pass(1000);
  const { client, relay } = make({ memory });
  await settled();
  relay.welcome({ acked: 1 });
  client.post("two");
  relay.say({ type: "refused", id: 2, slug: "invalid", text: "No." });
  const { lines } = client.chat();
  expect(lines.map(({ text }) => text)).toEqual(["one", "two"]);
  expect([0, 1, 2].map((push) => client.speech.hasFailed(push))).toEqual([false, false, true]);
  client.speech.discard(lines[1]?.id ?? 0);
  expect(client.chat().lines).toEqual([lines[0]]);
});

test("a new wording whose message is gone is kept, and can be said as a message of its own", async () => {
  const { client, relay } = await joined();
  relay.say({ type: "said", entries: [entry(1, "p1")] });
  client.speech.edit(1, "better");
  relay.say({ type: "refused", id: 1, slug: "unknown", text: "Gone." });
  const failed = client.chat().lines[1];
  expect(failed).toMatchObject({ text: "better", state: "failed" });
  client.speech.retry(failed?.id ?? 0);
  expect(relay.got("post").at(-1)?.body).toEqual({ kind: "text", text: "better", reply: 0 });
});

test("a reaction that is refused leaves no line", async () => {
  const { client, relay } = await joined();
  client.speech.react(9, "👍", true);
  relay.say({ type: "refused", id: 1, slug: "unknown", text: "Gone." });
  expect(client.chat().lines).toEqual([]);
});

test("a line that did not change stays the same object", async () => {
  const { client, relay } = await joined();
  relay.say({ type: "said", entries: [entry(1, "p2"), entry(2, "p2")] });
  const before = client.chat().lines;
  relay.say({
    type: "said",
    entries: [{ ...entry(3, "p2"), body: { kind: "edit", entry: 1, text: "x" } }],
  });
  const after = client.chat().lines;
  expect(after.map((line, at) => line === before[at])).toEqual([false, true]);
});

test("older pages put lines before those that are here, which stay the same objects", async () => {
  const { client, relay } = await joined();
  relay.say({
    type: "said",
    entries: [entry(60, "p2"), entry(61, "p2")],
    reset: true,
    older: true,
  });
  const before = client.chat().lines;
  client.speech.pageBack();
  relay.say({ type: "said", entries: [entry(58, "p2"), entry(59, "p2")], older: true });
  expect(client.chat().lines.map(({ id }) => id)).toEqual([58, 59, 60, 61]);
  expect(client.chat().lines.slice(2)).toEqual(before);
  expect(client.chat().lines[2]).toBe(before[0]);
});

test("names of people who have left are those of their last entry, older pages or not", async () => {
  const { client, relay } = await joined();
  relay.say({
    type: "said",
    entries: [{ ...entry(60, "p2"), name: "Bob" }],
    reset: true,
    older: true,
  });
  client.speech.pageBack();
  relay.say({ type: "said", entries: [{ ...entry(59, "p2"), name: "bobby" }], older: true });
  expect(client.speech.nameOf("p2")).toBe("Bob");
  expect(client.speech.nameOf("__proto__")).toBe("");
});

test("what a search has found is told", async () => {
  const { client, relay, notes } = await joined();
  client.speech.search("line", null);
  expect(relay.got("search")).toMatchObject([{ query: "line", before: null }]);
  relay.say({ type: "found", query: "line", entries: [entry(1, "p2")], more: true });
  expect(notes.at(-1)).toMatchObject({ type: "found", found: { query: "line", more: true } });
});

test("a line that is answered further back is fetched, and told of with each act on it", async () => {
  const { client, relay, notes } = await joined();
  const reply = { ...entry(90, "p2"), body: { kind: "text", text: "yes", reply: 3 } };
  relay.say({ type: "said", entries: [reply], reset: true, older: true });
  expect(client.speech.quoted(3)).toBeUndefined();
  client.speech.quote(3);
  expect(relay.got("page")).toEqual([{ type: "page", before: 4, count: 1 }]);
  notes.length = 0;
  relay.say({ type: "said", entries: [entry(3, "p1")], older: true });
  expect(notes).toEqual([{ type: "chat" }]);
  expect(client.speech.quoted(3)).toMatchObject({ id: 3, text: "line 3", mine: true });
  expect(client.chat().lines).toHaveLength(1);
  notes.length = 0;
  const erase = { ...entry(91, "p1"), body: { kind: "erase", entry: 3 } };
  relay.say({ type: "said", entries: [erase] });
  expect(notes).toContainEqual({ type: "chat" });
  expect(client.speech.quoted(3)).toBeNull();
});
