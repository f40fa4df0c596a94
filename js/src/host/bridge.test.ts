import { expect, test, vi } from "vitest";
import type { Note } from "../client";
import { Feeding } from "../feeding";
import { Emitter } from "../lib/emitter";
import type { KeyState, Model, Person, Share } from "../protocol/frames";
import type { ViewerWish } from "../protocol/viewer";
import { Bridge, type WidgetClient } from "./bridge";
import type { ShareSpec, ToSandbox } from "./messages";
import { zipped } from "./support";

function slider(over: Partial<Model> = {}, share: Partial<Share> = {}): Share {
  const rights = { writable: ["value"], local: [], events: [], messages: false };
  const code = { code: "c0de", style: null, classic: null };
  const model = { path: "", name: "Slider", traits: ["value"], ...rights, ...code, ...over };
  const bare = { modules: [], hidden: false, title: "", order: 0, by: "kernel" };
  return { name: "slider", ...bare, models: [model], ...share };
}

function event(model: string, content: unknown, count = 0): Note {
  return { type: "event", model, content, buffers: [], by: "kernel", trait: "", count };
}

function setting({ role = "participant" as WidgetClient["self"]["role"] } = {}) {
  const notes = new Emitter<Note>();
  const values = new Map<string, unknown>([["slider/value", 1]]);
  const known = new Set(values.keys());
  const posted: ToSandbox[] = [];
  const room = { shares: [slider()], people: [] as Person[] };
  const { signal } = new AbortController();
  const wishes: ViewerWish[][] = [];
  const client = {
    feeds: new Feeding((sent) => wishes.push([...sent])),
    self: { peer: "me", role, name: "Me", color: "" },
    shares: () => room.shares,
    people: () => room.people,
    keys: (prefix: string) => [...values.keys()].filter((key) => key.startsWith(prefix)),
    present: vi.fn(),
    value: (key: string) => values.get(key),
    state: (key: string) => (known.has(key) ? ({} as KeyState) : undefined),
    blob: vi.fn((hash: string) => zipped(`code of ${hash}`)),
    set: vi.fn((changes: Record<string, unknown>) => {
      for (const [key, value] of Object.entries(changes)) values.set(key, value);
      notes.emit({ type: "state", keys: Object.keys(changes) });
    }),
    emit: vi.fn(),
    fail: vi.fn(),
    on: (listener: (note: Note) => void, until: AbortSignal) => notes.on(listener, until),
  };
  const events = {
    onFailure: vi.fn(),
    onHeight: vi.fn(),
    onStaged: vi.fn(),
    onViewOnly: vi.fn(),
    onUnsendable: vi.fn(),
    onMarksFull: vi.fn(),
    onMoment: vi.fn(),
    onFile: vi.fn(),
    onReveal: vi.fn(),
  };
  const bridge = new Bridge(client, { post: (message) => posted.push(message) }, events, signal);
  const take = (type: ToSandbox["type"]) => posted.filter((message) => message.type === type);
  return { bridge, client, events, notes, values, known, room, posted, take };
}

function sharesIn(posted: ToSandbox[]): ShareSpec[] {
  return posted.flatMap((one) => (one.type === "share" ? [one.share] : []));
}

function problems(posted: ToSandbox[]): Record<string, unknown> {
  return Object.fromEntries(sharesIn(posted).map(({ name, models }) => [name, models[0]?.problem]));
}

