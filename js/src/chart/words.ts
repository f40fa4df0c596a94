/** Numbers and times for people: exact, and always as wide as their neighbours. */
import { locale, TEXTS } from "./texts";

const numbers = new Map<string, Intl.NumberFormat>();
const dates = new Map<string, Intl.DateTimeFormat>();

/** As many as can be told apart of a float64 near 1; more are the noise of a computation. */
const MOST = 9;

/** The decimals that `value` has when it is written as short as possible; null if they are noise. */
export function decimalsOf(value: number, single = false): number | null {
  if (!Number.isFinite(value)) return 0;
  const [, decimals = "", exponent = "0"] =
    /\.?(\d*)(?:e(.*))?$/.exec(shortest(value, single).replace(/^-?\d*/, "")) ?? [];
  const count = Math.max(0, decimals.length - Number(exponent));
  return count > MOST ? null : count;
}

/** A float32 has a shorter text than the float64 that it became: 21.4, not 21.399999618530273. */
function shortest(value: number, single: boolean): string {
  if (single) {
    for (let digits = 1; digits < 9; digits++) {
      const text = value.toPrecision(digits);
      if (Math.fround(Number(text)) === value) return String(Number(text));
    }
  }
  return String(value);
}

/** Decimals that show differences on an axis as long as `span`. */
export function decimalsFor(span: number): number {
  return Math.min(MOST, Math.max(0, 3 - Math.floor(Math.log10(span || 1))));
}

export function numberText(value: number, decimals: number, compact = false): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? "–" : value > 0 ? "∞" : "−∞";
  const options: Intl.NumberFormatOptions = compact
    ? { maximumFractionDigits: 2, notation: "compact" }
    : { minimumFractionDigits: decimals, maximumFractionDigits: decimals };
  return numberFormat(`${decimals}${compact}`, options).format(value).replace("-", "−");
}

/** A part of 1. */
export function percentText(part: number, decimals = 0): string {
  const digits = { minimumFractionDigits: decimals, maximumFractionDigits: decimals };
  return numberFormat(`${decimals}%`, { ...digits, style: "percent" }).format(part);
}

/** `name` stands for the options: to write all of them down for each number takes longer than to format it. */
function numberFormat(name: string, options: Intl.NumberFormatOptions): Intl.NumberFormat {
  const key = `${locale} ${name}`;
  let format = numbers.get(key);
  if (format === undefined) {
    format = new Intl.NumberFormat(locale, options);
    numbers.set(key, format);
  }
  return format;
}

/** A unit stands after its number; money before it where one writes so: $5, and 5 $ in German. */
export function withUnit(text: string, unit: string): string {
  if (/^[$€£¥]$/.test(unit) && isMoneyFirst())
    return text.startsWith("−") ? `−${unit}${text.slice(1)}` : unit + text;
  const isClose = unit === "" || /^°/.test(unit) || (/^%/.test(unit) && !/\s/.test(percentText(0)));
  return `${text}${isClose ? "" : " "}${unit}`;
}

function isMoneyFirst(): boolean {
  const money = numberFormat("$", { style: "currency", currency: "USD" });
  return money.formatToParts(1)[0]?.type === "currency";
}

/** Words of others are as long as they like; here is room for so many characters. */
export function cut(text: string, most: number): string {
  return text.length > most ? `${text.slice(0, most - 1)}…` : text;
}

export function durationText(seconds: number): string {
  if (seconds < 10) return TEXTS.seconds(numberText(seconds, 1));
  if (seconds < 120) return TEXTS.seconds(Math.round(seconds));
  if (seconds < 7200) return TEXTS.minutes(Math.round(seconds / 60));
  return seconds < 172800
    ? TEXTS.hours(Math.round(seconds / 3600))
    : TEXTS.days(Math.round(seconds / 86400));
}

type Shape = Intl.DateTimeFormatOptions;

const DAY: Shape = { day: "numeric", month: "short" };
const MINUTE: Shape = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
const SECOND: Shape = { ...MINUTE, second: "2-digit" };

/** What tells two times apart that are `step` seconds from each other. */
function shapeFor(step: number): Shape {
  if (step < 1) return { ...SECOND, fractionalSecondDigits: step < 0.01 ? 3 : step < 0.1 ? 2 : 1 };
  if (step < 60) return SECOND;
  if (step < 86400) return MINUTE;
  if (step < 86400 * 28) return DAY;
  return step < 86400 * 365 ? { month: "short", year: "numeric" } : { year: "numeric" };
}

/** `zone` is an IANA name. */
function write(t: number, zone: string, shape: Shape, place = locale): string {
  const key = `${place} ${zone}${JSON.stringify(shape)}`;
  let format = dates.get(key);
  if (format === undefined) {
    format = new Intl.DateTimeFormat(place, { ...shape, ...zoneOf(zone) });
    dates.set(key, format);
  }
  return format.format(t * 1000);
}

/** A zone that this browser doesn't know, and none, is the viewer's own. */
function zoneOf(zone: string): { timeZone?: string } {
  if (zone === "") return {};
  try {
    new Intl.DateTimeFormat("en", { timeZone: zone });
    return { timeZone: zone };
  } catch (error) {
    if (error instanceof RangeError) return {};
    throw error;
  }
}

const FULL: Shape = { ...SECOND, year: "numeric", month: "2-digit", day: "2-digit" };

/** Seconds that the zone's clocks are ahead of UTC at a time. */
export function localOffset(t: number, zone: string): number {
  const whole = Math.floor(t);
  const [day = 1, month = 1, year = 1970, ...clock] = (
    write(whole, zone, FULL, "en-GB").match(/\d+/g) ?? []
  ).map(Number);
  return Date.UTC(year, month - 1, day, ...clock) / 1000 - whole;
}

/** Tick texts; where a day begins, and at the first, the date stands below. */
export function tickTexts(
  ticks: readonly number[],
  step: number,
  zone: string,
  dated: boolean,
): string[] {
  let last = "";
  return ticks.map((t) => {
    const text = write(t, zone, shapeFor(step));
    if (step >= 86400 * 28 || !dated) return text;
    const above = write(t, zone, step < 86400 ? DAY : { year: "numeric" });
    if (above === last) return text;
    last = above;
    return `${text}\n${above}`;
  });
}

/** A time in full, as exact as pixels of `step` seconds are; without the day when it is the one of `today`. */
export function timeText(t: number, zone: string, step: number, today?: number): string {
  const isToday = today !== undefined && write(t, zone, DAY) === write(today, zone, DAY);
  const clock = write(t, zone, shapeFor(Math.min(step, 3600)));
  if (step >= 86400) return write(t, zone, { ...DAY, year: "numeric" });
  return isToday ? clock : `${write(t, zone, DAY)} ${clock}`;
}
