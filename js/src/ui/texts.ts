/**
 * Every sentence that people read, in the language that they read: `TEXTS.reply`, `TEXTS.follow("Ann")`.
 *
 * The words are in `catalogues/`: new ones go into `en.ts` and all others, which a test compares. English is here
 * from the beginning; `speak` puts another language in its place, and what was drawn with the old words is drawn
 * again. Therefore nothing takes a text out of `TEXTS` before it is needed.
 */
import { signal } from "@preact/signals";
import { fitted, type Phrases, type Spoken, spoken, variantOf } from "../lib/phrases";
import { ENGLISH } from "./catalogues/en";

type Texts = Spoken<typeof ENGLISH>;

const current = signal(speech(ENGLISH, "en", {}));

export const TEXTS = Object.defineProperties(
  {},
  Object.fromEntries(
    (Object.keys(ENGLISH) as (keyof Texts)[]).map((name) => [
      name,
      { enumerable: true, get: () => current.value.texts[name] },
    ]),
  ),
) as Texts;

/** The language of the interface, as its catalogue is called. */
export function language(): string {
  return current.value.language;
}

/** The same as the reader's browser has it, which knows their country: numbers and dates are written so. */
export function locale(): string {
  return current.value.locale;
}

/** What is said inside the widgets' frame, by who says it; none in English, which is in the frame already. */
export function framedPhrases(): Readonly<Record<string, unknown>> {
  return current.value.framed;
}

/** Has the interface say everything in `language`; what is not in `catalogue` stays English. */
export function speak(catalogue: unknown, language: string): void {
  const { framed = {} } = Object(catalogue);
  current.value = speech(fitted(catalogue, ENGLISH), language, framed);
}

interface Speech {
  language: string;
  locale: string;
  texts: Texts;
  framed: Readonly<Record<string, unknown>>;
}

function speech(phrases: Phrases, language: string, framed: Speech["framed"]): Speech {
  const locale = variantOf(language, globalThis.navigator?.languages ?? []);
  return { language, locale, texts: spoken(phrases, locale) as Texts, framed };
}
