/** Chat text as a sanitised fragment. What people write is hostile until it has been through here. */
import DOMPurify from "dompurify";
import { Marked } from "marked";
import { isWords } from "./words";

const TAGS = [
  ...["p", "br", "strong", "em", "del", "code", "pre", "blockquote", "ul", "ol", "li", "a", "hr"],
  ...["h1", "h2", "h3", "h4", "h5", "h6", "table", "thead", "tbody", "tr", "th", "td"],
];

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}

/** Where a link may lead. Checked here and by DOMPurify: one of them may have a bad day. */
const SAFE = /^(?:https?|mailto):/i;

function anchor(href: string, label: string): string {
  if (!SAFE.test(href)) return label;
  return `<a href="${escaped(href)}" target="_blank" rel="noopener noreferrer nofollow">${label}</a>`;
}

const marked = new Marked({
  gfm: true,
  breaks: true,
  async: false,
  renderer: {
    // Raw HTML is shown as it was typed; a picture becomes its link, so that nobody's address leaks.
    html: ({ text }) => escaped(text),
    image: ({ href, text }) => anchor(href, escaped(text === "" ? href : text)),
    link({ href, tokens }) {
      return anchor(href, this.parser.parseInline(tokens));
    },
  },
});

const purify = DOMPurify();

/** Quotes in lists in quotes: deeper than anybody reads, and a page that lays out thousands of them stands still. */
const DEEP = /^(?:[ \t]*(?:>|[-*+]|\d+[.)])){20}/m;

function markup(text: string): string {
  if (DEEP.test(text)) return plain(text);
  try {
    return marked.parse(text, { async: false });
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return plain(text); // the parser goes one call deeper with each level, and somebody has nested thousands
  }
}

function plain(text: string): string {
  return `<p>${escaped(text).replaceAll("\n", "<br>")}</p>`;
}

/** What marked and DOMPurify make of words alone, at a fraction of their price: a page opens with fifty messages. */
function paragraph(words: string): DocumentFragment {
  const fragment = document.createDocumentFragment();
  const line = document.createElement("p");
  line.textContent = words;
  fragment.append(line);
  return fragment;
}

/** The message, ready to be put into the page. */
export function renderMarkdown(text: string): DocumentFragment {
  if (isWords(text)) return paragraph(text);
  return purify.sanitize(markup(text), {
    ALLOWED_TAGS: TAGS,
    ALLOWED_ATTR: ["href", "target", "rel"],
    ALLOWED_URI_REGEXP: SAFE,
    ADD_URI_SAFE_ATTR: ["target", "rel"],
    ALLOW_DATA_ATTR: false,
    ALLOW_ARIA_ATTR: false,
    RETURN_DOM_FRAGMENT: true,
  });
}
