/** Colours that stand for people. */

/** Hues that stay apart from each other, and carry white text with a contrast of 4.5 or more. */
export const COLORS = [
  "#c2255c",
  "#a61e4d",
  "#c92a2a",
  "#b34700",
  "#8a5a00",
  "#4c7a0b",
  "#2b7a3e",
  "#087f6f",
  "#0b7285",
  "#1864ab",
  "#364fc7",
  "#5f3dc4",
  "#862e9c",
  "#495057",
] as const;

/** A colour from the wire, if it is a plain one; otherwise one that `seed` always gets. */
export function safeColor(color: unknown, seed: string): string {
  if (typeof color === "string" && /^#[0-9a-f]{6}$/i.test(color)) return color;
  let hash = 0;
  for (const letter of seed) hash = (hash * 31 + (letter.codePointAt(0) ?? 0)) >>> 0;
  return COLORS[hash % COLORS.length] ?? COLORS[0];
}
