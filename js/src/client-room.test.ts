/** The lock and the people of a room, as a page has them. */
import { expect, test } from "vitest";
import { joined, make, settled } from "./client-setting";

test("[P10] the lock is told when it changes, and at the welcome", async () => {
  const { client, notes, relay } = make();
  await settled();
  const before = client.locked();
  relay.welcome({ locked: true });
  const welcomed = [client.locked(), notes.filter(({ type }) => type === "room").length];
  relay.say({ type: "room", locked: true }, { type: "room" });
  expect([before, welcomed, client.locked()]).toEqual([false, [true, 1], false]);
  expect(notes.filter(({ type }) => type === "room")).toHaveLength(2);
});

test("[P10] a host locks, removes and entrusts, and is told what may not be", async () => {
  const { client, notes, relay } = await joined();
  client.lock(true);
  client.remove("p2");
  client.entrust("p3", "viewer");
  relay.say({ type: "refused", id: 3, slug: "role", text: "Only hosts." }, { type: "ack", id: 3 });
  expect(relay.sent.slice(-3)).toEqual([
    { type: "lock", id: 1, on: true },
    { type: "remove", id: 2, peer: "p2" },
    { type: "entrust", id: 3, peer: "p3", role: "viewer" },
  ]);
  expect(notes).toContainEqual({
    type: "refused",
    id: 3,
    slug: "role",
    text: "Only hosts.",
    keys: [],
  });
  expect(client.status().waiting).toBe(0);
});

test("[P10] who is removed has ended, and does not dial again", async () => {
  const { client, clock, relay } = await joined();
  relay.say({ type: "ending", code: 4506, slug: "removed" });
  clock.pass(60_000);
  await settled();
  expect([client.status().phase, client.status().closing?.slug, relay.dials]).toEqual([
    "ended",
    "removed",
    1,
  ]);
});
