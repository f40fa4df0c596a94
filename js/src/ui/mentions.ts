/** Names that are called in messages: `@Ann Lee`. On the wire they are text like any other. */

/** What a name may not go on with, or begin after: "@Ann" is in neither "@Anna" nor "mail@ann". */
const EDGE = "[\\p{L}\\p{N}_]";
/** More would not fit above a phone's keyboard. */
const MOST = 6;
/** Before the caret: an `@` that begins a word, and what was written since. */
const ASKED = /(?:^|[\s([{"'])@([^\n@]{0,40})$/u;

/** Finds any of these names after an `@`; null if there are none. */
export function patternOf(names: readonly string[]): RegExp | null {
  const longestFirst = [...new Set(names)]
    .filter((name) => name !== "")
    .sort((a, b) => b.length - a.length);
  if (longestFirst.length === 0) return null;
  const any = longestFirst.map((name) => name.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&")).join("|");
  return new RegExp(`(?<!${EDGE}|@)@(?:${any})(?!${EDGE})`, "giu");
}

/** Whether a message calls one of this name. */
export function calls(text: string, name: string): boolean {
  return text.includes("@") && (patternOf([name])?.test(text) ?? false);
}

/** A name that is being called at the caret: where its `@` is, and what is written of it. */
export interface Asked {
  from: number;
  query: string;
}

export function askedAt(text: string, caret: number): Asked | null {
  const query = ASKED.exec(text.slice(0, caret))?.[1];
  return query === undefined ? null : { from: caret - query.length - 1, query };
}

/** Who may be meant: a word of their name begins with what is written. */
export function meant<T extends { name: string }>(people: readonly T[], query: string): T[] {
  const wanted = query.toLocaleLowerCase();
  const starts = (name: string): boolean => {
    const lower = name.toLocaleLowerCase();
    return lower.startsWith(wanted) || lower.split(/\s+/).some((word) => word.startsWith(wanted));
  };
  return people.filter(({ name }) => starts(name)).slice(0, MOST);
}

/** Marks the names in a fragment that was made safe before; code and links are left as they are. */
export function markCalls(fragment: DocumentFragment, pattern: RegExp, mine: string): void {
  const walker = document.createTreeWalker(fragment, NodeFilter.SHOW_TEXT);
  const texts: Text[] = [];
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
    if (!(node as Text).parentElement?.closest("code, a")) texts.push(node as Text);
  }
  const own = `@${mine}`.toLocaleLowerCase();
  for (const text of texts) {
    for (const found of [...text.data.matchAll(pattern)].reverse()) {
      const name = text.splitText(found.index);
      name.splitText(found[0].length);
      const mark = document.createElement("bdi");
      mark.className = "call";
      mark.dataset.mine = String(found[0].toLocaleLowerCase() === own);
      name.replaceWith(mark);
      mark.append(name);
    }
  }
}
