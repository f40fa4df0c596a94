/** What the card says that stands in the place of a widget that failed; in English until the page tells otherwise. */
export const FAILURE_WORDS = {
  title: "{0} cannot be shown",
  someWidget: "This widget",
  import: "Its code could not be loaded.",
  initialize: "It stopped while it was starting.",
  render: "It stopped while it was being drawn.",
} as const;

export type FailureWords = Readonly<Record<keyof typeof FAILURE_WORDS, string>>;
