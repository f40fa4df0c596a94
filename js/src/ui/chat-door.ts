/** Where an interface gets its chat from: its code may come later than the rest. */
import { type Signal, signal } from "@preact/signals";
import type { FunctionComponent } from "preact";
import { report } from "../lib/report";
import type { Store } from "./store";

/** What `chat-part.ts` exports. */
export interface ChatPart {
  Chat: FunctionComponent<{ store: Store }>;
  SHEET: string;
}

export class ChatDoor {
  readonly part: Signal<ChatPart | null> = signal(null);
  readonly failed = signal(false);
  readonly #load: () => Promise<ChatPart>;
  #loading = false;

  /** `load` is asked once, and again after it has failed. */
  constructor(load: () => Promise<ChatPart>) {
    this.#load = load;
  }

  /** The chat is wanted, now or soon. */
  open(): void {
    if (this.#loading || this.part.peek() !== null) return;
    this.#loading = true;
    this.failed.value = false;
    this.#load()
      .then((part) => {
        this.part.value = part;
      })
      .catch((error: unknown) => {
        report(error);
        this.failed.value = true;
      })
      .finally(() => {
        this.#loading = false;
      });
  }
}

/** A chat that is here already. */
export function openDoor(part: ChatPart): ChatDoor {
  const door = new ChatDoor(() => Promise.resolve(part));
  door.part.value = part;
  return door;
}
