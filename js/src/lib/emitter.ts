import { report } from "./report";

/** Listeners that live as long as their signal. */
export class Emitter<T> {
  readonly #listeners = new Set<(value: T) => void>();

  on(listener: (value: T) => void, signal: AbortSignal): void {
    if (signal.aborted) return;
    // Each call is a listener of its own, even with the same function.
    const own = (value: T): void => listener(value);
    this.#listeners.add(own);
    signal.addEventListener("abort", () => this.#listeners.delete(own), { once: true });
  }

  /** Tell everybody who listens now. An error of one is reported and does not reach the others. */
  emit(value: T): void {
    for (const listener of [...this.#listeners]) {
      if (!this.#listeners.has(listener)) continue;
      try {
        listener(value);
      } catch (error) {
        report(error);
      }
    }
  }
}
