import { expect, test } from "vitest";
import { plainMemory } from "./client";
import { joined, make, settled } from "./client-setting";

test("a client greets with its secret and is live after the welcome", async () => {
  const { client, relay } = make();
  await settled();
  expect(relay.got("hello")[0]?.secret).toBe("secret");
  expect(client.status().phase).toBe("connecting");
  relay.welcome();
  expect(client.status().phase).toBe("live");
});

test("a cut line is dialled again with a fresh credential", async () => {
  let asked = 0;
  const { client, clock, relay } = await joined({ credential: async () => `ticket ${++asked}` });
  relay.cut();
  expect(client.status()).toMatchObject({ phase: "reconnecting" });
  clock.pass(1000);
  await settled();
  expect(relay.got("hello").map(({ secret }) => secret)).toEqual(["ticket 1", "ticket 2"]);
});

test("an ending is told with its text, and nothing is dialled", async () => {
  const { client, clock, relay } = await joined();
  relay.cut(4502);
  clock.pass(60_000);
  expect(client.status()).toMatchObject({ phase: "ended", closing: { slug: "revoked" } });
  expect(relay.dials).toBe(1);
});

test("[C4] a close code that a proxy loses is known from the relay's last frame", async () => {
  const { client, clock, relay } = await joined();
  relay.say({ type: "ending", code: 4502, slug: "revoked" });
  relay.cut(1005);
  clock.pass(60_000);
  expect(client.status()).toMatchObject({ phase: "ended", closing: { slug: "revoked" } });
  expect(relay.dials).toBe(1);
});

test("a relay that cannot be understood ends with advice to reload", async () => {
  const seen: unknown[] = [];
  globalThis.reportError = (error: unknown) => seen.push(error);
  const { client, relay } = await joined();
  relay.raw(Uint8Array.of(0xc1));
  expect(client.status()).toMatchObject({ phase: "ended", closing: { slug: "version" } });
  expect(seen).toHaveLength(1);
});

test("silence is a cut", async () => {
  const { client, clock, relay } = await joined();
  clock.pass(10_000);
  expect(relay.got("ping").length).toBeGreaterThanOrEqual(2);
  expect(client.status().phase).toBe("reconnecting");
});

test("a pong tells the latency", async () => {
  const { client, clock, relay } = await joined();
  const sent = relay.got("ping")[0]?.sent ?? Number.NaN;
  clock.pass(12);
  relay.say({ type: "pong", sent });
  expect(client.status().latencyMs).toBe(12);
});

test("[S6] a reloaded page goes on as the same peer with what it had not told", async () => {
  const memory = plainMemory();
  const before = await joined({ memory });
  before.relay.cut();
  before.client.post("kept");
  const { client, relay } = make({ memory, instance: "another" });
  await settled();
  expect(relay.got("hello")[0]).toMatchObject({ peer: "p1", proof: "x", instance: "i" });
  relay.welcome();
  expect(relay.got("post")).toMatchObject([{ body: { text: "kept" } }]);
  expect(client.chat().lines).toHaveLength(1);
});
