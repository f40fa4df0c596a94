/** The words of our language that are outside of the interface: the frame's name, and what is said in it. */
import { effect } from "@preact/signals";
import type { ToSandbox } from "../host/messages";
import { framedPhrases, locale, TEXTS } from "./texts";

interface Framed {
  readonly element: HTMLElement;
  post(message: ToSandbox): void;
}

export class StageWords {
  readonly #frame: Framed;

  constructor(frame: Framed, until: AbortSignal) {
    this.#frame = frame;
    const stop = effect(() => {
      frame.element.title = TEXTS.frameTitle;
      this.#tell();
    });
    until.addEventListener("abort", stop, { once: true });
  }

  /** The frame hears from now on. */
  receiveReady(): void {
    this.#tell();
  }

  #tell(): void {
    const words = { locale: locale(), phrases: framedPhrases() };
    this.#frame.post({ type: "words", words });
  }
}
