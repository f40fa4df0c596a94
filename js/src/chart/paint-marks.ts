/** Draws what people have put on a chart, and flags with words. */

import { FLAG, freeBelow, type Rect } from "./flags";
import type { Shape } from "./marks";
import { type Brush, faded } from "./paint";
import { brightness, type Palette } from "./palette";
import { cut } from "./words";

/** Marks, bands and lines, without their words. Shapes are in pixels from the brush's corner. */
export function paintShapes(brush: Brush, shapes: readonly Shape[], palette: Palette): void {
  const { ctx, ratio } = brush;
  ctx.lineWidth = ratio;
  for (const shape of shapes) {
    const color = colorOf(shape, palette);
    const { kind, t } = shape.mark;
    const isBand = kind === "band";
    const [x, y] = [brush.left + shape.left * ratio, brush.top + shape.top * ratio];
    const [width, height] = [shape.width * ratio, shape.height * ratio];
    if (isBand) {
      ctx.fillStyle = faded(ctx, color, 0.13);
      ctx.fillRect(x, y, width, height);
    }
    ctx.strokeStyle = isBand ? faded(ctx, color, 0.4) : color;
    ctx.setLineDash(kind === "line" ? [5 * ratio, 4 * ratio] : []);
    ctx.beginPath();
    for (const far of isBand ? [0, 1] : [0]) {
      const px = Math.round(x + far * width) + ratio / 2;
      const py = Math.round(y + far * height) + ratio / 2;
      ctx.moveTo(t === null ? x : px, t === null ? py : y);
      ctx.lineTo(t === null ? x + width : px, t === null ? py : y + height);
    }
    ctx.stroke();
  }
  ctx.setLineDash([]);
}

function colorOf({ mark }: Shape, palette: Palette): string {
  return mark.color || (mark.kind === "line" ? palette.down : palette.accent);
}

/** What marks say, each where nothing is said yet, and not on what is `busy`. */
export function paintWords(
  brush: Brush,
  shapes: readonly Shape[],
  palette: Palette,
  busy: readonly Rect[],
): void {
  const { ctx, ratio, left, top } = brush;
  const taken = [...busy];
  const height = FLAG * ratio;
  ctx.font = `${11 * ratio}px ${palette.font}`;
  for (const shape of shapes) {
    const { t, kind } = shape.mark;
    const text = cut(shape.mark.text, 40);
    if (text === "") continue;
    const width = flagWidth(brush, text);
    const end = left + brush.width - width;
    const x = t === null ? end - 4 * ratio : Math.min(left + shape.left * ratio, end);
    const edge = top + shape.top * ratio;
    const y = kind === "line" ? Math.max(top, edge - height - 2 * ratio) : edge + 2 * ratio;
    const place = freeBelow({ x, y, width, height }, taken, 2 * ratio);
    taken.push(place);
    paintFlag(brush, text, x, place.y, colorOf(shape, palette));
  }
}

export function flagWidth({ ctx, ratio }: Brush, text: string): number {
  return ctx.measureText(text).width + 10 * ratio;
}

/** Text on a ground of `color`, dark or light as is readable. */
export function paintFlag(brush: Brush, text: string, x: number, y: number, color: string): void {
  const { ctx, ratio } = brush;
  ctx.fillStyle = color;
  ctx.beginPath();
  ctx.roundRect(x, y, flagWidth(brush, text), FLAG * ratio, 4 * ratio);
  ctx.fill();
  ctx.fillStyle = readableOn(String(ctx.fillStyle));
  ctx.textAlign = "left";
  ctx.textBaseline = "middle";
  ctx.fillText(text, x + 5 * ratio, y + 9.5 * ratio);
}

/** `color` as a canvas tells it: "#rrggbb", or a function. */
function readableOn(color: string): string {
  const hex = /^#(..)(..)(..)$/.exec(color)?.slice(1) ?? [];
  const rgb = `rgb(${hex.map((part) => Number.parseInt(part, 16)).join()})`;
  return brightness(hex.length > 0 ? rgb : color) > 0.6 ? "#10131a" : "#ffffff";
}
