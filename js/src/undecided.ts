/**
 * What people have changed and the kernel has not decided about yet (D4).
 *
 * A busy kernel says so itself (P4), unless it is inside a call that holds its interpreter's lock: then all
 * there is to see of it are the changes that stay pending.
 */
import type { Clock } from "./connection/clock";
import type { Patch } from "./protocol/frames";

/** An idle kernel decides within milliseconds, and over a slow line within a few hundred. */
export const PATIENCE_MS = 1000;

interface Pending {
  version: number;
  since: number;
}

export class Undecided {
  readonly #clock: Clock;
  readonly #changed: () => void;
  readonly #pending = new Map<string, Pending>();
  #looking = false;

  /** `changed` is called whenever `late` may have another value. */
  constructor(clock: Clock, changed: () => void) {
    this.#clock = clock;
    this.#changed = changed;
  }

  /** How many there are, once one of them is late. */
  get late(): number {
    return this.#dueIn() <= 0 ? this.#pending.size : 0;
  }

  /** The room tells which values are pending, and which are not any more. */
  receive(patch: Patch): void {
    if (patch.reset) this.#pending.clear();
    for (const name of patch.gone) this.#forget(name);
    for (const { key, version, pending } of patch.keys) {
      if (!pending) this.#pending.delete(key);
      else if (this.#pending.get(key)?.version !== version) {
        this.#pending.set(key, { version, since: this.#clock.now() });
      }
    }
    this.#changed();
    this.#look();
  }

  #look(): void {
    const wait = this.#dueIn();
    if (this.#looking || wait <= 0 || wait === Number.POSITIVE_INFINITY) return;
    this.#looking = true;
    this.#clock.after(wait, () => {
      this.#looking = false;
      this.#changed();
      this.#look();
    });
  }

  #dueIn(): number {
    const since = [...this.#pending.values()].map((each) => each.since);
    return Math.min(...since) + PATIENCE_MS - this.#clock.now();
  }

  #forget(name: string): void {
    // Share names have no slash, keys always do (D1).
    for (const key of [...this.#pending.keys()]) {
      if (key === name || key.startsWith(`${name}/`)) this.#pending.delete(key);
    }
  }
}