function textsOf(posted: ToSandbox | undefined): Record<string, string> {
  return (posted && sharesIn([posted])[0]?.texts) ?? {};
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

test("code is asked for while the sandbox is still starting", () => {
  const { notes, client, posted } = setting();
  notes.emit({ type: "shares" });
  expect(client.blob).toHaveBeenCalledWith("c0de");
  expect(posted).toEqual([]);
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

test("what a share is described with goes in, of classic models too", async () => {
  const view = { view_module: "bqplot", view_version: "^0.5", view: "Figure" };
  const { bridge, room, take } = setting();
  room.shares = [
    slider(
      {
        ...{ code: null, local: ["zoom"], events: ["pulse"] },
        classic: { module: "bqplot", version: "0.5", name: "FigureModel", ...view },
      },
      { modules: [{ name: "bqplot", code: "m0" }], hidden: true },
    ),
  ];
  bridge.receiveReady();
  await vi.waitFor(() => expect(take("share")).toHaveLength(1));
  const sees = { viewModule: "bqplot", viewVersion: "^0.5", view: "Figure" };
  const rights = { writable: ["value"], local: ["zoom"], events: ["pulse"] };
  const classic = { module: "bqplot", version: "0.5", name: "FigureModel", ...sees };
  expect(take("share")[0]).toMatchObject({
    share: {
      ...{ modules: { bqplot: "m0" }, hidden: true, texts: { m0: "code of m0" } },
      models: [{ ...rights, code: "", classic }],
    },
  });
});

test("what is hidden is not on the stage", async () => {
  const { bridge, room, events, take } = setting();
  room.shares = [slider({}, { hidden: true })];
  bridge.receiveReady();
  await vi.waitFor(() => expect(take("share")).toHaveLength(1));
  expect(events.onStaged).toHaveBeenLastCalledWith(0);
});

test("[D11] what is no gzip is a problem of this widget alone", async () => {
  const { bridge, client, room, take } = setting();
  room.shares = [slider(), slider({ code: "plain" }, { name: "other" })];
  const { blob } = client;
  const plain = new TextEncoder().encode("export default {}");
  client.blob = vi.fn((hash) => (hash === "plain" ? Promise.resolve(plain) : blob(hash)));
  bridge.receiveReady();
  await vi.waitFor(() => expect(take("share")).toHaveLength(2));
  expect(problems(take("share"))).toEqual({
    slider: "",
    other: expect.stringContaining("gzip"),
  });
});

test("a module that does not arrive is a problem of the whole share", async () => {
  const { bridge, client, room, take } = setting();
  room.shares = [slider({}, { modules: [{ name: "https://a/b.js", code: "m0" }] })];
  const { blob } = client;
  client.blob = vi.fn((hash) => (hash === "m0" ? Promise.reject(new Error("gone")) : blob(hash)));
  bridge.receiveReady();
  await vi.waitFor(() => expect(take("share")).toHaveLength(1));
  expect(problems(take("share"))).toEqual({ slider: expect.stringContaining("gone") });
});

test("[D11] a share that is described anew costs no text again", async () => {
  const { client, room, notes, take } = await staged();
  room.shares = [slider({ style: "5ty1e" })];
  notes.emit({ type: "shares" });
  await vi.waitFor(() => expect(take("share")).toHaveLength(2));
  expect(take("share")[1]).toMatchObject({ share: { texts: { "5ty1e": "code of 5ty1e" } } });
  expect(Object.keys(textsOf(take("share")[1]))).toEqual(["5ty1e"]);
  expect(client.blob).toHaveBeenCalledTimes(2);
});

test("a text that the sandbox has let go is sent again", async () => {
  const { room, notes, take } = await staged();
  room.shares = [];
  notes.emit({ type: "shares" });
  room.shares = [slider()];
  notes.emit({ type: "shares" });
  await vi.waitFor(() => expect(take("share")).toHaveLength(2));
  expect(Object.keys(textsOf(take("share")[1]))).toEqual(["c0de"]);
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

const LINE = {
  kind: "line",
  t: null,
  t2: null,
  y: 5,
  y2: null,
  text: "",
  color: "",
  by: "",
} as const;

test("a chart's marks and others' cursors reach the sandbox", async () => {
  const { room, notes, values, take } = await staged();
  const cursor = { chart: "slider", t: 1, y: null, axis: "left" };
  const who = { peer: "bo", name: "Bo", color: "#0b7285", role: "viewer", kind: "guest" } as const;
  room.people = [
    { ...who, about: { cursor } },
    { ...who, peer: "me", name: "Me", about: {} },
  ];
  notes.emit({ type: "people" });
  values.set("/~mark/slider/a", LINE);
  notes.emit({ type: "state", keys: ["/~mark/slider/a"] });
  expect(take("cursors")).toMatchObject([{ cursors: [{ name: "Bo", t: 1 }] }]);
  expect(take("marks")).toEqual([{ type: "marks", share: "slider", marks: { a: LINE } }]);
});

test("what people leave on a chart is taken from shares on the stage only", async () => {
  const { bridge, client, events } = await staged();
  const picture = new Uint8Array();
  for (const share of ["slider", "other"]) {
    bridge.receive({ type: "cursor", share, cursor: { t: 1, y: 2, axis: "left" } });
    bridge.receive({ type: "mark", share, id: "a", mark: LINE });
    bridge.receive({ type: "moment", share, moment: { start: 1, end: 2, picture } });
  }
  expect(client.present).toHaveBeenCalledOnce();
  expect(client.set).toHaveBeenCalledExactlyOnceWith({
    "/~mark/slider/a": { ...LINE, by: "Me" },
  });
  expect(events.onMoment).toHaveBeenCalledExactlyOnceWith({
    share: "slider",
    start: 1,
    end: 2,
    picture,
  });
});

test("a mouse that is outside the frame points at nothing", async () => {
  const { bridge, client } = await staged();
  bridge.receive({ type: "cursor", share: "slider", cursor: { t: 1, y: 2, axis: "left" } });
  bridge.leave();
  expect(client.present).toHaveBeenLastCalledWith({ cursor: null });
});

test("a mark that cannot travel is told, and ends nothing", async () => {
  const { bridge, client, events } = await staged();
  client.set.mockImplementationOnce(() => {
    throw new TypeError("half an emoji");
  });
  bridge.receive({ type: "mark", share: "slider", id: "a", mark: LINE });
  expect(events.onUnsendable).toHaveBeenCalledOnce();
});

test("a range that somebody wants to see is told to a chart that is here, and where it is comes back", async () => {
  const { bridge, events, take } = await staged();
  bridge.focus("other", { start: 1, end: 2 });
  bridge.focus("slider", { start: 1, end: 2 });
  expect(take("focus")).toEqual([{ type: "focus", share: "slider", range: { start: 1, end: 2 } }]);
  bridge.receive({ type: "reveal", top: 40, height: 320 });
  expect(events.onReveal).toHaveBeenCalledExactlyOnceWith(40, 320);
});
