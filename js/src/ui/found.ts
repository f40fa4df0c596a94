/** The words that a search was for, in what it has found. */

/** A part of a text; `hit` is a word that was searched for. */
export interface Part {
  text: string;
  hit: boolean;
}

/** Signs shown before the first word that was found, and in all. */
const BEFORE = 40;
const LONGEST = 200;
const WORD = /[\p{L}\p{M}\p{N}]+/gu;
/** Each of these is a word of its own (L9). */
const IDEOGRAPH = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/u;

/** A text in one line around the first hit, in parts. Case and diacritics do not count, words may go on. */
export function partsOf(text: string, query: string): Part[] {
  const wanted = wordsOf(query).map(({ folded }) => folded);
  const line = text.replace(/\s+/gu, " ").trim();
  const hits = wordsOf(line).filter(({ folded }) => wanted.some((word) => folded.startsWith(word)));
  const first = hits[0]?.from ?? 0;
  const from = first <= BEFORE ? 0 : wordStart(line, first - BEFORE);
  const to = Math.min(line.length, from + LONGEST);
  const parts: Part[] = [];
  let at = from;
  const add = (end: number, hit: boolean): void => {
    if (end > at) parts.push({ text: line.slice(at, end), hit });
    at = Math.max(at, end);
  };
  for (const hit of hits) {
    if (hit.to > to) break;
    add(hit.from, false);
    add(hit.to, true);
  }
  add(to, false);
  if (from > 0) parts.unshift({ text: "…", hit: false });
  if (to < line.length) parts.push({ text: "…", hit: false });
  return parts;
}

interface Word {
  folded: string;
  from: number;
  to: number;
}

function wordsOf(text: string): Word[] {
  const words: Word[] = [];
  for (const { 0: run, index } of text.matchAll(WORD)) {
    let from = 0;
    for (const piece of run.split(/(?=[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}])/u)) {
      // What follows an ideograph in the same piece is a word by itself again.
      const length = IDEOGRAPH.test(piece) ? ([...piece][0]?.length ?? 1) : piece.length;
      for (const part of [piece.slice(0, length), piece.slice(length)]) {
        if (part === "") continue;
        words.push({ folded: fold(part), from: index + from, to: index + from + part.length });
        from += part.length;
      }
    }
  }
  return words;
}

function fold(text: string): string {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLocaleLowerCase("en");
}

/** The first place from here on at which a word begins. */
function wordStart(line: string, at: number): number {
  const space = line.indexOf(" ", at);
  return space === -1 ? at : space + 1;
}
