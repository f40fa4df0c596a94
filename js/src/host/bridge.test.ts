import { expect, test, vi } from "vitest";
import type { Note } from "../client";
import { setting, slider, staged } from "./bridge-setting";

function event(model: string, content: unknown, count = 0): Note {
  return { type: "event", model, content, buffers: [], by: "kernel", trait: "", count };
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
  notes.emit(event("", { a: 1 }));
  notes.emit(event("slider", { a: 1 }, 3));
  const message = { content: { a: 1 }, buffers: [], trait: "", count: 3 };
  expect(take("message")).toEqual([{ type: "message", model: "slider", message }]);
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

test("what is hidden is not on the stage", async () => {
  const { bridge, room, events, take } = setting();
  room.shares = [slider({}, { hidden: true })];
  bridge.receiveReady();
  await vi.waitFor(() => expect(take("share")).toHaveLength(1));
  expect(events.onStaged).toHaveBeenLastCalledWith(0);
});

test("[E4] what is said while a share is on its way reaches its models after it", async () => {
  const { bridge, notes, take, posted } = setting();
  bridge.receiveReady();
  notes.emit(event("slider", "first", 1));
  notes.emit(event("slider", "second", 2));
  await vi.waitFor(() => expect(take("message")).toHaveLength(2));
  expect(posted.map(({ type }) => type)).toEqual(["theme", "share", "message", "message"]);
});

test("a share that is described as before again hears what was said meanwhile", async () => {
  const { room, known, notes, take } = await staged();
  known.add("slider/picture"); // a blob that is on its way
  room.shares = [slider({ traits: ["value", "picture"] })];
  notes.emit({ type: "shares" });
  notes.emit(event("slider", "meanwhile"));
  expect(take("message")).toEqual([]);
  room.shares = [slider()];
  notes.emit({ type: "shares" });
  expect(take("message")).toMatchObject([{ message: { content: "meanwhile" } }]);
});

test("what has changed before a message is seen before it", async () => {
  const { notes, values, posted } = await staged();
  values.set("slider/value", 7);
  notes.emit({ type: "state", keys: ["slider/value"] });
  notes.emit(event("slider", "look"));
  expect(posted.slice(-2).map(({ type }) => type)).toEqual(["state", "message"]);
});

test("a viewer's view that writes its housekeeping is not told off", async () => {
  const { bridge, client, events, take } = setting({ role: "viewer" });
  bridge.receiveReady();
  await vi.waitFor(() => expect(take("share")).toHaveLength(1));
  bridge.receive({ type: "set", turn: 1, values: { "slider/_range": 1, "slider/zoom": 2 } });
  expect(events.onViewOnly).not.toHaveBeenCalled();
  expect(client.set).not.toHaveBeenCalled();
});

test("a widget sends messages only to models that are on the stage", async () => {
  const { bridge, client } = await staged();
  bridge.receive({ type: "emit", model: "other", content: 1, buffers: [] });
  expect(client.emit).not.toHaveBeenCalled();
});

test("[E5] a failure is told once, and not more than twenty of them", async () => {
  const { bridge, client } = await staged();
  const failure = (text: string) => {
    const told = { model: "slider", phase: "render" as const, text };
    bridge.receive({ type: "failure", failure: told });
  };
  failure("0");
  for (let at = 0; at < 40; at += 1) failure(String(at));
  expect(client.fail).toHaveBeenCalledTimes(20);
  expect(client.fail.mock.calls.slice(0, 2)).toEqual([
    ["slider", "render", "0"],
    ["slider", "render", "1"],
  ]);
});
