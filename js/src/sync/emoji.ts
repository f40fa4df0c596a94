/** What an emoji is (L6); `core/emoji.py` has the same lists, and the relay goes by it. */

const MAX_EMOJI = 16;
// Signs that became emoji one by one, and the blocks of the others, which also hold those of versions to come.
const SIGN =
  "[\\u00a9\\u00ae\\u203c\\u2049\\u2122\\u2139\\u2190-\\u21ff\\u2300-\\u23ff\\u24c2\\u25a0-\\u27bf" +
  "\\u2900-\\u297f\\u2b00-\\u2bff\\u3030\\u303d\\u3297\\u3299\\u{1f000}-\\u{1f1e5}\\u{1f200}-\\u{1faff}]";
const ONE = `${SIGN}\\ufe0f?[\\u{1f3fb}-\\u{1f3ff}]?`;
const KEYCAP = "[0-9#*]\\ufe0f?\\u20e3";
const FLAG = "[\\u{1f1e6}-\\u{1f1ff}]{2}";
// England, Scotland: tags are letters that cannot be seen, so nowhere else.
const REGION = "\\u{1f3f4}[\\u{e0030}-\\u{e0039}\\u{e0061}-\\u{e007a}]{2,6}\\u{e007f}";
const EMOJI = new RegExp(`^(?:${KEYCAP}|${FLAG}|${REGION}|${ONE}(?:\\u200d${ONE})*)$`, "u");

/** Whether this is one emoji, as L6 has it. */
export function isEmoji(text: string): boolean {
  return [...text].length <= MAX_EMOJI && EMOJI.test(text);
}
