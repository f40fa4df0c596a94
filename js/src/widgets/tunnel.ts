/** The last way to the relay: through the kernel, over the comm. It stands still while a cell runs. */
import type { Link, LinkEvents } from "../client";
import { token } from "../lib/random";
import type { Kernel } from "./kernel";

/** Milliseconds. A kernel that runs a cell answers after it, and the client tries again then. */
const OPENING_TIMEOUT_MS = 8_000;
const SUBPROTOCOL = "cowidget.1.msgpack";
/** The code that WebSocket has for a line that was cut. */
const CUT = 1006;

export function openTunnel(kernel: Kernel, events: LinkEvents, signal: AbortSignal): Link {
  const id = token();
  const ending = new AbortController();
  let opened = false;
  const end = (code: number, reason: string): void => {
    if (ending.signal.aborted) return;
    ending.abort();
    clearTimeout(late);
    events.close(code, reason);
  };
  const late = setTimeout(() => {
    if (opened) return;
    kernel.sendTunnel("close", id);
    end(CUT, "the kernel did not answer");
  }, OPENING_TIMEOUT_MS);
  kernel.onTunnel((message, buffers) => {
    if (message.id !== id) return;
    if (message.op === "opened" && !opened) {
      opened = true;
      events.open();
    } else if (message.op === "message") {
      for (const buffer of buffers) events.message(buffer);
    } else if (message.op === "closed") end(message.code, message.reason);
  }, ending.signal);
  const close = (): void => {
    if (ending.signal.aborted) return;
    kernel.sendTunnel("close", id);
    end(CUT, "");
  };
  signal.addEventListener("abort", close, { once: true });
  kernel.sendTunnel("open", id);
  return {
    subprotocol: SUBPROTOCOL,
    send: (message) => kernel.sendTunnel("message", id, message),
    close,
    bufferedBytes: () => 0, // the comm does not tell
  };
}
