/** What our own widgets say, in the language of the page around their frame. */

export interface Words {
  /** Where numbers and dates are written so: a language tag that `Intl` takes. */
  locale: string;
  /** As the catalogue has them; what is missing is said in the widget's own English. */
  phrases: unknown;
}

export interface Wording {
  /** The words for widgets of this kind ("chart"): at once, if the page has told them, and when they are others. */
  onWords(kind: string, listener: (words: Words) => void, signal: AbortSignal): void;
}
