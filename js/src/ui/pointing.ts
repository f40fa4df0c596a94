/** Our own pointer, as the others are told of it: until it leaves, rests, or the page is hidden (P6). */
import type { Clock } from "../connection/clock";
import type { Point } from "../host/sight";

/** Milliseconds. Who reads on has put the mouse away. */
const REST_MS = 5000;

export class Pointing {
  readonly #present: (about: Record<string, unknown>) => void;
  readonly #clock: Pick<Clock, "after">;
  #allowed = true;
  #told = false;
  #forget: () => void = () => undefined;

  constructor(present: (about: Record<string, unknown>) => void, clock: Pick<Clock, "after">) {
    this.#present = present;
    this.#clock = clock;
  }

  /** Our person points here; null when they point at nothing. */
  receive(point: Point | null): void {
    this.#forget();
    if (point === null || !this.#allowed) {
      this.clear();
      return;
    }
    this.#told = true;
    this.#present({ pointer: { ...point } });
    this.#forget = this.#clock.after(REST_MS, () => this.clear());
  }

  /** Whether the others may see it. */
  allow(allowed: boolean): void {
    this.#allowed = allowed;
    if (!allowed) this.clear();
  }

  /** We point at nothing. */
  clear(): void {
    this.#forget();
    if (!this.#told) return;
    this.#told = false;
    this.#present({ pointer: null });
  }
}
