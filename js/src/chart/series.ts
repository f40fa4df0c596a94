/** Everything that a chart draws over its axes, in its order. */
import type { MarkSet } from "../host/annotations";
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
  within(brush, () => {
    paintShapes(brush, shapes.filter(isBand), palette);
    for (const track of tracks) paintTrack(scene, track);
    paintShapes(
      brush,
      shapes.filter((shape) => !isBand(shape)),
      palette,
    );
    paintWords(brush, shapes, palette);
  });
  paintNewest(scene);
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

/** The newest values: a dot where the line ends, and a flag beside the axis; flags do not cover each other. */
function paintNewest(scene: Scene): void {
  const { plot, palette } = scene;
  const { ctx, ratio } = plot;
  ctx.font = `600 ${11 * ratio}px ${palette.font}`;
  const free: Record<Side, number> = { left: 0, right: 0 };
  const flags = [...scene.last].map(([track, reading]) => {
    const brush = brushFor(plot, track.trait.axis);
    return { track, reading, brush, y: brush.y(reading.value) };
  });
  flags.sort((a, b) => a.y - b.y);
  for (const { track, reading, brush, y } of flags) {
    const { axis, kind } = track.trait;
    const right = brush.left + brush.width;
    if (!(y >= brush.top && y <= brush.top + brush.height)) continue;
    const color = wayOf(track, palette) ?? scene.colorOf(track);
    if (flags.length < 3) paintLevel(brush, y, color);
    const x = brush.x(reading.t + track.step / 2);
    const isLine = kind === "line" || kind === "step" || kind === "area";
    if (isLine && x >= brush.left && x <= right) paintEnd(brush, x, y, color, palette.ground);
    const text = track.text(reading.value);
    const at = Math.max(y - 9 * ratio, free[axis]);
    free[axis] = at + 19 * ratio;
    const place =
      axis === "right" ? right + 3 * ratio : brush.left - flagWidth(brush, text) - 3 * ratio;
    paintFlag(brush, text, Math.max(0, place), at, color);
  }
}

/** The colour of the last candle. */
function wayOf({ bars }: Track, { up, down }: Palette): string | null {
  if (bars === null) return null;
  return (bars.close.at(-1) ?? 0) < (bars.open.at(-1) ?? 0) ? down : up;
}
