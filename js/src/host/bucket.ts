/** What may be sent within a time. */

export interface Allowance {
  perSecond: number;
  atOnce: number;
}

/** A token bucket that may be overdrawn by the last one taken. */
export class Bucket {
  readonly #perSecond: number;
  readonly #atOnce: number;
  #level: number;
  #since: number;

  constructor({ perSecond, atOnce }: Allowance, now: number) {
    this.#perSecond = perSecond;
    this.#atOnce = atOnce;
    this.#level = atOnce;
    this.#since = now;
  }

  take(amount: number): void {
    this.#level -= amount;
  }

  /** Milliseconds until something may be taken. */
  wait(now: number): number {
    const filled = this.#level + ((now - this.#since) / 1000) * this.#perSecond;
    this.#level = Math.min(this.#atOnce, filled);
    this.#since = now;
    return this.#level >= 1 ? 0 : ((1 - this.#level) / this.#perSecond) * 1000;
  }
}
