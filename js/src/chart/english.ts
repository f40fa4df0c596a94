/**
 * What a chart says, in English: the only place of these words. The other languages have theirs in the catalogues
 * (`ui/catalogues/*.json`) under `framed.chart`, and the page tells them to the frame. Rules of patterns and plural
 * forms: `lib/phrases.ts`.
 */
export const CHART_WORDS = {
  // What it is, for those who do not see it, and for the names of files
  chart: "chart",
  untitled: "Live chart",
  help: "Left and right arrows move along the rows, plus and minus zoom, page keys move, space pauses, End goes live, Enter opens the menu.",
  series: "Series",
  /** Between values that are read out. */
  separator: ", ",
  time: "Time",

  // At its head
  pause: "Pause",
  goLive: "Go live",
  /** Rows since the picture stopped. */
  news: "+{0} new",
  legendHint: "Hide or show. Double click: only this one",
  zoomHint: "Ctrl + scroll to zoom, or click the chart first",
  /** Of a bar: open, high, low, close, volume. */
  bar: ["O", "H", "L", "C", "V"],

  // How its feeds are doing
  connecting: "connecting",
  offline: "offline",
  absent: "not there yet",
  reconnecting: "reconnecting",
  live: "live",
  silent: "no data for {0}",
  retrying: "reconnecting (attempt {0})",
  retryingSoon: "reconnecting (attempt {0}, next in {1} s)",
  failed: "failed",
  failedWith: "failed: {0}",
  ended: "ended",
  waiting: "waiting",
  idle: "idle",
  behind: "{0} behind",
  /** `{0}` is a percentage. */
  history: "history {0}",
  firstValues: "Waiting for the first values",
  noSeries: "No series",
  noErrors: "No errors",

  // Spans of time
  seconds: "{0} s",
  minutes: "{0} min",
  hours: "{0} h",
  days: { one: "{0} day", other: "{0} days" },

  // Menus
  more: "More",
  sendMoment: "Send this moment to the chat",
  copyValues: "Copy values",
  copied: "Values copied",
  copyFailed: "This browser lets no chart copy",
  savePicture: "Save picture",
  saveRows: "Save rows",

  // Marks
  addMark: "Add a mark",
  markHere: "Mark here",
  bandHow: "then drag",
  kinds: { mark: "Mark", band: "Band", line: "Line" },
  kindBy: "{0} by {1}",
  at: "{0} at {1}",
  between: "{0} from {1} to {2}",
  /** A mark and its text. */
  says: "{0}: {1}",
  /** A mark and who has made it. */
  signed: "{0} ({1})",
  textHint: "Say what it is",
  textLabel: "Text",
  colorLabel: "Colour",
  color: "Colour {0}",
  automatic: "automatic",
  add: "Add",
  save: "Save",
  erase: "Delete",
} as const;
