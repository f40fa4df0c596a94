/** Inside the sandbox: what the page says in its language. English is said by whoever is told nothing. */
import { Emitter } from "../lib/emitter";
import type { Wording } from "../lib/words";
import { FAILURE_WORDS, type FailureWords } from "./failure-words";
import type { FrameWords } from "./messages";

export class SandboxWords implements Wording {
  readonly #onTold = new Emitter<FrameWords>();
  #told: FrameWords | null = null;

  /** For the card in the place of a widget that failed. */
  get failure(): FailureWords {
    return { ...FAILURE_WORDS, ...(this.#told?.phrases.failure as Partial<FailureWords>) };
  }

  receive(words: FrameWords): void {
    this.#told = words;
    this.#onTold.emit(words);
  }

  onWords: Wording["onWords"] = (kind, listener, signal) => {
    const hear = ({ locale, phrases }: FrameWords): void =>
      listener({ locale, phrases: phrases[kind] });
    this.#onTold.on(hear, signal);
    if (this.#told !== null) hear(this.#told);
  };
}
