/** The browser's lock by which a living tab holds what it has stored. */

/** Whose a place is, as far as the browser tells. */
export type Place = "ours" | "held" | "unknown";

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

  /** Takes the place of this instance where it is free. Another tab may hold it, or a page that is just closing. */
  take(instance: string): Promise<Place> {
    const { locks } = navigator;
    if (locks === undefined) return Promise.resolve("unknown");
    return new Promise((resolve) => {
      const decide = (lock: Lock | null): Promise<void> | undefined => {
        if (lock !== null) this.#held = instance;
        resolve(lock === null ? "held" : "ours");
        return lock === null ? undefined : this.#over;
      };
      // Refused where storage is: then it is not known either.
      locks
        .request(this.#name(instance), { ifAvailable: true }, decide)
        .catch(() => resolve("unknown"));
    });
  }

  /** Takes the place of this instance as soon as it is free; never comes back if `stop` is aborted before. */
  wait(instance: string, stop: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const begin = (): Promise<void> => {
        this.#held = instance;
        resolve();
        return this.#over;
      };
      navigator.locks.request(this.#name(instance), { signal: stop }, begin).catch(() => undefined);
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
