/** What build.mjs (and vitest.config.ts) make importable beside code. */

declare module "*.css" {
  const text: string;
  export default text;
}

declare module "virtual:sandbox" {
  /** `src/host/sandbox.ts`, bundled as one classic script. */
  const script: string;
  export default script;
}
