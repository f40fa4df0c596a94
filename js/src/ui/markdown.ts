/** Chat text as a sanitised fragment. What people write is hostile until it has been through here. */
import DOMPurify from "dompurify";
import { Marked } from "marked";

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

/** The message, ready to be put into the page. */
export function renderMarkdown(text: string): DocumentFragment {
  return purify.sanitize(marked.parse(text, { async: false }), {
    ALLOWED_TAGS: TAGS,
    ALLOWED_ATTR: ["href", "target", "rel"],
    ALLOWED_URI_REGEXP: SAFE,
    ADD_URI_SAFE_ATTR: ["target", "rel"],
    ALLOW_DATA_ATTR: false,
    ALLOW_ARIA_ATTR: false,
    RETURN_DOM_FRAGMENT: true,
  });
}
