/** Whether our person does anything: others see who is away (P7). */
import type { Clock } from "../connection/clock";

/** Milliseconds. Who reads a long message is still here. */
const IDLE_MS = 60_000;

const INPUTS = ["pointermove", "pointerdown", "keydown", "wheel", "touchstart"];

export class Attendance {
  readonly #present: (about: Record<string, unknown>) => void;
  readonly #clock: Pick<Clock, "after" | "now">;
  #lastMs: number;
  #idle = false;
  #cancel: () => void = () => undefined;

  constructor(
    present: (about: Record<string, unknown>) => void,
    clock: Pick<Clock, "after" | "now">,
    signal: AbortSignal,
    page: Document = document,
  ) {
    this.#present = present;
    this.#clock = clock;
    this.#lastMs = clock.now();
    const options = { signal, capture: true, passive: true };
    for (const input of INPUTS) page.addEventListener(input, () => this.touch(), options);
    page.addEventListener("visibilitychange", () => this.#look(page), { signal });
    signal.addEventListener("abort", () => this.#cancel(), { once: true });
    this.#look(page);
  }

  /** Our person has done something. */
  touch(): void {
    this.#lastMs = this.#clock.now();
    if (this.#idle) this.#tell(false);
  }

  #look(page: Document): void {
    if (page.visibilityState !== "hidden") this.touch();
    else if (!this.#idle) this.#tell(true);
    if (!this.#idle) this.#wait(IDLE_MS);
  }

  #tell(idle: boolean): void {
    this.#idle = idle;
    this.#present({ idle: idle ? true : null });
    if (idle) this.#cancel();
    else this.#wait(IDLE_MS);
  }

  /** One timer, looked at when it ends: inputs come 60 times a second. */
  #wait(ms: number): void {
    this.#cancel();
    this.#cancel = this.#clock.after(ms, () => {
      const left = this.#lastMs + IDLE_MS - this.#clock.now();
      if (left > 0) this.#wait(left);
      else this.#tell(true);
    });
  }
}
