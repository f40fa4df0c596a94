/**
 * The panel's chat, which is a part of its own (`parts.ts`).
 *
 * It uses the panel's Preact and sentences: build.mjs makes its imports of these look in a place that is named by
 * `PLACE`.
 */
import * as signals from "@preact/signals";
import * as preact from "preact";
import * as hooks from "preact/hooks";
import * as jsx from "preact/jsx-runtime";
import { token } from "../lib/random";
import { ChatDoor, type ChatPart } from "../ui/chat-door";
import type { Store } from "../ui/store";
import * as texts from "../ui/texts";
import type { Parts } from "./parts";

/** In the code of the part, where each panel writes a name of its own: two on a page have two Preacts. */
const PLACE = "@COWIDGET_SHARED@";

export function chatDoor(parts: Parts): ChatDoor {
  return new ChatDoor(async () => run(await parts.get("chat")));
}

/** Has the chat at hand before it is wanted, and before the line may break. */
export function openWhenLive(door: ChatDoor, store: Store, signal: AbortSignal): void {
  const stop = store.status.subscribe(({ phase }) => {
    if (phase === "live") door.open();
  });
  signal.addEventListener("abort", stop, { once: true });
}

async function run(code: string): Promise<ChatPart> {
  const place = `cowidget ${token()}`;
  const shared = {
    preact,
    "preact/hooks": hooks,
    "preact/jsx-runtime": jsx,
    "@preact/signals": signals,
    "./texts": texts,
  };
  Object.defineProperty(globalThis, place, { value: shared, configurable: true });
  const blob = new Blob([code.replaceAll(PLACE, place)], { type: "text/javascript" });
  const url = URL.createObjectURL(blob);
  try {
    return await import(url);
  } finally {
    URL.revokeObjectURL(url);
    Reflect.deleteProperty(globalThis, place);
  }
}
