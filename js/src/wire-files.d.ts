/** How tests read the files that they share with Python's: the bundler's, without its other globals. */
interface ImportMeta {
  glob<T>(pattern: string, options: { eager: true; import: "default" }): Record<string, T>;
}
