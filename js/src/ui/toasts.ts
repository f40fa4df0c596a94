/** Short messages that come and go by themselves; the newest few are shown. */
import { type ReadonlySignal, signal } from "@preact/signals";

export interface Action {
  label: string;
  run(): void;
  /** The other answer, where there is one beside closing the message. */
  decline?: { label: string; run(): void };
}

export interface Toast {
  id: number;
  tone: "good" | "plain" | "bad";
  text: string;
  /** A piece of code to copy, such as the argument that would allow a write. */
  code: string;
  /** A button; the message goes when it is pressed. */
  action: Action | null;
  /** Of two about the same, one is shown. */
  about: string;
}

/** More would cover the widgets. */
const MOST = 3;
/** Milliseconds: long enough to read twice; code to copy and questions stay longer. */
const STAY_MS = 5000;
const STAY_LONG_MS = 20_000;

export class Toasts {
  readonly #shown = signal<Toast[]>([]);
  /** What ends each of them by itself. */
  readonly #leaving = new Map<number, ReturnType<typeof setTimeout>>();
  #lastId = 0;

  constructor(signal: AbortSignal) {
    const end = (): void => {
      for (const leaving of this.#leaving.values()) clearTimeout(leaving);
    };
    signal.addEventListener("abort", end, { once: true });
  }

  get shown(): ReadonlySignal<Toast[]> {
    return this.#shown;
  }

  /**
   * Shows a message, and returns its id. One about the same as another that is still there joins it, and both go
   * when nothing of it has come for a while: what is dragged is refused 60 times a second.
   */
  show(
    tone: Toast["tone"],
    text: string,
    code = "",
    action: Action | null = null,
    about = text + code,
  ): number {
    const held = this.#shown.value.find((toast) => toast.about === about);
    if (held === undefined) this.#lastId += 1;
    const id = held?.id ?? this.#lastId;
    const toast = { id, tone, text, code, action, about };
    this.#shown.value =
      held === undefined
        ? [...this.#shown.value, toast].slice(-MOST)
        : this.#shown.value.map((one) => (one === held ? toast : one));
    this.#stay(id, code === "" && action === null ? STAY_MS : STAY_LONG_MS);
    return id;
  }

  dismiss(id: number): void {
    clearTimeout(this.#leaving.get(id));
    this.#leaving.delete(id);
    this.#shown.value = this.#shown.value.filter((toast) => toast.id !== id);
  }

  #stay(id: number, ms: number): void {
    clearTimeout(this.#leaving.get(id));
    this.#leaving.set(
      id,
      setTimeout(() => this.dismiss(id), ms),
    );
  }
}
