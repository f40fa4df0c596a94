import { expect, test } from "vitest";
import { SandboxSnaps, type Shares } from "./sandbox-snaps";
import type { FromSnap } from "./snap";
import { modelSpec, sandboxOf, shareSpec, shown } from "./support";

function setting(over: Partial<Shares> = {}) {
  const told: FromSnap[] = [];
  const shares = { boxOf: () => null, lookOf: () => ({}), askMoment: () => false, ...over };
  return { told, snaps: new SandboxSnaps((message) => told.push(message), shares) };
}

test("how a share looks is told with the ticket of who asked", async () => {
  const { told, snaps } = setting({ lookOf: (share) => ({ [`${share}/zoom`]: 4 }) });
  await snaps.receive({ type: "snap", share: "map", ticket: 7 });
  const local = { "map/zoom": 4 };
  expect(told).toEqual([
    { type: "snapped", share: "map", ticket: 7, picture: new Uint8Array(), local },
  ]);
});

test("a chart is asked for a moment instead", async () => {
  const { told, snaps } = setting({ askMoment: () => true });
  await snaps.receive({ type: "snap", share: "price", ticket: 1 });
  expect(told).toEqual([]);
});

test("a value that cannot travel does not keep the others back", async () => {
  const { told, snaps } = setting({ lookOf: () => ({ "map/f": () => 1, "map/zoom": 2 }) });
  await snaps.receive({ type: "snap", share: "map", ticket: 1 });
  expect(told[0]?.local).toEqual({ "map/zoom": 2 });
});

test("the local values of a share's models are those that its viewer has", async () => {
  const sandbox = sandboxOf({ code: { default: { render: () => undefined } } });
  const root = modelSpec("map", "code", { local: ["zoom"] });
  const child = modelSpec("map/children.0", "code", { local: ["open"] });
  const values = { "map/zoom": 1, "map/value": 2, "map/children.0/open": false };
  await shown(sandbox.registry, shareSpec("map", [root, child], values));
  sandbox.registry.receiveLook({ "map/zoom": 5, "map/value": 9 });
  expect(sandbox.registry.lookOf("map")).toEqual({ "map/zoom": 5, "map/children.0/open": false });
  expect(sandbox.registry.lookOf("other")).toEqual({});
});
