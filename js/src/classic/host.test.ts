import type { WidgetModel } from "@jupyter-widgets/base";
import { afterEach, expect, test, vi } from "vitest";
import { classesOf, Room, settled } from "./support";

afterEach(() => document.body.replaceChildren());

const slider = { value: 5, min: 0, max: 100, step: 1, description: "Speed" };

async function modelOf(room: Room, id: string): Promise<WidgetModel> {
  return room.host.modelOf(id);
}

test("a widget is drawn with its values and follows them", async () => {
  const room = new Room();
  const text = room.open("name", "TextModel", { value: "Ada", description: "Name" });
  const { el } = await room.show("name");
  text.receiveState({ value: "Grace" }, 0);
  await settled();
  expect(el.querySelector("input")?.value).toBe("Grace");
});

test("children are made before their parents, in whatever order they come", async () => {
  const room = new Room();
  room.open("box", "VBoxModel", { children: ["anywidget:box/b", "anywidget:box/a"] });
  room.open("box/a", "LabelModel", { value: "first" });
  room.open("box/b", "LabelModel", { value: "second" });
  const { el } = await room.show("box");
  expect(el.textContent).toBe("secondfirst");
});

test("a parent waits for a child that comes later", async () => {
  const room = new Room();
  room.open("box", "VBoxModel", { children: ["anywidget:late"] });
  const showing = room.show("box");
  await settled();
  room.open("late", "LabelModel", { value: "here" });
  expect((await showing).el.textContent).toBe("here");
});

test("models that refer to each other are made all the same", async () => {
  const room = new Room();
  room.open("a", "VBoxModel", { children: ["anywidget:b"] });
  room.open("b", "VBoxModel", { children: ["anywidget:a"] });
  const [a, b] = [await modelOf(room, "a"), await modelOf(room, "b")];
  await settled();
  expect([a.get("children"), b.get("children")]).toEqual([[b], [a]]);
});

test("children that are swapped in are drawn, and those that stay are not drawn again", async () => {
  const room = new Room();
  for (const id of ["one", "two", "three"]) room.open(id, "LabelModel", { value: id });
  const box = room.open("box", "VBoxModel", { children: ["anywidget:one", "anywidget:two"] });
  const { el } = await room.show("box");
  const kept = el.querySelector(".widget-label");
  box.receiveState({ children: ["anywidget:one", "anywidget:three"] }, 0);
  await settled();
  expect(el.textContent).toBe("onethree");
  expect(el.querySelector(".widget-label")).toBe(kept);
});

test("a model of other classes takes the older one's place inside of those that contain it", async () => {
  const room = new Room();
  room.open("box", "VBoxModel", { children: ["anywidget:box/x", "anywidget:box/y"] });
  room.open("box/x", "IntSliderModel", slider);
  room.open("box/y", "LabelModel", { value: "after" });
  const { el } = await room.show("box");
  room.open("box/x", "TextModel", { value: "now text" });
  await settled();
  expect(el.querySelector(".widget-slider")).toBeNull();
  expect(el.querySelector("input")?.value).toBe("now text");
  expect(el.textContent).toMatch(/after$/);
});

test("a root of other classes is drawn in the older one's place", async () => {
  const room = new Room();
  room.open("x", "IntSliderModel", slider);
  const { el } = await room.show("x");
  room.open("x", "LabelModel", { value: "label" });
  await settled();
  expect(el.textContent).toBe("label");
});

test("a model that is closed and made anew at once is the one that its parent has", async () => {
  const room = new Room();
  room.open("box", "VBoxModel", { children: ["anywidget:box/x"] });
  room.open("box/x", "LabelModel", { value: "old" });
  const { el } = await room.show("box");
  room.close("box/x");
  room.open("box/x", "LabelModel", { value: "new" });
  await settled();
  expect(el.textContent).toBe("new");
});

test("the same description again changes nothing but values", async () => {
  const room = new Room();
  room.open("x", "LabelModel", { value: "a" });
  const { el } = await room.show("x");
  const node = el.firstElementChild;
  room.open("x", "LabelModel", { value: "b" });
  await settled();
  expect(el.firstElementChild).toBe(node);
  expect(el.textContent).toBe("b");
});

test("an unknown package draws a card that names it, and the others stand", async () => {
  const room = new Room();
  room.open("box", "HBoxModel", { children: ["anywidget:box/x", "anywidget:box/y"] });
  room.open("box/x", "FooModel", {}, { classic: classesOf("FooModel", "ipyfoo") });
  room.open("box/y", "LabelModel", { value: "fine" });
  const { el } = await room.show("box");
  expect(el.textContent).toMatch(/card: The package "ipyfoo" is not installed.*fine/);
  expect(room.failed).toMatchObject([{ model: "box/x", phase: "import" }]);
});

test.each([
  ["initialize", "class M extends base.DOMWidgetModel { initialize() { throw new Error('no'); } }"],
  ["render", "class V extends base.DOMWidgetView { render() { throw new Error('no'); } }"],
])("a widget that throws in its %s draws a card", async (phase, own) => {
  const room = new Room();
  room.texts.bad = `define(["@jupyter-widgets/base"], (base) => {
    ${own}
    return { BadModel: typeof M === "undefined" ? base.DOMWidgetModel : M,
             BadView: typeof V === "undefined" ? base.DOMWidgetView : V };
  });`;
  room.open("x", "BadModel", {}, { classic: classesOf("BadModel", "bad") });
  const { el } = await room.show("x");
  expect(el.textContent).toBe("card: no");
  expect(room.failed).toMatchObject([{ model: "x", phase }]);
});

