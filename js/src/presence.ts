/** Tells about us no more often than others can use: `sync/telling.ts` with a clock. */
import type { Clock } from "./connection/clock";
import type { Person } from "./protocol/frames";
import { Telling } from "./sync/telling";

type About = Record<string, unknown>;

/** Milliseconds until a congested line is tried again. */
const CONGESTED_MS = 50;

/** What presence depends on. */
export interface Audience {
  /** Whether the line would take it at once. */
  isFree(): boolean;
  /** Whether anybody looks who is not us, and we do. */
  isSeen(): boolean;
  /** How many are here. */
  size(): number;
}

export class PresenceThrottle {
  readonly #clock: Clock;
  readonly #audience: Audience;
  readonly #tell: (about: About) => void;
  readonly #telling = new Telling();
  #waiting = false;

  constructor(clock: Clock, audience: Audience, tell: (about: About) => void) {
    this.#clock = clock;
    this.#audience = audience;
    this.#tell = tell;
  }

  present(about: About): void {
    this.#telling.say(about);
    this.look();
  }

  /** Somebody may have come, or the page be seen again. */
  look(): void {
    if (this.#waiting) return;
    const seen = this.#audience.isSeen();
    const now = this.#clock.now();
    const wait = this.#telling.wait(now, seen);
    if (wait === null) return;
    const isFree = this.#audience.isFree();
    const about = isFree ? this.#telling.take(now, seen, this.#audience.size()) : null;
    if (about !== null) this.#tell(about);
    else this.#again(isFree ? wait : CONGESTED_MS);
  }

  #again(ms: number): void {
    this.#waiting = true;
    this.#clock.after(ms, () => {
      this.#waiting = false;
      this.look();
    });
  }
}

/** Whether the page is seen. Outside of a page, whoever runs us looks. */
export function isLooking(): boolean {
  return globalThis.document?.visibilityState !== "hidden";
}

/** Whether anybody is here who sees things move: kernels do not. */
export function isWatched(people: readonly Person[], mine: string): boolean {
  return people.some(({ peer, kind }) => peer !== mine && kind !== "kernel");
}
