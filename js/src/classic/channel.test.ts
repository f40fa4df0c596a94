import type { WidgetModel } from "@jupyter-widgets/base";
import { afterEach, expect, test, vi } from "vitest";
import { Room, settled } from "./support";

afterEach(() => {
  document.body.replaceChildren();
  vi.unstubAllGlobals();
});

/** A slider in a room, with its model: what a person does, is done to the model. */
async function slider(values: Record<string, unknown> = {}) {
  const room = new Room();
  const shown = room.open("s", "IntSliderModel", { value: 0, min: 0, max: 100, ...values });
  const model = await room.host.modelOf("s");
  return { room, shown, model };
}

function drag(model: WidgetModel, value: unknown, trait = "value"): void {
  model.set(trait, value);
  model.save_changes();
}

test("ten steps in a row all arrive: each message is answered with idle", async () => {
  const { room, model } = await slider();
  for (let step = 1; step <= 10; step++) {
    drag(model, step);
    await Promise.resolve();
  }
  expect(room.saved).toEqual(
    [1, 2, 3, 4, 5, 6, 7, 8, 9, 10].map((value) => ({ "s/value": value })),
  );
});

test("steps of one moment are sent as the last of them", async () => {
  const { room, model } = await slider();
  for (let step = 1; step <= 10; step++) drag(model, step);
  await settled();
  expect(room.saved.at(-1)).toEqual({ "s/value": 10 });
});

test("a message has an id, so that nothing waits for its echo without one", async () => {
  const { model } = await slider();
  const state = { method: "update", state: { value: 1 } };
  const ids = [model.comm?.send(state), model.comm?.send(state)];
  expect(new Set(ids).size).toBe(2);
  expect(ids.every((id) => typeof id === "string" && id !== "")).toBe(true);
});

test("a value that is older than what was sent since is passed over", async () => {
  const { shown, model } = await slider();
  drag(model, 8);
  shown.receiveState({ value: 3, max: 50 }, 0);
  await settled();
  expect([model.get("value"), model.get("max")]).toEqual([8, 50]);
});

test("what was sent while a value is being read is newer than it", async () => {
  const { shown, model } = await slider();
  shown.receiveState({ value: 3 }, 0);
  drag(model, 8);
  await settled();
  expect(model.get("value")).toBe(8);
});

test("the room's answer to what was sent is taken: a correction", async () => {
  const { shown, model } = await slider();
  drag(model, 8);
  shown.receiveState({ value: 7 }, 1);
  await settled();
  expect(model.get("value")).toBe(7);
});

test("what the room says is not sent back", async () => {
  const { room, shown } = await slider();
  await room.show("s");
  shown.receiveState({ value: 70 }, 0);
  shown.receiveState({ max: 50 }, 0);
  await settled();
  expect(room.saved).toEqual([]);
});

test("a view's housekeeping stays here", async () => {
  const { room, model } = await slider({ _view_count: 0 });
  drag(model, 3, "_view_count");
  drag(model, "x", "unheard_of");
  await settled();
  expect([model.get("unheard_of"), room.saved]).toEqual(["x", []]);
});

test("a trait that nobody may write is sent when a person wants it, else it stays here", async () => {
  const { room, model } = await slider();
  vi.stubGlobal("navigator", { userActivation: { isActive: false } });
  drag(model, 7, "max");
  await settled();
  vi.stubGlobal("navigator", { userActivation: { isActive: true } });
  drag(model, 8, "max");
  expect(room.saved).toEqual([{ "s/max": 8 }]);
});

test("a local trait is each viewer's own", async () => {
  const room = new Room();
  const shown = room.open("s", "IntSliderModel", { value: 1 }, { local: ["value"] });
  const model = await room.host.modelOf("s");
  shown.receiveState({ value: 2 }, 0);
  await settled();
  drag(model, 40);
  shown.receiveState({ value: 3 }, 5);
  await settled();
  expect([model.get("value"), room.saved]).toEqual([40, []]);
});

test("[P8] a local value is told to who follows, and theirs holds over what was set here", async () => {
  const room = new Room();
  const shown = room.open("s", "IntSliderModel", { value: 1, max: 100 }, { local: ["value"] });
  const model = await room.host.modelOf("s");
  drag(model, 8);
  expect(room.kept).toEqual([{ "s/value": 8 }]);
  shown.receiveState({ value: 40 }, Number.POSITIVE_INFINITY);
  await settled();
  expect([model.get("value"), room.saved, room.kept.length]).toEqual([40, [], 1]);
});

