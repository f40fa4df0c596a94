/** A classic model as an anywidget gets it that was given a reference to it. */
import type { WidgetModel } from "@jupyter-widgets/base";
import type { Shown } from "../host/classic";
import type { ModelFace } from "../host/model";
import { toWidget } from "../host/values";
import { report } from "../lib/report";
import type { Generation } from "./generation";

/**
 * The face of a model until `signal` aborts; then its listeners are gone. Before the model has been
 * made, it shows the room's values, and what is done to it is done then.
 */
export function faceOf(
  generation: Generation,
  find: (ref: string) => Promise<Shown>,
  signal: AbortSignal,
): ModelFace {
  const soon = (act: (model: WidgetModel) => void): void => {
    if (generation.made !== null) act(generation.made);
    else void generation.model.then(act).catch(report);
  };
  const face: ModelFace = {
    get: (name) =>
      generation.made === null ? toWidget(generation.early(name)) : generation.made.get(name),
    set: (name, value) =>
      soon((model) => model.set(typeof name === "string" ? { [name]: value } : name)),
    save_changes: () => soon((model) => model.save_changes()),
    send: (content, _callbacks, buffers = []) =>
      soon((model) => Reflect.apply(model.send, model, [content, {}, buffers])),
    on: (events, callback) =>
      soon((model) => {
        if (!signal.aborted) model.on(events, callback, face);
      }),
    off: (events, callback) =>
      soon((model) => model.off(events ?? undefined, callback ?? undefined, face)),
    widget_manager: { get_model: async (ref) => (await find(ref)).face(signal) },
  };
  signal.addEventListener("abort", () => face.off(), { once: true });
  return face;
}
