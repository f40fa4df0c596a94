/** Inside the sandbox: what our person has chosen to see, and what somebody sees whom they follow. */
import { Emitter } from "../lib/emitter";
import type { Looks } from "./services";
import type { FromSight, Look } from "./sight";

type Times = Look["ranges"][string];

export class SandboxLooks {
  readonly #tell: (message: FromSight) => void;
  readonly #show: (local: Record<string, unknown>) => void;
  readonly #local = new Map<string, unknown>();
  readonly #ranges = new Map<string, Times>();
  readonly #onLook = new Emitter<Look>();
  #watched = false;

  /** `show` gives local values to their models. */
  constructor(tell: (message: FromSight) => void, show: (local: Record<string, unknown>) => void) {
    this.#tell = tell;
    this.#show = show;
  }

  /** Our person has set these local values. */
  keep(values: Record<string, unknown>): void {
    for (const [key, value] of Object.entries(values)) this.#local.set(key, value);
    this.#told({ local: values, ranges: {} });
  }

  /** Somebody follows our person, or nobody does any more. */
  receiveWatched(watched: boolean): void {
    this.#watched = watched;
    const ranges = Object.fromEntries(this.#ranges);
    this.#told({ local: Object.fromEntries(this.#local), ranges });
  }

  receiveLook(look: Look): void {
    this.#show({ ...look.local });
    this.#onLook.emit(look);
  }

  receiveGone(share: string): void {
    this.#ranges.delete(share);
    for (const key of this.#local.keys()) if (key.startsWith(`${share}/`)) this.#local.delete(key);
  }

  /** For the models of one share. */
  of(share: string): Looks {
    return {
      looked: (range) => {
        this.#ranges.set(share, range);
        this.#told({ local: {}, ranges: { [share]: range } });
      },
      onLook: (listener, signal) =>
        this.#onLook.on(({ ranges }) => {
          const range = ranges[share];
          if (range !== undefined) listener(range);
        }, signal),
    };
  }

  #told(look: Look): void {
    if (this.#watched) this.#tell({ type: "looked", look });
  }
}
