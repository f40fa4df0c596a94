/**
 * A language that nobody speaks, made of English: what is not in it was never put into a catalogue, and what does
 * not fit when it is shown is too narrow for German.
 */
import { isForms, type Phrase, type Phrases } from "./phrases";

export const PSEUDO = "qps";

const ACCENTS: Readonly<Record<string, string>> = Object.fromEntries(
  [..."aåcçdđeéhĥiïjĵkķlłnñoøsšuûwŵyýzžAÅCÇDĐEÉGĜIÏLŁNÑOØSŠUÛYÝZŽ"].flatMap((_, at, all) =>
    at % 2 === 0 ? [[all[at], all[at + 1]]] : [],
  ),
);
/** Translations of short texts are about this much longer. */
const LONGER = 0.35;

/** `phrases` with accents, longer, and in brackets. Places stay; what has no letters stays as it is. */
export function pseudo<T extends Phrases>(phrases: T): unknown {
  return disguised(phrases);
}

function disguised(phrase: Phrase): unknown {
  if (typeof phrase === "string") return /\p{L}/u.test(phrase) ? bracketed(phrase) : phrase;
  if (Array.isArray(phrase)) return phrase.map(disguised);
  const parts = isForms(phrase) ? phrase : (phrase as Phrases);
  return Object.fromEntries(
    Object.entries(parts).map(([name, part]) => [name, disguised(part as Phrase)]),
  );
}

function bracketed(text: string): string {
  const words = text.replace(/\p{L}/gu, (letter) => ACCENTS[letter] ?? letter);
  return `⟦${words} ${"~".repeat(Math.ceil(text.length * LONGER))}⟧`;
}
