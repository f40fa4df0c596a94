import { expect, test, vi } from "vitest";
import type { Note } from "../client";
import { Emitter } from "../lib/emitter";
import type { KeyState, Share } from "../protocol/frames";
import { Bridge, type WidgetClient } from "./bridge";
import type { ToSandbox } from "./messages";

function slider(over: Partial<Share["models"][number]> = {}): Share {
  const model = {
    ...{ path: "", name: "Slider", traits: ["value"], writable: ["value"], local: [] },
    ...{ code: "c0de", style: null, messages: false, ...over },
  };
  return { name: "slider", title: "", order: 0, by: "kernel", models: [model] };
}

function setting({ role = "participant" as WidgetClient["self"]["role"] } = {}) {
  const notes = new Emitter<Note>();
  const values = new Map<string, unknown>([["slider/value", 1]]);
  const known = new Set(values.keys());
  const posted: ToSandbox[] = [];
  const room = { shares: [slider()] };
  const { signal } = new AbortController();
  const client = {
    self: { peer: "me", role, name: "Me", color: "" },
    shares: () => room.shares,
    value: (key: string) => values.get(key),
    state: (key: string) => (known.has(key) ? ({} as KeyState) : undefined),
    blob: vi.fn(async (hash: string) => new TextEncoder().encode(`code of ${hash}`)),
    set: vi.fn((changes: Record<string, unknown>) => {
      for (const [key, value] of Object.entries(changes)) values.set(key, value);
      notes.emit({ type: "state", keys: Object.keys(changes) });
    }),
    emit: vi.fn(),
    on: (listener: (note: Note) => void, until: AbortSignal) => notes.on(listener, until),
  };
  const events = {
    onFailure: vi.fn(),
    onHeight: vi.fn(),
    onStaged: vi.fn(),
    onViewOnly: vi.fn(),
    onUnsendable: vi.fn(),
  };
  const bridge = new Bridge(client, { post: (message) => posted.push(message) }, events, signal);
  const take = (type: ToSandbox["type"]) => posted.filter((message) => message.type === type);
  return { bridge, client, events, notes, values, known, room, take };
}

async function staged() {
  const set = setting();
  set.bridge.receiveReady();
  await vi.waitFor(() => expect(set.take("share")).toHaveLength(1));
  return set;
}

test("a share is posted with its code and its values", async () => {
  const { take, events } = await staged();
  expect(take("share")[0]).toMatchObject({
    share: {
      name: "slider",
      models: [{ id: "slider", code: "c0de", problem: "" }],
      values: { "slider/value": 1 },
      texts: { c0de: "code of c0de" },
    },
  });
  expect(events.onStaged).toHaveBeenLastCalledWith(1);
});

test("a share waits for values whose blobs are on their way", async () => {
  const { bridge, values, notes, take } = setting();
  values.delete("slider/value");
  bridge.receiveReady();
  await new Promise((resolve) => setTimeout(resolve));
  expect(take("share")).toEqual([]);
  values.set("slider/value", 5);
  notes.emit({ type: "state", keys: ["slider/value"] });
  await vi.waitFor(() => expect(take("share")).toHaveLength(1));
});

test("a share that is described anew is posted again, one that is the same is not", async () => {
  const { room, notes, take } = await staged();
  notes.emit({ type: "shares" });
  room.shares = [slider({ code: "newer" })];
  notes.emit({ type: "shares" });
  await vi.waitFor(() => expect(take("share")).toHaveLength(2));
});

test("a share that is gone is taken away", async () => {
  const { room, notes, take } = await staged();
  room.shares = [];
  notes.emit({ type: "shares" });
  expect(take("gone")).toEqual([{ type: "gone", share: "slider" }]);
});

test("changes of one go reach the sandbox together", async () => {
  const { notes, values, take } = await staged();
  values.set("slider/value", 7);
  notes.emit({ type: "state", keys: ["slider/value", "/threshold"] });
  notes.emit({ type: "state", keys: ["slider/value"] });
  await Promise.resolve();
  expect(take("state")).toEqual([{ type: "state", turn: 0, values: { "slider/value": 7 } }]);
});

test("what comes back names the last turn of the sandbox", async () => {
  const { bridge, take } = await staged();
  bridge.receive({ type: "set", turn: 3, values: { "slider/value": 9 } });
  await Promise.resolve();
  expect(take("state")).toEqual([{ type: "state", turn: 3, values: { "slider/value": 9 } }]);
});

test("a refused write is put back", async () => {
  const { notes, take } = await staged();
  const refused = { slug: "not-writable", text: "", keys: ["slider/value"] };
  notes.emit({ type: "refused", id: 1, ...refused });
  await Promise.resolve();
  expect(take("state")).toMatchObject([{ values: { "slider/value": 1 } }]);
});

test("a viewer's write is put back and not sent", async () => {
  const { bridge, client, events, take } = setting({ role: "viewer" });
  bridge.receiveReady();
  await vi.waitFor(() => expect(take("share")).toHaveLength(1));
  bridge.receive({ type: "set", turn: 1, values: { "slider/value": 9 } });
  await Promise.resolve();
  expect(client.set).not.toHaveBeenCalled();
  expect(events.onViewOnly).toHaveBeenCalledOnce();
  expect(take("state")).toEqual([{ type: "state", turn: 1, values: { "slider/value": 1 } }]);
});

test("a widget writes only keys of shares that are on the stage", async () => {
  const { bridge, client } = await staged();
  bridge.receive({ type: "set", turn: 1, values: { "/threshold": 1, "other/value": 2 } });
  expect(client.set).not.toHaveBeenCalled();
});

test("a widget cannot speak for the interface", async () => {
  const { bridge, client } = await staged();
  bridge.receive({ type: "emit", model: "", content: { ask: "stop" }, buffers: [] });
  bridge.receive({ type: "emit", model: "slider", content: 1, buffers: [] });
  expect(client.emit).toHaveBeenCalledExactlyOnceWith("slider", 1, []);
});

test("messages of models go in, those to the interface do not", async () => {
  const { notes, take } = await staged();
  const message = { content: { a: 1 }, buffers: [], by: "kernel" };
  notes.emit({ type: "event", model: "", ...message });
  notes.emit({ type: "event", model: "slider", ...message });
  expect(take("message")).toMatchObject([{ model: "slider", content: { a: 1 } }]);
});

test("code that does not arrive is a problem of this widget alone", async () => {
  const { bridge, client, take } = setting();
  client.blob.mockRejectedValue(new Error("gone"));
  bridge.receiveReady();
  await vi.waitFor(() => expect(take("share")).toHaveLength(1));
  expect(take("share")[0]).toMatchObject({
    share: { models: [{ problem: expect.stringContaining("gone") }] },
  });
});

test("a sandbox that greets again gets everything again", async () => {
  const { bridge, take } = await staged();
  bridge.receiveReady();
  await vi.waitFor(() => expect(take("share")).toHaveLength(2));
  expect(take("theme")).toHaveLength(2);
});

test("what cannot travel is told and ends nothing", async () => {
  const { bridge, client, events } = await staged();
  client.set.mockImplementation(() => {
    throw new TypeError("a function");
  });
  bridge.receive({ type: "set", turn: 1, values: { "slider/value": 1 } });
  expect(events.onUnsendable).toHaveBeenCalledOnce();
});
