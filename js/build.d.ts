/** What build.mjs (and vitest.config.ts) make importable beside code. */

declare module "*.css" {
  const text: string;
  export default text;
}

declare module "virtual:sandbox" {
  /** The document around `src/host/sandbox.ts`: for the page an asset's address, for the panel its text. */
  const source: { readonly src: string } | { readonly srcdoc: string };
  export default source;
}

declare module "virtual:parts" {
  /** What a panel loads later: the SHA-256 of each part, by which a relay of the same build has it. */
  const parts: { readonly chat: string; readonly [texts: `texts.${string}`]: string };
  export default parts;
}

declare module "virtual:catalogues" {
  /** The addresses of the page's catalogues, by their languages. */
  const addresses: { readonly [language: string]: string };
  export default addresses;
}

declare module "virtual:classic-styles" {
  /** The style sheets of ipywidgets: src/classic/styles.css with all that it imports. */
  const text: string;
  export default text;
}
