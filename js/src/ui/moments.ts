/** Moments of charts between the stage and the chat: one to be sent, and one that somebody wants to see. */
import { type ReadonlySignal, signal, untracked, useSignalEffect } from "@preact/signals";
import type { ChatMoment } from "../client";
import { Emitter } from "../lib/emitter";
import type { RoomClient } from "./store";

type Known = Pick<RoomClient, "shares" | "value">;

export class Moments {
  readonly #client: Known;
  readonly #attached = signal<ChatMoment | null>(null);
  readonly #wanted = new Emitter<ChatMoment>();

  constructor(client: Known) {
    this.#client = client;
  }

  /** What goes with the next message. */
  get attached(): ReadonlySignal<ChatMoment | null> {
    return this.#attached;
  }

  attach(moment: ChatMoment): void {
    this.#attached.value = moment;
  }

  detach(): void {
    this.#attached.value = null;
  }

  /** The person wants to see a moment in its chart. */
  show(moment: ChatMoment): void {
    this.#wanted.emit(moment);
  }

  onWanted(listener: (moment: ChatMoment) => void, signal: AbortSignal): void {
    this.#wanted.on(listener, signal);
  }

  /** What the chart is called, by its share or by itself; null if it is no longer shared. */
  titleOf(share: string): string | null {
    const found = this.#client.shares().find(({ name }) => name === share);
    if (found === undefined) return null;
    const own = this.#client.value(`${share}/title`);
    return found.title || (typeof own === "string" && own) || found.name;
  }
}

/** Calls `open` for each moment, or snapshot, that is to be sent: where a person can write something to it. */
export function useAttached<T>(
  from: { readonly attached: ReadonlySignal<T | null> },
  open: (attached: T) => void,
): void {
  useSignalEffect(() => {
    const { value } = from.attached;
    if (value !== null) untracked(() => open(value));
  });
}
