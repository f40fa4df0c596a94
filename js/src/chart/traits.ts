/** What the kernel says about a chart: the synced traits of `widgets/charts`, with what is missing filled in. */
import type { Ohlc, Resample, Rolling } from "../feeds/view";

export type Kind =
  | "line"
  | "step"
  | "area"
  | "bar"
  | "scatter"
  | "candle"
  | "gauge"
  | "spark"
  | "value";

/** Which columns of a feed are bars already. */
export interface BarColumns {
  open: string;
  high: string;
  low: string;
  close: string;
  volume?: string | null;
}

export type Side = "left" | "right";

export interface SeriesTrait {
  feed: string;
  column: string;
  columns: BarColumns | null;
  kind: Kind;
  label: string;
  color: string;
  axis: Side;
  dash: boolean;
  /** Pixels; 0 is the usual one. */
  width: number;
  decimals: number | null;
  transform: Ohlc | Resample | Rolling | null;
  min: number | null;
  max: number | null;
}

export interface AxisTrait {
  label: string;
  log: boolean;
  min: number | null;
  max: number | null;
  unit: string;
}

export interface Traits {
  title: string;
  height: number;
  zone: string;
  /** Seconds, and rows; 0 is all. */
  window: number;
  rows: number;
  following: boolean;
  series: SeriesTrait[];
  left: AxisTrait;
  right: AxisTrait;
  timeLabel: string;
  group: string;
}

export const TRAITS = [
  "title",
  "height",
  "zone",
  "window",
  "window_rows",
  "following",
  "paused",
  "series",
  "axes",
  "group",
];

const SERIES: SeriesTrait = {
  feed: "",
  column: "",
  columns: null,
  kind: "line",
  label: "",
  color: "",
  axis: "left",
  dash: false,
  width: 0,
  decimals: null,
  transform: null,
  min: null,
  max: null,
};

const AXIS: AxisTrait = { label: "", log: false, min: null, max: null, unit: "" };

/** Traits come over the wire: what is of another type than it should be is as if it were missing. */
function like<T extends object>(standard: T, given: unknown): T {
  const made = { ...standard };
  if (typeof given !== "object" || given === null) return made;
  for (const key of Object.keys(standard) as (keyof T)[]) {
    const value = (given as T)[key];
    const usual = standard[key];
    if (usual === null || typeof value === typeof usual) made[key] = value ?? usual;
  }
  return made;
}

function seriesOf(given: unknown): SeriesTrait {
  const series = like(SERIES, given);
  const { columns, transform, column } = series;
  const named = column || columns?.close || (transform?.op === "ohlc" ? "close" : "");
  return { ...series, column: named, label: series.label || named || series.feed };
}

export function readTraits(get: (name: string) => unknown): Traits {
  const axes = like<Record<string, unknown>>({ left: null, right: null, time: null }, get("axes"));
  const series = get("series");
  const usual = { title: "", height: 320, zone: "", window: 0, window_rows: 0, group: "" };
  const given = Object.fromEntries(Object.keys(usual).map((name) => [name, get(name)]));
  const { window_rows: rows, ...plain } = like(usual, given);
  return {
    ...plain,
    rows,
    following: get("following") !== false && get("paused") !== true,
    series: Array.isArray(series) ? series.map(seriesOf) : [],
    left: like(AXIS, axes.left),
    right: like(AXIS, axes.right),
    timeLabel: like({ label: "" }, axes.time).label,
    group: plain.group,
  };
}

export function isTile({ kind }: SeriesTrait): boolean {
  return kind === "gauge" || kind === "spark" || kind === "value";
}
