/** Tells about us no more often than others can use. */
import type { Clock } from "./connection/clock";

type About = Record<string, unknown>;

/** 20 Hz: a pointer looks alive, a room of 50 does not drown. */
const INTERVAL_MS = 50;

/** Joins what is told within an interval; waits on while the line is congested. */
export class PresenceThrottle {
  readonly #clock: Clock;
  readonly #isFree: () => boolean;
  readonly #tell: (about: About) => void;
  #about: About = {};
  #resting = false;

  constructor(clock: Clock, isFree: () => boolean, tell: (about: About) => void) {
    this.#clock = clock;
    this.#isFree = isFree;
    this.#tell = tell;
  }

  present(about: About): void {
    this.#about = { ...this.#about, ...about };
    if (!this.#resting) this.#next();
  }

  #next(): void {
    this.#resting = true;
    if (this.#isFree()) {
      const about = this.#about;
      this.#about = {};
      this.#tell(about);
    }
    this.#clock.after(INTERVAL_MS, () => {
      this.#resting = false;
      if (Object.keys(this.#about).length > 0) this.#next();
    });
  }
}
