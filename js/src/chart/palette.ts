/** A chart's colours: those of the theme around it, and a series' own. */

export interface Palette {
  dark: boolean;
  /** The system's high contrast: series differ by their dashes. */
  forced: boolean;
  text: string;
  quiet: string;
  line: string;
  ground: string;
  accent: string;
  up: string;
  down: string;
  font: string;
  series: readonly string[];
}

// Told apart with each of the usual colour blindnesses, and 3:1 or more on their ground.
const LIGHT = "#3454d1 #d4601f #12876a #b0368f #9a7400 #0a84a8 #7f4fd0 #5b6473".split(" ");
const DARK = "#8ea5ff #ff9d62 #45cf9f #f08fd3 #e5bd4c #55c8ea #c29cff #aab3c2".split(" ");
const DASHES = [
  [7, 4],
  [2, 3],
  [10, 3, 2, 3],
  [5, 5],
  [12, 4],
  [3, 2],
];

/** The channels of a computed colour, 0 to 1: "rgb(27, 30, 37)" or "color(srgb 0.1 0.1 0.2)". */
export function channels(color: string): [number, number, number] {
  const [r = 0, g = 0, b = 0] = (color.match(/-?[\d.]+(?:e-?\d+)?/g) ?? []).map(Number);
  return color.startsWith("rgb") ? [r / 255, g / 255, b / 255] : [r, g, b];
}

/** How bright a colour is for people, 0 to 1. */
export function brightness(color: string): number {
  const [r, g, b] = channels(color);
  return 0.3 * r + 0.59 * g + 0.11 * b;
}

/** As the theme has dressed `root` (chart.css): colours are resolved there, whatever form the tokens have. */
export function paletteOf(root: Element): Palette {
  const style = getComputedStyle(root);
  const dark = brightness(style.color) > 0.5;
  const forced = matchMedia("(forced-colors: active)").matches;
  return {
    dark,
    forced,
    text: style.color,
    quiet: style.columnRuleColor,
    line: forced ? "GrayText" : style.outlineColor,
    ground: style.backgroundColor,
    accent: style.caretColor,
    up: forced ? style.color : dark ? "#2fc295" : "#0f9472",
    down: forced ? style.caretColor : dark ? "#ff7183" : "#d43f58",
    font: style.fontFamily,
    series: forced ? [style.color, style.caretColor] : dark ? DARK : LIGHT,
  };
}

export function seriesColor({ series, text }: Palette, at: number, own: string): string {
  return own || (series[at % series.length] ?? text);
}

/** Pixels. Colour alone tells nothing to some: from the second on, series are dashed where contrast is asked for. */
export function dashOf({ forced }: Palette, at: number, wanted: boolean): number[] {
  if (!wanted && !(forced && at > 0)) return [];
  return DASHES[at % DASHES.length] ?? [];
}
