/** `experimental.invoke`: a call to the kernel's side of a widget, over its custom messages. */
import { token } from "../lib/random";
import type { ModelFace } from "./model";

export interface InvokeOptions {
  buffers?: (ArrayBuffer | ArrayBufferView)[];
  signal?: AbortSignal;
}

export type Invoke = (
  name: string,
  msg?: unknown,
  options?: InvokeOptions,
) => Promise<[unknown, unknown]>;

/** Milliseconds, what anywidget waits: authors know it. */
const INVOKE_TIMEOUT_MS = 3000;

function answersTo(id: string, content: unknown): content is { response: unknown } {
  return typeof content === "object" && content !== null && "id" in content && content.id === id;
}

/** Calls to the kernel for one model. The promise rejects when the time is over or on `signal`. */
export function invokeOn(model: ModelFace): Invoke {
  return (name, msg, { buffers = [], signal = AbortSignal.timeout(INVOKE_TIMEOUT_MS) } = {}) =>
    new Promise((resolve, reject) => {
      const id = token(); // answers go to everybody in the room
      const onMessage = (content: unknown, answers: unknown): void => {
        if (!answersTo(id, content)) return;
        model.off("msg:custom", onMessage);
        resolve([content.response, answers]);
      };
      const onAbort = (): void => {
        model.off("msg:custom", onMessage);
        reject(signal.reason);
      };
      if (signal.aborted) return onAbort();
      signal.addEventListener("abort", onAbort, { once: true });
      model.on("msg:custom", onMessage);
      model.send({ id, kind: "anywidget-command", name, msg }, undefined, buffers);
    });
}
