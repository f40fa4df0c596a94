/**
 * Sentences in the reader's language.
 *
 * A phrase is a text, a pattern with places for words ("{0} is here"), or one pattern for each plural form of its
 * first number ({ one: "{0} person", other: "{0} people" }). `spoken` makes what the interface uses of them:
 * texts stay texts, patterns become functions.
 */

type Word = string | number;
export type Forms = { readonly other: string } & {
  readonly [form in Intl.LDMLPluralRule]?: string;
};
export type Phrases = { readonly [name: string]: Phrase };
export type Phrase = string | Forms | readonly string[] | Phrases;

type Say = (...words: Word[]) => string;

/** What the interface has of phrases. */
export type Spoken<T> = T extends string
  ? T extends `${string}{0}${string}`
    ? Say
    : string
  : T extends { readonly other: string }
    ? Say
    : { readonly [name in keyof T]: Spoken<T[name]> };

/** Phrases in `language`; numbers in them are written as is usual there. */
export function spoken<T extends Phrases>(phrases: T, language: string): Spoken<T> {
  const numbers = new Intl.NumberFormat(language);
  const plurals = new Intl.PluralRules(language);
  const fill = (pattern: string, words: readonly Word[]): string =>
    pattern.replace(/\{(\d)\}/g, (_, place) => {
      const word = words[Number(place)] ?? "";
      return typeof word === "number" ? numbers.format(word) : word;
    });
  const say = (phrase: Phrase): unknown => {
    if (typeof phrase === "string") {
      return phrase.includes("{0}") ? (...words: Word[]) => fill(phrase, words) : phrase;
    }
    if (Array.isArray(phrase)) return phrase.map(say);
    if (isForms(phrase)) {
      return (...words: Word[]) => {
        const count = words.find((word) => typeof word === "number") ?? 0;
        return fill(phrase[plurals.select(Number(count))] ?? phrase.other, words);
      };
    }
    return Object.fromEntries(Object.entries(phrase).map(([name, part]) => [name, say(part)]));
  };
  return say(phrases) as Spoken<T>;
}

export function isForms(phrase: Phrase): phrase is Forms {
  return typeof phrase === "object" && "other" in phrase && typeof phrase.other === "string";
}

/** `given` in the shape of `whole`: what it lacks, or has otherwise, is as there. It comes from outside. */
export function fitted<T extends Phrase>(given: unknown, whole: T): T {
  if (typeof whole === "string") return isLike(given, whole) ? (given as T) : whole;
  if (typeof given !== "object" || given === null) return whole;
  if (Array.isArray(whole))
    return whole.map((part, at) => fitted(Object(given)[at], part)) as never;
  if (isForms(whole)) return isForms(given as Phrases) ? (given as T) : whole;
  const parts = Object.entries(whole as Phrases);
  return Object.fromEntries(
    parts.map(([name, part]) => [name, fitted((given as Phrases)[name], part)]),
  ) as T;
}

/** Both are texts, or both patterns: whoever speaks one counts on it. */
function isLike(given: unknown, whole: string): boolean {
  return typeof given === "string" && given.includes("{0}") === whole.includes("{0}");
}

/** The first of `wanted` that is `language` as some country writes it: numbers and dates are of the reader's. */
export function variantOf(language: string, wanted: readonly string[]): string {
  const own = localeOf(language).maximize();
  const found = wanted.find((tag) => {
    const { language, script } = localeOf(tag).maximize();
    return language === own.language && script === own.script;
  });
  return found ?? language;
}

/** The first of `wanted` (as in `navigator.languages`) that is among `known`; English where none is. */
export function chooseLanguage(wanted: readonly string[], known: readonly string[]): string {
  for (const tag of wanted) {
    const { language } = localeOf(tag);
    if (language === "en") return "en";
    const found = known.find((name) => localeOf(name).language === language);
    if (found !== undefined) return found;
  }
  return "en";
}

function localeOf(tag: string): Intl.Locale {
  try {
    return new Intl.Locale(tag);
  } catch {
    return new Intl.Locale("und"); // an address may say anything
  }
}