test("a local trait that a view sets on its own still follows the room", async () => {
  const room = new Room();
  const shown = room.open("s", "IntSliderModel", { value: 1 }, { local: ["value"] });
  const model = await room.host.modelOf("s");
  vi.stubGlobal("navigator", { userActivation: { isActive: false } });
  drag(model, 40);
  shown.receiveState({ value: 3 }, 0);
  await settled();
  expect([model.get("value"), room.saved]).toEqual([3, []]);
});

test("widgets that are linked both ways answer a person, not each other's echoes", async () => {
  const room = new Room();
  const a = room.open("a", "IntSliderModel", { value: 1, min: 0, max: 100 });
  room.open("b", "IntSliderModel", { value: 1, min: 0, max: 100 });
  const ends = { source: ["anywidget:a", "value"], target: ["anywidget:b", "value"] };
  room.open("link", "LinkModel", ends);
  await room.host.modelOf("link");
  const [modelA, modelB] = [await room.host.modelOf("a"), await room.host.modelOf("b")];
  a.receiveState({ value: 30 }, 0);
  await settled();
  expect([modelB.get("value"), room.saved]).toEqual([30, []]);
  drag(modelA, 40);
  await settled();
  expect(room.saved).toEqual([{ "b/value": 40 }, { "a/value": 40 }]);
});

test("bytes come in buffers of their own", async () => {
  const room = new Room();
  const frame = new Uint8Array([9, 9, 1, 2, 3]);
  room.open("i", "ImageModel", { value: frame.subarray(2), format: "png" });
  const view: DataView = (await room.host.modelOf("i")).get("value");
  expect([...new Uint8Array(view.buffer)]).toEqual([1, 2, 3]);
});

test("bytes inside of a value go out as bytes", async () => {
  const room = new Room();
  room.open("f", "FileUploadModel", { value: [] });
  const content = new Uint8Array([1, 2, 3]).buffer;
  drag(await room.host.modelOf("f"), [{ name: "a.bin", content }]);
  expect(room.saved).toEqual([
    { "f/value": [{ name: "a.bin", content: new Uint8Array([1, 2, 3]) }] },
  ]);
});

test("references go out as the room writes them", async () => {
  const room = new Room();
  room.open("x", "LabelModel", { value: "x" });
  room.open("box", "VBoxModel", { children: [] }, { writable: ["children"] });
  drag(await room.host.modelOf("box"), [await room.host.modelOf("x")], "children");
  expect(room.saved).toEqual([{ "box/children": ["anywidget:x"] }]);
});

test("text that looks like a reference stays as it is", async () => {
  const room = new Room();
  room.open("t", "TextModel", { value: "anywidget:hello" });
  expect((await room.host.modelOf("t")).get("value")).toBe("anywidget:hello");
});

test("custom messages go both ways with their buffers", async () => {
  const room = new Room();
  const shown = room.open("b", "ButtonModel", { description: "Go" });
  const model = await room.host.modelOf("b");
  const heard = vi.fn();
  model.on("msg:custom", heard);
  shown.receiveMessage({ do: "it", data: new Uint8Array([7]) }, [new Uint8Array([1, 2])]);
  model.send({ event: "click" }, {}, [new Uint8Array([0, 5, 6]).subarray(1)]);
  await settled();
  const [content, [buffer]] = heard.mock.calls[0] ?? [];
  expect([content.data.getUint8(0), [...new Uint8Array(buffer.buffer)]]).toEqual([7, [1, 2]]);
  expect(room.emitted).toEqual([
    { model: "b", content: { event: "click" }, buffers: [new Uint8Array([5, 6])] },
  ]);
});

test("a message is handled after the values that came before it", async () => {
  const room = new Room();
  const shown = room.open("b", "ButtonModel", { description: "before" });
  const seen: unknown[] = [];
  shown.receiveState({ description: "after" }, 0);
  const model = await room.host.modelOf("b");
  model.on("msg:custom", () => seen.push(model.get("description")));
  shown.receiveState({ description: "last" }, 0);
  shown.receiveMessage({}, []);
  await settled();
  expect(seen).toEqual(["last"]);
});

test("a request for the state is answered and changes nothing", async () => {
  const { room, model } = await slider();
  const idle = vi.fn();
  model.comm?.send({ method: "request_state" }, { iopub: { status: idle } });
  await settled();
  expect([idle.mock.calls.length, model.get("value"), room.saved]).toEqual([1, 0, []]);
});

test("the room's own keys are none of the model's", async () => {
  const { shown, model } = await slider({ $events: 4, $journal: [] });
  shown.receiveState({ $events: 5 }, 0);
  await settled();
  expect(Object.keys(model.attributes).filter((trait) => trait.startsWith("$"))).toEqual([]);
});
