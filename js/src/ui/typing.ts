/** Who is writing (P7): ourselves, told to the others, and the others. */
import { type ReadonlySignal, type Signal, signal } from "@preact/signals";
import type { Person } from "../protocol/frames";

/** Milliseconds after which it is told again while somebody writes on. */
const RENEW_MS = 5000;
/** Milliseconds without a key after which nobody is writing any more. */
const REST_MS = 6000;
/** Milliseconds that somebody is shown after they were last heard of: their page may have gone. */
const STAY_MS = 8000;

/** Tells the room that we are writing. */
export class OwnTyping {
  readonly #tell: (typing: true | null) => void;
  #told = Number.NEGATIVE_INFINITY;
  #resting: ReturnType<typeof setTimeout> | undefined;

  constructor(tell: (typing: true | null) => void) {
    this.#tell = tell;
  }

  /** A key was pressed, and this is what is written now. */
  wrote(text: string): void {
    if (text.trim() === "") {
      this.stop();
      return;
    }
    clearTimeout(this.#resting);
    this.#resting = setTimeout(() => this.stop(), REST_MS);
    if (performance.now() - this.#told < RENEW_MS) return;
    this.#told = performance.now();
    this.#tell(true);
  }

  /** It was sent or left. */
  stop(): void {
    clearTimeout(this.#resting);
    if (this.#told === Number.NEGATIVE_INFINITY) return;
    this.#told = Number.NEGATIVE_INFINITY;
    this.#tell(null);
  }
}

/** Who of the others is writing, in the order in which they began. */
export class TypingPeople {
  readonly #shown: Signal<readonly string[]> = signal([]);
  readonly #leaving = new Map<string, ReturnType<typeof setTimeout>>();

  constructor(until: AbortSignal) {
    const end = (): void => {
      for (const timer of this.#leaving.values()) clearTimeout(timer);
    };
    until.addEventListener("abort", end, { once: true });
  }

  /** Their peers. */
  get shown(): ReadonlySignal<readonly string[]> {
    return this.#shown;
  }

  /** These are here, and those of `moved` have just told something about themselves. */
  receive(people: readonly Person[], moved: readonly string[]): void {
    const writing = new Set(
      people.filter(({ about }) => about?.typing === true).map(({ peer }) => peer),
    );
    for (const peer of this.#shown.peek()) if (!writing.has(peer)) this.leave(peer);
    for (const peer of moved) if (writing.has(peer)) this.#stay(peer);
  }

  /** Somebody has said what they wrote, or writes no more. */
  leave(peer: string): void {
    clearTimeout(this.#leaving.get(peer));
    this.#leaving.delete(peer);
    const shown = this.#shown.peek();
    if (shown.includes(peer)) this.#shown.value = shown.filter((one) => one !== peer);
  }

  #stay(peer: string): void {
    clearTimeout(this.#leaving.get(peer));
    this.#leaving.set(
      peer,
      setTimeout(() => this.leave(peer), STAY_MS),
    );
    if (!this.#shown.peek().includes(peer)) this.#shown.value = [...this.#shown.peek(), peer];
  }
}
