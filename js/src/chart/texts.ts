/**
 * Every sentence that a chart says, and where numbers and dates are written so: English, until its room tells
 * otherwise. All charts of a page speak the same language, so nothing takes a text out of `TEXTS` before it is needed.
 */
import { fitted, type Spoken, spoken } from "../lib/phrases";
import type { Words } from "../lib/words";
import { CHART_WORDS } from "./english";

type Texts = Spoken<typeof CHART_WORDS>;

/** English without a country writes the day after the month. */
export let locale = "en-GB";
export let TEXTS: Texts = spoken(CHART_WORDS, locale);

/** Says everything so from now on; what `words` lack stays English. */
export function speak(words: Words): void {
  locale = words.locale;
  TEXTS = spoken(fitted(words.phrases, CHART_WORDS), locale);
}
