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

declare module "virtual:classic-styles" {
  /** The style sheets of ipywidgets: src/classic/styles.css with all that it imports. */
  const text: string;
  export default text;
}