test("a package that comes with a later description is used then", async () => {
  const room = new Room();
  const changes = { classic: classesOf("FooModel", "ipyfoo") };
  room.open("box", "VBoxModel", { children: ["anywidget:x"] });
  room.open("x", "FooModel", {}, changes);
  const { el } = await room.show("box");
  room.texts.ipyfoo = `define(["@jupyter-widgets/base"], (base) => ({
    FooModel: base.DOMWidgetModel,
    FooView: class extends base.DOMWidgetView { render() { this.el.textContent = "foo"; } },
  }));`;
  room.open("x", "FooModel", {}, changes);
  await settled();
  expect(el.textContent).toBe("foo");
});

test("a widget whose problem is known draws it", async () => {
  const room = new Room();
  room.open("x", "LabelModel", {}, { problem: "It is too large." });
  expect((await room.show("x")).el.textContent).toBe("card: It is too large.");
});

test("a value that cannot be read does not hold back those after it", async () => {
  const reported = vi.spyOn(console, "error").mockImplementation(() => undefined);
  const room = new Room();
  room.texts.picky = `define(["@jupyter-widgets/base"], (base) => {
    class PickyModel extends base.DOMWidgetModel {}
    PickyModel.serializers = { x: { deserialize(x) { if (x === 1) throw new Error("one"); return x; } } };
    return { PickyModel, PickyView: base.DOMWidgetView };
  });`;
  const picky = room.open(
    "p",
    "PickyModel",
    { x: 0 },
    { classic: classesOf("PickyModel", "picky") },
  );
  const model = await modelOf(room, "p");
  picky.receiveState({ x: 1 }, 0);
  picky.receiveState({ x: 2 }, 0);
  await settled();
  expect(model.get("x")).toBe(2);
  expect(reported).toHaveBeenCalledOnce();
  reported.mockRestore();
});

test("closing takes the views down first, then the model, and nothing is written", async () => {
  const room = new Room();
  room.open("box", "VBoxModel", { children: ["anywidget:x"] });
  room.open("x", "IntSliderModel", { ...slider, _view_count: 0 });
  const model = await modelOf(room, "x");
  const order: string[] = [];
  model.once("destroy", () => order.push("model"));
  const { el } = await room.show("box");
  for (const view of Object.values(model.views ?? {})) {
    (await view).once("remove", () => order.push(model.comm_live ? "live view" : "view"));
  }
  room.close("x");
  await settled();
  expect(order).toEqual(["view", "model"]);
  expect(el.querySelector(".widget-slider")).toBeNull();
  expect(room.saved).toEqual([]);
});

test("a closed share leaves no model and no listener behind", async () => {
  const room = new Room();
  const ids = ["box", "box/layout", "box/x", "box/x/layout"];
  room.open("box", "VBoxModel", { children: ["anywidget:box/x"], layout: "anywidget:box/layout" });
  room.open("box/layout", "LayoutModel");
  room.open("box/x", "IntSliderModel", { ...slider, layout: "anywidget:box/x/layout" });
  room.open("box/x/layout", "LayoutModel");
  await room.show("box");
  const models = await Promise.all(ids.map((id) => modelOf(room, id)));
  for (const id of ids) room.close(id);
  await settled();
  expect(ids.some((id) => room.host.isShared(id))).toBe(false);
  expect(models.map((model) => [model.views, listenersOf(model)])).toEqual(
    ids.map(() => [undefined, 0]),
  );
});

test("a view that throws when it goes, or never gets ready, keeps no model", async () => {
  const reported = vi.spyOn(console, "error").mockImplementation(() => undefined);
  const room = new Room();
  room.texts.bad = `define(["@jupyter-widgets/base"], (base) => ({
    BadModel: base.DOMWidgetModel,
    BadView: class extends base.DOMWidgetView { remove() { throw new Error("no"); } },
    SlowModel: base.DOMWidgetModel,
    SlowView: class extends base.DOMWidgetView { render() { return new Promise(() => {}); } },
  }));`;
  for (const name of ["BadModel", "SlowModel"]) {
    room.open(name, name, {}, { classic: classesOf(name, "bad") });
    void room.show(name);
  }
  const models = [await modelOf(room, "BadModel"), await modelOf(room, "SlowModel")];
  await settled();
  for (const { model_id } of models) room.close(model_id);
  await settled();
  expect(models.map(listenersOf)).toEqual([0, 0]);
  expect(reported).toHaveBeenCalled();
  reported.mockRestore();
});

test("views that come and go leave nothing on their model", async () => {
  const room = new Room();
  room.open("x", "IntSliderModel", { ...slider, layout: "anywidget:x/layout" });
  room.open("x/layout", "LayoutModel");
  const models = [await modelOf(room, "x"), await modelOf(room, "x/layout")];
  const before = models.map(listenersOf);
  for (let round = 0; round < 3; round++) (await room.show("x")).end();
  await settled();
  expect(models.map(listenersOf)).toEqual(before);
  expect(models.map((model) => Object.keys(model.views ?? {}))).toEqual([[], []]);
});

test("a view whose place has left the document before it is ended goes quietly", async () => {
  const room = new Room();
  room.open("x", "LabelModel", { value: "a" });
  const { el, end } = await room.show("x");
  el.remove();
  end();
  expect(el.childElementCount).toBe(0);
});

/** Backbone keeps them in a property of its own. */
function listenersOf(model: WidgetModel): number {
  const events: unknown = Reflect.get(model, "_events") ?? {};
  return Object.values(events as Record<string, unknown[]>).flat().length;
}
