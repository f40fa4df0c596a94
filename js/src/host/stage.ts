/** The sandbox's document: one place per share, in order; styles; failures; its own height. */
import { FAILURE_WORDS, type FailureWords } from "./failure-words";
import type { Failure, ShareSpec, Theme } from "./messages";

function element(name: string, className: string, text = ""): HTMLElement {
  const made = document.createElement(name);
  made.className = className;
  made.textContent = text;
  return made;
}

/** The card in a widget's place that says what went wrong. Text only: it may hold anything. */
export function drawFailure(
  el: HTMLElement,
  failure: Failure,
  name: string,
  words: FailureWords = FAILURE_WORDS,
): void {
  const card = element("div", "cw-failure");
  card.setAttribute("role", "alert");
  card.append(
    element("strong", "", words.title.split("{0}").join(name || words.someWidget)),
    element("p", "", words[failure.phase]),
    element("pre", "", failure.text),
  );
  el.append(card);
}

export class Stage {
  readonly #root: HTMLElement;
  readonly #places = new Map<string, HTMLElement>();
  readonly #styles = new Map<string, HTMLStyleElement>();

  constructor(root: HTMLElement) {
    this.#root = root;
  }

  /** Where the share's root widget is drawn, kept when it is described anew. */
  place(share: ShareSpec): { el: HTMLElement; fresh: boolean } {
    let section = this.#places.get(share.name);
    const fresh = section === undefined;
    if (section === undefined) {
      section = element("section", "cw-share");
      section.append(element("h2", "cw-title"), element("div", "cw-widget"));
      section.dataset.share = share.name;
      this.#places.set(share.name, section);
    }
    section.dataset.order = String(share.order);
    const [title, el] = section.children;
    if (!(title instanceof HTMLElement) || !(el instanceof HTMLElement)) {
      throw new Error("a share's place has a title and a widget");
    }
    title.textContent = share.title;
    title.hidden = share.title === "";
    section.setAttribute("aria-label", share.title === "" ? share.name : share.title);
    this.#insert(section, share.order);
    return { el, fresh };
  }

  /** Where the share is in the document; null if it has no place. */
  placeOf(share: string): { top: number; height: number } | null {
    const section = this.#places.get(share);
    if (section === undefined) return null;
    const { top, height } = section.getBoundingClientRect();
    return { top: top + window.scrollY, height };
  }

  /** Where its widget is drawn; null if it has no place. */
  boxOf(share: string): HTMLElement | null {
    return this.#places.get(share)?.querySelector<HTMLElement>(":scope > .cw-widget") ?? null;
  }

  remove(share: string): void {
    this.#places.get(share)?.remove();
    this.#places.delete(share);
  }

  /** Makes the document have exactly these style sheets. */
  style(texts: Map<string, string>): void {
    for (const [hash, sheet] of this.#styles) {
      if (texts.has(hash)) continue;
      sheet.remove();
      this.#styles.delete(hash);
    }
    for (const [hash, text] of texts) {
      if (this.#styles.has(hash)) continue;
      const sheet = document.createElement("style");
      sheet.textContent = text;
      document.head.append(sheet);
      this.#styles.set(hash, sheet);
    }
  }

  /** Light or dark, told in the ways that widgets look for. */
  dress({ dark, tokens }: Theme): void {
    const { documentElement: html, body } = document;
    html.style.colorScheme = dark ? "dark" : "light";
    html.classList.toggle("dark", dark);
    body.dataset.jpThemeLight = String(!dark);
    for (const [name, value] of Object.entries(tokens)) html.style.setProperty(name, value);
  }

  /** Tells the content's height now and whenever it changes. */
  measure(onHeight: (height: number) => void): void {
    let last = -1;
    new ResizeObserver(() => {
      const height = Math.ceil(document.body.getBoundingClientRect().height);
      if (height === last) return;
      last = height;
      onHeight(height);
    }).observe(document.body);
  }

  #insert(section: HTMLElement, order: number): void {
    const after = [...this.#root.children].find(
      (other) => other !== section && Number((other as HTMLElement).dataset.order) > order,
    );
    // Moving an element resets what is inside it (frames, focus), so only when it is not in place.
    const here = section.isConnected && section.nextElementSibling === (after ?? null);
    if (!here) this.#root.insertBefore(section, after ?? null);
  }
}
