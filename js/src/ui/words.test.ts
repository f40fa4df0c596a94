import { Marked } from "marked";
import { expect, test } from "vitest";
import { renderMarkdown } from "./markdown";
import { isWords } from "./words";

const marked = new Marked({ gfm: true, breaks: true, async: false });

const WORDS = [
  ...[
    "a",
    "Message 12 of many: a line",
    'It\'s "so" (and so) - or a + b, 50%; no?',
    "Café au lait… 5.5",
  ],
  ...[
    "a.b.c is",
    "f.x.com",
    "ten: 10:30",
    "Fine \u{1f44d}",
    "a  b",
    "你好, 世界",
    "a) b",
    "see http: there",
    "www",
  ],
];

const MARKUP = [
  ...[
    "www.example.org",
    "see WWW.example.org",
    "a@b.org",
    "http://a",
    "a/b",
    "[a]",
    "a <b>",
    "a&amp;b",
    "a\\*",
  ],
  ...[
    "a_b_",
    "*a*",
    "~~a~~",
    "x `y`",
    "a|b",
    "1. a",
    "- a",
    "# a",
    "    a",
    "a\nb",
    "a\n===",
    "a ",
    "",
    " ",
  ],
];

/** As marked has it; it writes quotation marks in a way of its own. */
function markup(text: string): string {
  const html = marked.parse(text, { async: false });
  return html.replaceAll("&#39;", "'").replaceAll("&quot;", '"');
}

test.each(WORDS)("%j is words alone, in one paragraph", (text) => {
  const place = document.createElement("div");
  place.append(renderMarkdown(text));
  expect(isWords(text)).toBe(true);
  expect([place.children.length, place.firstElementChild?.localName]).toEqual([1, "p"]);
  expect(place.textContent).toBe(text);
});

test.each(MARKUP)("%j goes the way of markup", (text) => {
  expect(isWords(text)).toBe(false);
});

test("whatever is taken for words, markdown would change nothing of it", () => {
  const pieces = [
    ..."ab1Ü你 .,;:!?'\"()…–—%+-=#*_~`[]<>&\\|/@\n",
    "www",
    "http",
    ". ",
    ") ",
    "  ",
    "\u{1f44d}",
  ];
  let seed = 1;
  const pick = (most: number): number => {
    seed = (seed * 48271) % 2147483647;
    return seed % most;
  };
  let words = 0;
  for (let round = 0; round < 20_000; round += 1) {
    const rest = Array.from({ length: pick(7) }, () => pieces[pick(pieces.length)] ?? "");
    const text = ["a", ...rest].join("");
    if (!isWords(text)) continue;
    words += 1;
    expect(markup(text)).toBe(`<p>${text}</p>\n`);
  }
  expect(words).toBeGreaterThan(1000);
});
