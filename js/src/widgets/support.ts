/** A panel's model without a kernel, for the tests. */
import type { Callback, ModelFace } from "../host/model";

export interface FakeModel extends ModelFace {
  /** What was sent to the kernel. */
  sent: { content: Record<string, unknown>; buffers: unknown[] }[];
  /** The kernel says something. */
  tell(content: unknown, buffers?: DataView[]): void;
}

/** Traits as the kernel would set them; `answer` is asked for the reply to each message. */
export function fakeModel(
  traits: Record<string, unknown>,
  answer: (content: Record<string, unknown>) => unknown = () => undefined,
): FakeModel {
  const listeners: { event: string; callback: Callback }[] = [];
  const fire = (event: string, ...values: unknown[]): void => {
    for (const one of [...listeners]) if (one.event === event) one.callback(...values);
  };
  const model: FakeModel = {
    sent: [],
    tell: (content, buffers = []) => fire("msg:custom", content, buffers),
    get: (name) => traits[name],
    set: (name, value) => {
      Object.assign(traits, typeof name === "string" ? { [name]: value } : name);
      if (typeof name === "string") fire(`change:${name}`);
    },
    save_changes: () => undefined,
    send: (content, _callbacks, buffers = []) => {
      const asked = content as Record<string, unknown>;
      model.sent.push({ content: asked, buffers });
      const reply = answer(asked);
      if (reply !== undefined) queueMicrotask(() => model.tell(reply));
    },
    on: (event, callback) => {
      listeners.push({ event, callback });
    },
    off: (event, callback) => {
      const at = listeners.findIndex((one) => one.event === event && one.callback === callback);
      if (at >= 0) listeners.splice(at, 1);
    },
    widget_manager: { get_model: () => Promise.resolve(model) },
  };
  return model;
}
