/** The browser's lock by which a living tab holds what it has stored. */

/** Some pages have no locks, such as one on `http://<LAN address>`: there, nothing is ever known to be free. */
export class Tenancy {
  readonly #room: string;
  readonly #signal: AbortSignal;
  /** Aborted pages let go of theirs, as closed ones do. */
  readonly #over: Promise<void>;
  #held = "";

  constructor(room: string, signal: AbortSignal) {
    this.#room = room;
    this.#signal = signal;
    this.#over = new Promise((resolve) => {
      signal.addEventListener("abort", () => resolve(), { once: true });
    });
  }

  /** Whether no other tab lives as this instance; then this one does. A page that is just closing may still. */
  take(instance: string): Promise<boolean> {
    const { locks } = navigator;
    if (locks === undefined) return Promise.resolve(false);
    return new Promise((resolve) => {
      const decide = (lock: Lock | null): Promise<void> | undefined => {
        if (lock !== null) this.#held = instance;
        resolve(lock !== null);
        return lock === null ? undefined : this.#over;
      };
      // Refused where storage is: then it is not known either.
      locks
        .request(this.#name(instance), { ifAvailable: true }, decide)
        .catch(() => resolve(false));
    });
  }

  /** This tab lives as this instance, as soon as nobody else does. */
  hold(instance: string): void {
    const { locks } = navigator;
    if (locks === undefined || instance === this.#held || this.#signal.aborted) return;
    this.#held = instance;
    const options = { signal: this.#signal };
    // Refused where storage is, and when the page ends before it is its turn.
    locks.request(this.#name(instance), options, () => this.#over).catch(() => undefined);
  }

  #name(instance: string): string {
    return `cowidget:${this.#room}:${instance}`;
  }
}
