/** Draws series onto a canvas. */
import type { Bars, Points } from "../feeds/view";
import type { Palette } from "./palette";

type Context = CanvasRenderingContext2D;

/** A canvas and the place of a series on it; all lengths are device pixels. */
export interface Brush {
  ctx: Context;
  left: number;
  top: number;
  width: number;
  height: number;
  /** Device pixels per pixel. */
  ratio: number;
  x(t: number): number;
  y(value: number): number;
}

export interface Ink {
  color: string;
  width: number;
  dash: number[];
}

/** `color` with so much of it left, as far as the canvas can read it. */
export function faded(ctx: Context, color: string, part: number): string {
  ctx.fillStyle = "#888888";
  ctx.fillStyle = color;
  const known = String(ctx.fillStyle);
  if (!known.startsWith("#")) return color;
  const alpha = Math.round(part * 255).toString(16);
  return known + alpha.padStart(2, "0");
}

/** Draws within the brush's place and leaves the canvas as it was. */
export function within({ ctx, left, top, width, height }: Brush, draw: () => void): void {
  ctx.save();
  ctx.beginPath();
  ctx.rect(left, top, width, height);
  ctx.clip();
  draw();
  ctx.restore();
}

/** A line that ends at gaps, and the area between it and `base`. */
class Trail {
  readonly line = new Path2D();
  readonly area = new Path2D();
  /** Rows between two gaps have no line. */
  readonly alone = new Path2D();
  readonly #base: number | null;
  readonly #stepped: boolean;
  readonly #radius: number;
  #length = 0;
  #start = 0;
  #x = 0;
  #y = 0;

  constructor(base: number | null, stepped: boolean, radius: number) {
    this.#base = base;
    this.#stepped = stepped;
    this.#radius = radius;
  }

