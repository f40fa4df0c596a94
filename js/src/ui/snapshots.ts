/** Snapshots of widgets between the stage and the chat: one to be sent, and what somebody wants of the stage. */
import { type ReadonlySignal, signal } from "@preact/signals";
import { Emitter } from "../lib/emitter";
import type { Snapshot } from "../protocol/frames";

/** How a share looks: some of its values, and a picture, which may be empty. */
export type Shot = Pick<Snapshot, "share" | "values" | "picture">;

export type StageWish =
  /** Attach how this share looks now. */
  | { type: "snap"; share: string }
  /** Bring this share into view. */
  | { type: "find"; share: string }
  /** Let our person have these local values. */
  | { type: "wear"; local: Readonly<Record<string, unknown>> };

export class Snapshots {
  readonly #attached = signal<Shot | null>(null);
  readonly #wished = new Emitter<StageWish>();
  readonly #stages = signal(0);

  /** What goes with the next message. */
  get attached(): ReadonlySignal<Shot | null> {
    return this.#attached;
  }

  /** Whether the widgets are shown here: a bar in a notebook has none. */
  get staged(): boolean {
    return this.#stages.value > 0;
  }

  attach(shot: Shot): void {
    this.#attached.value = shot;
  }

  detach(): void {
    this.#attached.value = null;
  }

  wish(wish: StageWish): void {
    this.#wished.emit(wish);
  }

  /** A stage is there until `signal` aborts, and does what is wished. */
  serve(listener: (wish: StageWish) => void, signal: AbortSignal): void {
    this.onWish(listener, signal);
    this.#stages.value += 1;
    const leave = (): void => {
      this.#stages.value -= 1;
    };
    signal.addEventListener("abort", leave, { once: true });
  }

  onWish(listener: (wish: StageWish) => void, signal: AbortSignal): void {
    this.#wished.on(listener, signal);
  }
}
