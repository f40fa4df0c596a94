/** Style sheets for elements that may be in a document of their own or in somebody else's. */

const sheets = new Map<string, CSSStyleSheet>();

/** Gives the place that `el` is in these styles, once. */
export function wear(el: Element, css: string): void {
  const root = el.getRootNode();
  const place = root instanceof ShadowRoot ? root : el.ownerDocument;
  let sheet = sheets.get(css);
  if (sheet === undefined) {
    sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
    sheets.set(css, sheet);
  }
  if (!place.adoptedStyleSheets.includes(sheet)) {
    place.adoptedStyleSheets = [...place.adoptedStyleSheets, sheet];
  }
}
