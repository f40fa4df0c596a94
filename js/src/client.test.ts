import { expect, test } from "vitest";
import { joined, settled } from "./client-setting";

test("a value is shown before the room has it and sent at once", async () => {
  const { client, relay } = await joined();
  client.set({ "/a": 1 });
  expect([client.value("/a"), client.status().waiting]).toEqual([1, 1]);
  expect(relay.got("set")[0]?.changes).toEqual([{ key: "/a", value: 1 }]);
});

test("a listener that pushes again does not overtake", async () => {
  const { client, relay } = await joined();
  const { signal } = new AbortController();
  client.on((note) => {
    if (note.type === "state" && client.value("/b") === undefined) client.set({ "/b": 2 });
  }, signal);
  client.set({ "/a": 1 });
  expect(relay.got("set").map(({ id }) => id)).toEqual([1, 2]);
});

test("a refusal names the keys that fell back", async () => {
  const { client, relay, notes } = await joined();
  client.set({ "/a": 1, "/b": 2 });
  relay.say({ type: "refused", id: 1, slug: "role", text: "no" });
  expect(notes).toContainEqual({
    type: "refused",
    id: 1,
    slug: "role",
    text: "no",
    keys: ["/a", "/b"],
  });
  expect(client.value("/a")).toBeUndefined();
});

test("[P2] presence is joined and told 20 times a second at most", async () => {
  const { client, clock, relay } = await joined();
  for (let x = 0; x < 10; x += 1) client.present({ x });
  clock.pass(50);
  expect(relay.got("presence").map(({ about }) => about)).toEqual([{ x: 0 }, { x: 9 }]);
});

test("[P4] an owner who is not here is away, one who says so is busy", async () => {
  const { client, relay } = await joined();
  const share = { name: "w", models: [], by: "k" };
  relay.say({ type: "patch", at: 1, shares: [share] });
  expect(client.status().owner).toBe("away");
  const kernel = { peer: "k", name: "k", color: "", role: "owner", kind: "kernel" };
  relay.say({ type: "people", joined: [{ ...kernel, about: { busy: true, waiting: 3 } }] });
  expect(client.status()).toMatchObject({ owner: "busy", ownerWaiting: 3 });
});

test("[P4] an owner who leaves changes undecided is busy, though it does not say so", async () => {
  const { client, clock, relay } = await joined();
  const kernel = { peer: "k", name: "k", color: "", role: "owner", kind: "kernel", about: {} };
  const key = { key: "w/a", version: 1, by: "p2", value: 1 };
  relay.say({ type: "people", joined: [kernel] });
  relay.say({
    type: "patch",
    at: 1,
    shares: [{ name: "w", models: [], by: "k" }],
    keys: [{ ...key, pending: true }],
  });
  expect(client.status().owner).toBe("here");
  clock.pass(1000);
  expect(client.status()).toMatchObject({ owner: "busy", ownerWaiting: 1 });
  relay.say({ type: "patch", at: 2, keys: [key] });
  expect(client.status()).toMatchObject({ owner: "here", ownerWaiting: 0 });
});

test("values and messages wait as changes, however often a value was set", async () => {
  const { client, clock, relay, notes } = await joined();
  client.set({ "/a": 1 });
  client.set({ "/a": 2, "/b": 2 });
  client.post("hello");
  expect(client.status().waiting).toBe(3);
  relay.cut();
  clock.pass(1000);
  await settled();
  relay.welcome({ acked: 1 });
  expect(notes.find(({ type }) => type === "resumed")).toMatchObject({ sent: 3 });
});

test("[E4] an event is told with its trait and number, a message without", async () => {
  const { client, relay, notes } = await joined();
  const event = { type: "event", id: 1, by: "k", model: "w", content: 5 };
  relay.say({ ...event, at: 1, trait: "ping", count: 2 }, { ...event, at: 2 });
  const told = notes.filter((note) => note.type === "event");
  expect(told.map(({ trait, count }) => [trait, count])).toEqual([
    ["ping", 2],
    ["", 0],
  ]);
  expect(client.status().phase).toBe("live");
});

test("[E5] a widget that failed is told, cut to what a frame holds", async () => {
  const { client, relay } = await joined();
  client.fail("w/children.0", "render", "\u{1f4a5}".repeat(2000));
  expect(relay.got("failed")).toEqual([
    { type: "failed", model: "w/children.0", phase: "render", text: "\u{1f4a5}".repeat(1000) },
  ]);
});

test("[E5] a failure is not told later, nor of a model that no frame names", async () => {
  const { client, clock, relay } = await joined();
  client.fail("", "render", "it broke");
  client.fail("w".repeat(513), "render", "it broke");
  relay.cut();
  client.fail("w", "render", "it broke");
  clock.pass(1000);
  await settled();
  relay.welcome();
  expect(relay.got("failed")).toEqual([]);
});

test("code that the relay does not have rejects", async () => {
  const { client, relay } = await joined();
  const code = client.blob("a".repeat(64));
  relay.say({ type: "absent", blob: "a".repeat(64) });
  await expect(code).rejects.toThrow("does not have");
});
