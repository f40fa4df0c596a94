/** The languages of the interface, which of them a person wants, and the way to speak it. */
import { chooseLanguage } from "../lib/phrases";
import { ENGLISH } from "./catalogues/en";
import { speak, language as spokenNow } from "./texts";

/** By the names of their catalogues: what they call themselves. */
export const LANGUAGES: Readonly<Record<string, string>> = {
  en: "English",
  de: "Deutsch",
  es: "Español",
  fr: "Français",
  pt: "Português",
  ja: "日本語",
  "zh-CN": "简体中文",
};

const STORED = "cowidget.language";

/** What somebody has chosen here, or else the first of `asked` (as in `navigator.languages`) that there is. */
export function wantedLanguage(asked: readonly string[]): string {
  return chooseLanguage([remembered(), ...asked], Object.keys(LANGUAGES));
}

function remembered(): string {
  try {
    return localStorage.getItem(STORED) ?? "";
  } catch {
    return ""; // forbidden by the browser's settings: then the browser's language will do
  }
}

function remember(language: string): void {
  try {
    localStorage.setItem(STORED, language);
  } catch {
    // Forbidden or full: the language holds for this visit.
  }
}

export class Tongue {
  readonly #load: (language: string) => Promise<unknown>;
  readonly #onChosen: () => void;
  #wanted = "en";

  /** `load` gives the catalogue of a language other than English; `onChosen` hears that somebody chose one. */
  constructor(
    load: (language: string) => Promise<unknown>,
    onChosen: () => void = () => undefined,
  ) {
    this.#load = load;
    this.#onChosen = onChosen;
  }

  /** Speaks `language` once its words are here. When they do not come, everything stays as it is. */
  async speak(language: string): Promise<void> {
    this.#wanted = language;
    if (language === spokenNow()) return;
    try {
      const catalogue = language === "en" ? ENGLISH : await this.#load(language);
      if (this.#wanted === language) speak(catalogue, language);
    } catch (error) {
      console.warn("cowidget:", error); // a line that breaks is nothing to be repaired here
    }
  }

  /** Speaks it from now on, also on the next visit. */
  choose(language: string): void {
    remember(language);
    this.#onChosen();
    void this.speak(language);
    const channel = new BroadcastChannel(STORED);
    channel.postMessage(language);
    channel.close();
  }

  /** Speaks also what is chosen in another panel or tab of this browser, until `signal` aborts. */
  follow(signal: AbortSignal): void {
    const channel = new BroadcastChannel(STORED);
    channel.onmessage = ({ data }) => {
      if (typeof data === "string" && data in LANGUAGES) void this.speak(data);
    };
    signal.addEventListener("abort", () => channel.close(), { once: true });
  }
}

/** For an interface that has no way to other words. */
export const ENGLISH_ONLY = new Tongue((language) =>
  Promise.reject(new Error(`there are no words in ${language}`)),
);
