/** Everything that a chart draws over its axes, in its order. */
import type { MarkSet } from "../host/annotations";
import type { Rect } from "./flags";
import { type Shape, shapesOf } from "./marks";
import {
  type Brush,
  paintBars,
  paintCandles,
  paintDots,
  paintEnd,
  paintLevel,
  paintLine,
  within,
} from "./paint";
import { flagWidth, paintFlag, paintShapes, paintWords } from "./paint-marks";
import { dashOf, type Palette } from "./palette";
import type { Plot } from "./plot";
import type { Reading, Track } from "./track";
import type { Side } from "./traits";

export interface Scene {
  plot: Plot;
  palette: Palette;
  tracks: readonly Track[];
  colorOf(track: Track): string;
  marks: MarkSet;
  /** The axis that marks are measured on. */
  side: Side;
  /** The newest values are told at the axis. */
  last: ReadonlyMap<Track, Reading>;
}

/** Paints it, and tells where the marks are. */
export function paintScene(scene: Scene): Shape[] {
  const { plot, palette, tracks, side } = scene;
  const { width, height } = plot.box;
  const x = (t: number): number => plot.x(t);
  const y = (value: number): number => plot.y(value, side);
  const shapes = shapesOf(scene.marks, { width, height, x, y });
  const isBand = ({ mark }: Shape): boolean => mark.kind === "band";
  const brush = brushFor(plot, side);
  const ends = endsOf(scene);
  within(brush, () => {
    paintShapes(brush, shapes.filter(isBand), palette);
    for (const track of tracks) paintTrack(scene, track);
    paintShapes(
      brush,
      shapes.filter((shape) => !isBand(shape)),
      palette,
    );
    paintWords(brush, shapes, palette, busyAt(ends));
  });
  paintNewest(scene, ends);
  return shapes;
}

function brushFor(plot: Plot, side: Side): Brush {
  const { ctx, ratio, box } = plot;
  const [left, top, width, height] = [
    box.left * ratio,
    box.top * ratio,
    box.width * ratio,
    box.height * ratio,
  ];
  const [from, to] = plot.range;
  const { log, low, high } = plot.bounds(side);
  const [across, down, bottom] = [width / (to - from), height / (high - low), top + height];
  const x = (t: number): number => left + (t - from) * across;
  const y = log
    ? (value: number): number => top + plot.y(value, side) * ratio
    : (value: number): number => bottom - (value - low) * down;
  return { ctx, left, top, width, height, ratio, x, y };
}

function paintTrack(scene: Scene, track: Track): void {
  const { plot, palette } = scene;
  const { points, bars, trait, step, at } = track;
  const brush = brushFor(plot, trait.axis);
  const color = scene.colorOf(track);
  const floor = plot.bounds(trait.axis).log ? brush.top + brush.height : brush.y(0);
  if (bars !== null) paintCandles(brush, bars, step, palette);
  if (points === null) return;
  if (trait.kind === "bar") paintBars(brush, points, color, step, floor);
  else if (trait.kind === "scatter") paintDots(brush, points, color, trait.width || 3);
  else {
    // A line of one device pixel is drawn several times faster than a wider one, and as good where it fills areas.
    const isDense = points.t.length > plot.box.width;
    const width = trait.width || (isDense ? (points.exact ? 1.25 : 1) : 1.75);
    const ink = { color, width, dash: dashOf(palette, at, trait.dash) };
    paintLine(brush, points, ink, trait.kind === "step", trait.kind === "area" ? floor : null);
  }
}

/** The newest value of a series that can be seen. */
interface End {
  track: Track;
  text: string;
  brush: Brush;
  y: number;
  /** Where the line ends; null if there is none, or it does so elsewhere. */
  x: number | null;
}

/** From above. */
function endsOf({ plot, last }: Scene): End[] {
  const ends = [...last].flatMap(([track, { t, value }]): End[] => {
    const { axis, kind } = track.trait;
    const brush = brushFor(plot, axis);
    const y = brush.y(value);
    if (!(y >= brush.top && y <= brush.top + brush.height)) return [];
    const x = brush.x(t + track.step / 2);
    const isLine = kind === "line" || kind === "step" || kind === "area";
    const isHere = isLine && x >= brush.left && x <= brush.left + brush.width;
    return [{ track, text: track.text(value), brush, y, x: isHere ? x : null }];
  });
  return ends.sort((a, b) => a.y - b.y);
}

/** More lines of newest values than that are a grid. */
const MOST_LEVELS = 2;

/** What words would hide: where lines end, and the lines of the newest values. */
function busyAt(ends: readonly End[]): Rect[] {
  const dots = ends.flatMap(({ brush: { ratio }, x, y }): Rect[] => {
    const half = 6 * ratio;
    return x === null ? [] : [{ x: x - half, y: y - half, width: 2 * half, height: 2 * half }];
  });
  if (ends.length > MOST_LEVELS) return dots;
  const levels = ends.map(({ brush: { left, width, ratio }, y }) => ({
    x: left,
    y: y - ratio,
    width,
    height: 2 * ratio,
  }));
  return [...dots, ...levels];
}

/** The newest values: a dot where the line ends, and a flag beside the axis; flags do not cover each other. */
function paintNewest({ plot, palette, colorOf }: Scene, ends: readonly End[]): void {
  const { ctx, ratio } = plot;
  ctx.font = `600 ${11 * ratio}px ${palette.font}`;
  const flags: Record<Side, number[]> = { left: plot.flags("left"), right: plot.flags("right") };
  for (const { track, text, brush, x, y } of ends) {
    const { axis } = track.trait;
    const color = wayOf(track, palette) ?? colorOf(track);
    if (ends.length <= MOST_LEVELS) paintLevel(brush, y, color);
    if (x !== null) paintEnd(brush, x, y, color, palette.ground);
    const place =
      axis === "right"
        ? brush.left + brush.width + 3 * ratio
        : brush.left - flagWidth(brush, text) - 3 * ratio;
    paintFlag(brush, text, Math.max(0, place), (flags[axis].shift() ?? 0) * ratio, color);
  }
}

/** The colour of the last candle. */
function wayOf({ bars }: Track, { up, down }: Palette): string | null {
  if (bars === null) return null;
  return (bars.close.at(-1) ?? 0) < (bars.open.at(-1) ?? 0) ? down : up;
}
