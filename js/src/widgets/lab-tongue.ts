/** The language of a panel: what its person has chosen, or else that of the notebook around it. */
import { Tongue, wantedLanguage } from "../ui/languages";
import type { Parts } from "./parts";

/** Begins to speak it at once; the panel is drawn again when its words have come. */
export function labTongue(parts: Parts, signal: AbortSignal): Tongue {
  const tongue = new Tongue(async (language) =>
    JSON.parse(await parts.getSoon(`texts.${language}`)),
  );
  tongue.follow(signal);
  void tongue.speak(wantedLanguage(askedFor(document.documentElement.lang, navigator.languages)));
  return tongue;
}

/** JupyterLab says "en" also when nobody has chosen English: then the browser knows better. */
export function askedFor(around: string, browser: readonly string[]): readonly string[] {
  return around === "" || /^en\b/i.test(around) ? browser : [around, ...browser];
}
