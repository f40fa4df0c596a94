/** Texts without any markup, as most messages are. */

/** A line that begins with a letter. Of the signs that may follow, none means anything to markdown there. */
const LINE =
  /^\p{L}[\p{L}\p{M}\p{N}\p{Extended_Pictographic} .,;:!?'"()\u2026\u2013\u2014%+-]*(?<! )$/u;

/** Whether markdown makes one paragraph of it and changes nothing; an address that would be a link is no such text. */
export function isWords(text: string): boolean {
  return LINE.test(text) && !/www\./i.test(text);
}
