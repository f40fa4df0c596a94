import { expect, test } from "vitest";
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
  client.markRead();
  expect(client.chat().unread).toBe(0);
});
