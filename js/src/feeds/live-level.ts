/** Which bins of a long feed are watched: the finest that a chart in this page draws the newest rows with. */
import type { Timing } from "./store";

/**
 * Milliseconds from the first wish for another level until it changes. Shorter: a wheel turned through all levels
 * watches each of them. Longer: the newest rows are drawn coarser than they could be.
 */
const SETTLE_MS = 300;
/** Charts that draw within so many milliseconds of each other are all looked at; what was drawn before is over. */
const TOGETHER_MS = 100;

export class LiveLevel {
  /** What is watched; 0 is rows. */
  now = 0;
  readonly #timing: Timing;
  readonly #changed: () => void;
  /** By level, when somebody wanted it last. */
  #wantedAt: number[] = [];
  #isDue = false;

  /** `changed` is told when `now` is another. */
  constructor(timing: Timing, changed: () => void) {
    this.#timing = timing;
    this.#changed = changed;
  }

  /** Somebody draws what comes live with bins of this level. */
  want(level: number): void {
    this.#wantedAt[level] = this.#timing.now();
    if (this.#isDue || level === this.now) return;
    this.#isDue = true;
    this.#timing.after(SETTLE_MS, () => {
      this.#isDue = false;
      this.#move(this.#finest());
    });
  }

  /** The feed is short enough for its rows. */
  wantRows(): void {
    this.#wantedAt = [];
    this.#move(0);
  }

  #finest(): number {
    const since = Math.max(...this.#wantedAt.filter(Number.isFinite)) - TOGETHER_MS;
    const finest = this.#wantedAt.findIndex((at) => at >= since);
    return finest < 0 ? this.now : finest;
  }

  #move(level: number): void {
    if (level === this.now) return;
    this.now = level;
    this.#changed();
  }
}