  to(x: number, y: number): void {
    if (this.#length === 0) {
      this.#start = x;
      this.line.moveTo(x, y);
      this.area.moveTo(x, y);
    } else {
      if (this.#stepped) this.#draw(x, this.#y);
      this.#draw(x, y);
    }
    this.#length += 1;
    this.#x = x;
    this.#y = y;
  }

  lift(): void {
    if (this.#length === 1) addDot(this.alone, this.#x, this.#y, this.#radius);
    if (this.#length > 1 && this.#base !== null) {
      this.area.lineTo(this.#x, this.#base);
      this.area.lineTo(this.#start, this.#base);
      this.area.closePath();
    }
    this.#length = 0;
  }

  #draw(x: number, y: number): void {
    this.line.lineTo(x, y);
    if (this.#base !== null) this.area.lineTo(x, y);
  }
}

function addDot(path: Path2D, x: number, y: number, radius: number): void {
  path.moveTo(x + radius, y);
  path.arc(x, y, radius, 0, Math.PI * 2);
}

export function paintLine(
  brush: Brush,
  points: Points,
  ink: Ink,
  stepped: boolean,
  base: number | null,
): void {
  const { ctx, ratio, width } = brush;
  const { t, y, exact } = points;
  const trail = new Trail(base, stepped, ink.width * ratio);
  for (let i = 0; i < t.length; i++) {
    const value = y[i] ?? Number.NaN;
    if (Number.isNaN(value)) trail.lift();
    else trail.to(brush.x(t[i] ?? 0), brush.y(value));
  }
  trail.lift();
  if (base !== null) shade(brush, trail.area, ink.color);
  ctx.strokeStyle = ctx.fillStyle = ink.color;
  ctx.lineWidth = ink.width * ratio;
  ctx.lineJoin = exact ? "round" : "bevel";
  ctx.setLineDash(ink.dash.map((length) => length * ratio));
  ctx.stroke(trail.line);
  ctx.setLineDash([]);
  ctx.fill(trail.alone);
  const isSparse = exact && !stepped && t.length < width / ratio / 14;
  if (isSparse) paintDots(brush, points, ink.color, 2.5);
}

function shade({ ctx, top, height }: Brush, area: Path2D, color: string): void {
  const shading = ctx.createLinearGradient(0, top, 0, top + height);
  shading.addColorStop(0, faded(ctx, color, 0.32));
  shading.addColorStop(1, faded(ctx, color, 0.03));
  ctx.fillStyle = shading;
  ctx.fill(area);
}

export function paintDots(brush: Brush, { t, y }: Points, color: string, radius: number): void {
  const { ctx, ratio } = brush;
  // Squares are drawn many times faster, and so small that nobody sees that they are.
  const isDense = t.length > brush.width / ratio;
  const all = new Path2D();
  const size = radius * ratio * (isDense ? 0.6 : 1);
  for (let i = 0; i < t.length; i++) {
    const value = y[i] ?? Number.NaN;
    if (Number.isNaN(value)) continue;
    const [px, py] = [brush.x(t[i] ?? 0), brush.y(value)];
    if (isDense) all.rect(px - size, py - size, size * 2, size * 2);
    else addDot(all, px, py, size);
  }
  ctx.fillStyle = color;
  ctx.fill(all);
}

/** How wide a bar of `step` seconds is, with air beside it where there is room. */
function barWidth({ x, ratio }: Brush, t: number, step: number): number {
  const width = x(t + step) - x(t);
  return Math.max(ratio, width > 4 * ratio ? Math.round(width * 0.72) : width);
}

export function paintBars(
  brush: Brush,
  { t, y }: Points,
  color: string,
  step: number,
  base: number,
): void {
  const { ctx } = brush;
  const all = new Path2D();
  const width = barWidth(brush, t[0] ?? 0, step);
  for (let i = 0; i < t.length; i++) {
    const value = y[i] ?? Number.NaN;
    if (Number.isNaN(value)) continue;
    const py = brush.y(value);
    const px = Math.round(brush.x((t[i] ?? 0) + step / 2) - width / 2);
    all.rect(px, Math.min(py, base), width, Math.abs(base - py));
  }
  ctx.fillStyle = faded(ctx, color, 0.85);
  ctx.fill(all);
}

/** Candles, and below them what was sold, in the lowest fifth. */
export function paintCandles(brush: Brush, bars: Bars, step: number, { up, down }: Palette): void {
  const { ctx, ratio, height } = brush;
  const { t, open, high, low, close, volume } = bars;
  const width = barWidth(brush, t[0] ?? 0, step);
  const stem = Math.max(1, Math.round(ratio));
  const most = volume.reduce((a, b) => Math.max(a, b), 0) || 1;
  const bottom = brush.top + height;
  const ways = [up, down].map((color) => ({ color, body: new Path2D(), sold: new Path2D() }));
  for (let i = 0; i < t.length; i++) {
    const [o = 0, c = 0] = [open[i], close[i]];
    const way = ways[c < o ? 1 : 0];
    if (way === undefined || Number.isNaN(o + c)) continue;
    const middle = Math.round(brush.x((t[i] ?? 0) + step / 2));
    const left = middle - Math.floor(width / 2);
    const [top, end] = [brush.y(Math.max(o, c)), brush.y(Math.min(o, c))];
    const wick = brush.y(high[i] ?? c);
    way.body.rect(middle - stem / 2, wick, stem, brush.y(low[i] ?? c) - wick);
    way.body.rect(left, top, width, Math.max(stem, end - top));
    const tall = ((volume[i] ?? 0) / most) * height * 0.2;
    way.sold.rect(left, bottom - tall, width, tall);
  }
  for (const { color, body, sold } of ways) {
    ctx.fillStyle = faded(ctx, color, 0.26);
    ctx.fill(sold);
    ctx.fillStyle = color;
    ctx.fill(body);
  }
}

/** A faint line from the axis to the newest value. */
export function paintLevel({ ctx, left, width, ratio }: Brush, y: number, color: string): void {
  ctx.strokeStyle = faded(ctx, color, 0.5);
  ctx.lineWidth = ratio;
  ctx.setLineDash([2 * ratio, 3 * ratio]);
  ctx.beginPath();
  ctx.moveTo(left, Math.round(y) + ratio / 2);
  ctx.lineTo(left + width, Math.round(y) + ratio / 2);
  ctx.stroke();
  ctx.setLineDash([]);
}

/** Where a line ends. */
export function paintEnd(
  { ctx, ratio }: Brush,
  x: number,
  y: number,
  color: string,
  ground: string,
): void {
  for (const [radius, fill] of [
    [5, ground],
    [3.5, color],
  ] as const) {
    ctx.fillStyle = fill;
    ctx.beginPath();
    ctx.arc(x, y, radius * ratio, 0, Math.PI * 2);
    ctx.fill();
  }
}
