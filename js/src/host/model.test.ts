import { expect, test, vi } from "vitest";
import type { Message } from "./messages";
import { Model, type Outlet } from "./model";

function setting(local: string[] = []) {
  const saved: Record<string, unknown>[] = [];
  const emitted: unknown[] = [];
  const outlet: Outlet = {
    save: (values) => saved.push(values),
    emit: (...message) => emitted.push(message),
    find: () => Promise.resolve(model),
  };
  const model: Model = new Model("slider", outlet);
  model.describe(local, ["value", "label", "_range"]);
  model.receiveState({ value: 1, label: "a" }, 0);
  const closing = new AbortController();
  return { model, face: model.face(closing.signal), saved, emitted, closing };
}

const all = () => true;

function event(trait: string, content: unknown): Message {
  return { content, buffers: [], trait, count: 0 };
}

test("set without save_changes is seen here and sent to nobody", () => {
  const { face, saved } = setting();
  face.set("value", 2);
  expect(face.get("value")).toBe(2);
  expect(saved).toEqual([]);
});

test("save_changes sends what was set since the last time, together", () => {
  const { face, saved } = setting();
  face.set("value", 2);
  face.set({ label: "b" });
  face.save_changes();
  face.set("value", 3);
  face.save_changes();
  expect(saved).toEqual([{ "slider/value": 2, "slider/label": "b" }, { "slider/value": 3 }]);
});

test("a local trait is never sent, and the room no longer changes it", () => {
  const { model, face, saved } = setting(["value"]);
  face.set("value", 2);
  face.save_changes();
  model.receiveState({ value: 9 }, 1);
  expect(saved).toEqual([]);
  expect(face.get("value")).toBe(2);
});

test("a change is announced by trait and as a whole, and an equal value is not", () => {
  const { model, face } = setting();
  const [one, whole] = [vi.fn(), vi.fn()];
  face.on("change:value", one);
  face.on("change", whole);
  model.receiveState({ value: 1, label: "b" }, 0);
  face.set("value", 5);
  expect(one).toHaveBeenCalledExactlyOnceWith(face, 5);
  expect(whole).toHaveBeenCalledTimes(2);
});

test("a state that is older than what was sent does not move the value back", () => {
  const { model, face } = setting();
  for (const value of [2, 3]) {
    face.set("value", value);
    face.save_changes();
  }
  model.receiveState({ value: 2 }, 1);
  expect(face.get("value")).toBe(3);
});

test("a state that includes what was sent corrects it", () => {
  const { model, face } = setting();
  face.set("value", 200);
  face.save_changes();
  model.receiveState({ value: 100 }, 1);
  expect(face.get("value")).toBe(100);
});

test("a listener that throws is reported, and the others still hear", () => {
  const reported = vi.fn();
  vi.stubGlobal("reportError", reported);
  const { model, face } = setting();
  const other = vi.fn();
  face.on("change:value", () => {
    throw new Error("mine");
  });
  face.on("change:value", other);
  model.receiveState({ value: 2 }, 0);
  expect(other).toHaveBeenCalledOnce();
  expect(reported).toHaveBeenCalledOnce();
});

test("off removes one callback, one event, or all of this face", () => {
  const { model, face } = setting();
  const others = model.face(new AbortController().signal);
  const [a, b, c, foreign] = [vi.fn(), vi.fn(), vi.fn(), vi.fn()];
  face.on("change:value change:label", a);
  face.on("change:value", b);
  face.on("change", c);
  others.on("change", foreign);
  face.off("change:value", a);
  model.receiveState({ value: 2 }, 0);
  face.off("change:value");
  model.receiveState({ value: 3 }, 0);
  face.off();
  model.receiveState({ value: 4, label: "z" }, 0);
  expect([a, b, c, foreign].map(({ mock }) => mock.calls.length)).toEqual([0, 1, 2, 3]);
});

test("a view that has ended hears nothing more", () => {
  const { model, face, closing } = setting();
  const callback = vi.fn();
  face.on("change:value", callback);
  closing.abort();
  face.on("change:value", callback);
  model.receiveState({ value: 2 }, 0);
  expect(callback).not.toHaveBeenCalled();
});

test("messages go out with bytes of their own and come in with DataViews", () => {
  const { model, face, emitted } = setting();
  const heard = vi.fn();
  face.on("msg:custom", heard);
  face.send({ ask: 1 }, undefined, [new Uint8Array([7, 8]).subarray(1)]);
  const buffers = [new Uint8Array([5])];
  model.receive({ content: { answer: 2 }, buffers, trait: "", count: 0 }, all);
  expect(emitted).toEqual([["slider", { ask: 1 }, [new Uint8Array([8])]]]);
  const [content, views] = heard.mock.calls[0] ?? [];
  expect(content).toEqual({ answer: 2 });
  expect(views[0]).toBeInstanceOf(DataView);
});

test("a local trait has the room's value until this viewer has set one", () => {
  const { model, face } = setting(["value"]);
  model.receiveState({ value: 9 }, 0);
  expect(face.get("value")).toBe(9);
});

test("a view's housekeeping stays here", () => {
  const { face, saved } = setting();
  face.set({ _range: [0, 1], _view_count: 2, undeclared: 3, $events: 9 });
  face.save_changes();
  face.set({ value: 2, _range: [0, 2] });
  face.save_changes();
  expect(saved).toEqual([{ "slider/value": 2 }]);
  expect(face.get("undeclared")).toBe(3);
});

test("[E4] an event's trait is announced although it has this value already", () => {
  const { model, face } = setting();
  const heard = vi.fn();
  face.on("change:_py2js_restyle", (_, value) => heard(value));
  for (const content of [{ a: 1 }, { a: 1 }, null]) {
    model.receive(event("_py2js_restyle", content), all);
  }
  expect(heard.mock.calls).toEqual([[{ a: 1 }], [{ a: 1 }], [null]]);
});

test("a message is heard by those that it is for", () => {
  const { model, face } = setting();
  const other = model.face(new AbortController().signal);
  const [here, there] = [vi.fn(), vi.fn()];
  face.on("change:pulse", here);
  other.on("change:pulse", there);
  model.receive(event("pulse", 1), (one) => one === other);
  expect([here.mock.calls.length, there.mock.calls.length]).toEqual([0, 1]);
});
