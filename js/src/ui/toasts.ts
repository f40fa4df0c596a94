/** Short messages that come and go by themselves; the newest few are shown. */
import { type ReadonlySignal, signal } from "@preact/signals";

export interface Action {
  label: string;
  run(): void;
}

export interface Toast {
  id: number;
  tone: "good" | "plain" | "bad";
  text: string;
  /** A piece of code to copy, such as the argument that would allow a write. */
  code: string;
  /** A button; the message goes when it is pressed. */
  action: Action | null;
}

/** More would cover the widgets. */
const MOST = 3;
/** Milliseconds: long enough to read twice; code to copy and questions stay longer. */
const STAY_MS = 5000;
const STAY_LONG_MS = 20_000;

export class Toasts {
  readonly #shown = signal<Toast[]>([]);
  readonly #signal: AbortSignal;
  #lastId = 0;

  constructor(signal: AbortSignal) {
    this.#signal = signal;
  }

  get shown(): ReadonlySignal<Toast[]> {
    return this.#shown;
  }

  /** Shows a message. One with the same words takes the place of the earlier. */
  show(tone: Toast["tone"], text: string, code = "", action: Action | null = null): void {
    this.#lastId += 1;
    const toast = { id: this.#lastId, tone, text, code, action };
    const others = this.#shown.value.filter((one) => one.text !== text || one.code !== code);
    this.#shown.value = [...others, toast].slice(-MOST);
    const leaving = setTimeout(
      () => this.dismiss(toast.id),
      code === "" && action === null ? STAY_MS : STAY_LONG_MS,
    );
    this.#signal.addEventListener("abort", () => clearTimeout(leaving), { once: true });
  }

  dismiss(id: number): void {
    this.#shown.value = this.#shown.value.filter((toast) => toast.id !== id);
  }
}
