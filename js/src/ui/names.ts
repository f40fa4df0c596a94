/** Names and colours of people: a friendly one to begin with, and colours that can be trusted. */
import { COLORS, safeColor } from "../lib/colors";

export { COLORS, safeColor };

const FIRST = [
  "Amber",
  "Bright",
  "Calm",
  "Clever",
  "Coral",
  "Gentle",
  "Golden",
  "Jolly",
  "Kind",
  "Lively",
];
const SECOND = [
  "Badger",
  "Falcon",
  "Heron",
  "Koala",
  "Lynx",
  "Otter",
  "Panda",
  "Robin",
  "Seal",
  "Wren",
];

export interface Identity {
  name: string;
  color: string;
}

const STORED = "cowidget.me";
const LONGEST_NAME = 64;

function pick<T>(list: readonly T[], at: number): T {
  const one = list[at % list.length];
  if (one === undefined) throw new Error("cannot pick from an empty list");
  return one;
}

/** A name and a colour by chance; `random` returns whole numbers. */
export function friendlyIdentity(random: () => number): Identity {
  return {
    name: `${pick(FIRST, random())} ${pick(SECOND, random())}`,
    color: pick(COLORS, random()),
  };
}

/** What this browser's person chose before, or null. Storage may be forbidden: then it is null. */
export function rememberedIdentity(): Identity | null {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(STORED) ?? "null");
    if (typeof stored !== "object" || stored === null) return null;
    const { name, color } = stored as Record<string, unknown>;
    if (typeof name !== "string" || name === "") return null;
    return { name, color: safeColor(color, name) };
  } catch {
    return null; // private windows and sandboxed notebooks refuse storage; a fresh name will do
  }
}

export function rememberIdentity(identity: Identity): void {
  try {
    localStorage.setItem(STORED, JSON.stringify(identity));
  } catch {
    // Refused or full: the name holds for this visit.
  }
}

/** The name as it is sent: no control characters, no odd spaces, at most 64. Empty if nothing is left. */
export function cleanName(text: string): string {
  const printable = text.replace(/[\p{C}\s]+/gu, " ").trim();
  return [...printable].slice(0, LONGEST_NAME).join("");
}

/** Black or white, whichever is easier to read on `color` (WCAG relative luminance). */
export function textOn(color: string): "#000" | "#fff" {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(color.slice(at, at + 2), 16) / 255;
    return part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.179 ? "#000" : "#fff";
}

/** Up to two letters that stand for a name. */
export function initials(name: string): string {
  const words = name.split(/[\s_.-]+/).filter((word) => word !== "");
  const [first = "?", ...rest] = words;
  const last = rest.at(-1) ?? "";
  return [first, last]
    .map((word) => [...word][0] ?? "")
    .join("")
    .toLocaleUpperCase();
}
