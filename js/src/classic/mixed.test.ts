import { afterEach, expect, test, vi } from "vitest";
import type { Shown } from "../host/classic";
import { Model } from "../host/model";
import { Room, settled } from "./support";

afterEach(() => document.body.replaceChildren());

/** A widget that is not classic, as the registry holds it. */
function anywidget(id: string, values: Record<string, unknown>) {
  const outlet = { save: () => 0, emit: () => undefined, find: () => Promise.reject(new Error()) };
  const model = new Model(id, outlet);
  model.receiveState(values, 0);
  const ended = vi.fn();
  const shown: Shown = {
    receiveState: (state, turn) => model.receiveState(state, turn),
    receiveMessage: () => undefined,
    face: (signal) => model.face(signal),
    exports: async () => undefined,
    show: async (el, signal) => {
      el.append(String(model.get("text")));
      signal.addEventListener("abort", ended);
    },
    close: () => undefined,
  };
  return { shown, ended };
}

test("an anywidget is drawn inside of a classic box, with its layout", async () => {
  const room = new Room();
  room.open("box", "VBoxModel", { children: ["anywidget:box/any"] });
  room.open("box/any/layout", "LayoutModel", { width: "123px" });
  room.put(
    "box/any",
    anywidget("box/any", { text: "any", layout: "anywidget:box/any/layout" }).shown,
  );
  const { el } = await room.show("box");
  const stand = el.querySelector<HTMLElement>(".cw-stand-in");
  expect([stand?.textContent, stand?.style.width]).toEqual(["any", "123px"]);
});

test("an anywidget that is taken out of its box ends, and nothing holds it", async () => {
  const room = new Room();
  const { shown, ended } = anywidget("any", { text: "any" });
  room.put("any", shown);
  const box = room.open("box", "VBoxModel", { children: ["anywidget:any"] });
  await room.show("box");
  box.receiveState({ children: [] }, 0);
  await settled();
  expect(ended).toHaveBeenCalledOnce();
  expect(room.host.isShared("any")).toBe(false);
});

test("an anywidget that becomes a classic widget is followed inside of its box, and back", async () => {
  const room = new Room();
  room.put("x", anywidget("x", { text: "any" }).shown);
  room.open("box", "VBoxModel", { children: ["anywidget:x"] });
  const { el } = await room.show("box");
  room.open("x", "LabelModel", { value: "classic" });
  await settled();
  expect(el.textContent).toBe("classic");
  room.close("x");
  room.put("x", anywidget("x", { text: "any again" }).shown);
  await settled();
  expect(el.textContent).toBe("any again");
});

test("a reference to nobody draws a card, and the one who comes later", async () => {
  const room = new Room();
  const find = vi.spyOn(room, "find").mockRejectedValue(new Error("There is no widget late."));
  room.open("box", "VBoxModel", { children: ["anywidget:late"] });
  await settled();
  find.mockRestore();
  const { el } = await room.show("box");
  expect(el.textContent).toBe("card: There is no widget late.");
  room.open("late", "LabelModel", { value: "late" });
  await settled();
  expect(el.textContent).toBe("late");
});

test("an anywidget drives a classic model that it was given, until it ends", async () => {
  const room = new Room();
  const shown = room.open("s", "IntSliderModel", { value: 1, min: 0, max: 10 });
  const ending = new AbortController();
  const face = shown.face(ending.signal);
  const heard = vi.fn();
  face.on("change:value", heard);
  expect(face.get("value")).toBe(1); // also before the model is made
  await room.host.modelOf("s");
  face.set("value", 2);
  face.save_changes();
  ending.abort();
  shown.receiveState({ value: 5 }, 1);
  await settled();
  expect(room.saved).toEqual([{ "s/value": 2 }]);
  expect([heard.mock.calls.length, face.get("value")]).toEqual([1, 5]);
});

test("output is drawn as cells draw it", async () => {
  const room = new Room();
  const first = { output_type: "stream", name: "stdout", text: "printed" };
  const outputs = [
    first,
    { output_type: "error", ename: "E", evalue: "v", traceback: ["\u001b[31mE\u001b[0m: v"] },
    { output_type: "display_data", data: { "text/plain": "42" }, metadata: {} },
  ];
  const output = room.open("o", "OutputModel", { outputs: [first] });
  const { el } = await room.show("o");
  const kept = el.querySelector("pre");
  output.receiveState({ outputs }, 0);
  await settled();
  expect(el.textContent).toBe("printedE: v42");
  expect(el.querySelector("pre")).toBe(kept);
  expect(el.querySelector("span")?.style.color).toContain("red");
});

test("a widget that was displayed in an output is its text until it is there", async () => {
  const room = new Room();
  const view = { model_id: "anywidget:label" };
  const data = { "text/plain": "Label()", "application/vnd.jupyter.widget-view+json": view };
  room.open("o", "OutputModel", { outputs: [{ output_type: "display_data", data, metadata: {} }] });
  const { el } = await room.show("o");
  expect(el.textContent).toBe("Label()");
  room.open("label", "LabelModel", { value: "inside" });
  await settled();
  expect(el.textContent).toBe("inside");
});

test("a view makes models of its own that the room never sees", async () => {
  const room = new Room();
  room.open("pad", "ControllerModel", { buttons: [] });
  const { manager } = room.host;
  const button = await manager.new_widget({
    model_name: "ControllerButtonModel",
    model_module: "@jupyter-widgets/controls",
    model_module_version: "*",
    view_name: "ControllerButtonView",
    view_module: "@jupyter-widgets/controls",
    view_module_version: "*",
  });
  const pad = await room.host.modelOf("pad");
  pad.set("buttons", [button]);
  pad.save_changes();
  button.set("value", 1);
  button.save_changes();
  expect(await manager.get_model(button.model_id)).toBe(button);
  expect([button.comm_live, room.saved]).toEqual([true, []]);
});
