/** The canvas with its axes: it knows where times and values are, and has the series painted by others. */
import { logTicks, type Ticks, timeTicks, valueTicks, wordTicks } from "./axes";
import { make } from "./dom";
import { isCovered, stacked } from "./flags";
import type { Palette } from "./palette";
import type { Range } from "./range";
import type { AxisTrait, Side } from "./traits";
import { cut, decimalsOf, numberText, tickTexts, withUnit } from "./words";

export interface ShownAxis extends AxisTrait {
  /** What its values mean, if they are places of words. */
  words: readonly string[] | null;
}

export interface Setting {
  width: number;
  height: number;
  zone: string;
  timeLabel: string;
  axes: Partial<Record<Side, ShownAxis>>;
}

/** In pixels, from the corner of the canvas. */
export interface Box {
  left: number;
  top: number;
  width: number;
  height: number;
}

interface Scale {
  axis: ShownAxis;
  range: Range;
  ticks: Ticks;
  texts: string[];
}

const FONT = 11;
/** Below this height there is one line of times, and no labels at all. */
export const SMALL = 140;
/** Pixels for an axis' label. */
const LABEL = 18;

export class Plot {
  readonly canvas = make("canvas");
  readonly ctx: CanvasRenderingContext2D;
  /** Device pixels per pixel. */
  ratio = 1;
  range: Range = [0, 1];
  box: Box = { left: 0, top: 0, width: 1, height: 1 };
  /** Pixels that the newest values need beside the axis. */
  readonly gutters: Record<Side, number> = { left: 0, right: 0 };
  /** The newest values, whose flags stand where the axis has its numbers. */
  newest: Record<Side, number[]> = { left: [], right: [] };
  readonly #scales = new Map<Side, Scale>();
  readonly #wide: Record<Side, number> = { left: 0, right: 0 };
  #setting: Setting;

  constructor(place: HTMLElement, setting: Setting) {
    const ctx = this.canvas.getContext("2d");
    if (ctx === null) throw new Error("this browser has no canvas");
    this.ctx = ctx;
    this.#setting = setting;
    place.replaceChildren(this.canvas);
  }

  /** Lays the axes out for these times and values and draws them; then it is the series' turn. */
  show(
    setting: Setting,
    range: Range,
    values: Partial<Record<Side, Range>>,
    palette: Palette,
  ): void {
    this.#setting = setting;
    this.range = range;
    this.#size(setting);
    this.#layOut(setting, values, palette);
    const { ctx, ratio } = this;
    ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
    ctx.clearRect(0, 0, setting.width, setting.height);
    ctx.font = `${FONT}px ${palette.font}`;
    this.#drawValues(palette);
    this.#drawTimes(palette);
    ctx.setTransform(1, 0, 0, 1, 0, 0);
  }

  x(t: number): number {
    const [from, to] = this.range;
    return ((t - from) / (to - from)) * this.box.width;
  }

  timeAt(x: number): number {
    const [from, to] = this.range;
    return from + (x / this.box.width) * (to - from);
  }

  /** On a log axis, what is not above zero is far below. */
  y(value: number, side: Side): number {
    const { log, low, high } = this.bounds(side);
    const place = log ? Math.log10(Math.max(value, Number.MIN_VALUE)) : value;
    return (1 - (place - low) / (high - low)) * this.box.height;
  }

  valueAt(y: number, side: Side): number {
    const { log, low, high } = this.bounds(side);
    const place = low + (1 - y / this.box.height) * (high - low);
    return log ? 10 ** place : place;
  }

  /** From above, in pixels of the canvas, where the newest values are that can be seen. */
  flags(side: Side): number[] {
    const places = this.newest[side].map((value) => this.y(value, side));
    const seen = places.filter((y) => y >= 0 && y <= this.box.height);
    return stacked(seen.sort((a, b) => a - b).map((y) => y + this.box.top));
  }

  has(side: Side): boolean {
    return this.#scales.has(side);
  }

  /** How much a pixel is, on the whole. */
  perPixel(side: Side): number {
    const { height } = this.box;
    return Math.abs(this.valueAt(height / 2, side) - this.valueAt(height / 2 + 1, side));
  }

  /** The ends of an axis; of a log axis, as powers of ten. */
  bounds(side: Side): { log: boolean; low: number; high: number } {
    const { range, axis } = this.#scales.get(side) ?? { axis: null, range: [0, 1] as Range };
    const log = axis?.log === true;
    const [low, high] = log ? [Math.log10(range[0]), Math.log10(range[1])] : range;
    return { log, low, high };
  }

  /** A canvas that is given its size anew is cleared, and that flickers. */
  #size({ width, height }: Setting): void {
    const { canvas } = this;
    this.ratio = devicePixelRatio;
    const [wide, tall] = [Math.round(width * this.ratio), Math.round(height * this.ratio)];
    if (canvas.width === wide && canvas.height === tall) return;
    canvas.width = wide;
    canvas.height = tall;
    canvas.style.cssText = `width:${width}px;height:${height}px`;
  }

  #layOut(setting: Setting, values: Partial<Record<Side, Range>>, { font }: Palette): void {
    const { width, height, timeLabel, axes } = setting;
    const isSmall = height < SMALL;
    const below = isSmall ? 20 : timeLabel === "" ? 38 : 38 + LABEL;
    const top = 8;
    this.ctx.font = `${FONT}px ${font}`;
    this.#scales.clear();
    const tall = height - top - below;
    const inner = { left: 12, right: 12 };
    for (const side of ["left", "right"] as const) {
      const [axis, range] = [axes[side], values[side]];
      if (axis === undefined || range === undefined) continue;
      const most = Math.max(2, Math.floor(tall / (isSmall ? 22 : 40)));
      const ticks =
        axis.words !== null
          ? wordTicks(range, most, axis.words.length)
          : (axis.log ? logTicks : valueTicks)(range, most);
      const texts = ticks.at.map((value) => tickText(value, ticks.step, axis));
      this.#scales.set(side, { axis, range, ticks, texts });
      const widest = Math.max(
        this.gutters[side] + 4,
        ...texts.map((text) => this.ctx.measureText(text).width + 12),
      );
      // It grows by steps and shrinks late: the picture does not shiver with each new digit.
      const steps = Math.ceil(widest / 8) * 8;
      this.#wide[side] =
        steps > this.#wide[side] || steps < this.#wide[side] - 16 ? steps : this.#wide[side];
      inner[side] = this.#wide[side] + (axis.label === "" || isSmall ? 0 : LABEL);
    }
    this.box = {
      left: inner.left,
      top,
      width: Math.max(1, width - inner.left - inner.right),
      height: Math.max(1, tall),
    };
  }

  #drawValues({ quiet, line }: Palette): void {
    const { ctx, box } = this;
    ctx.textBaseline = "middle";
    let isFirst = true;
    for (const [side, { axis, ticks, texts }] of this.#scales) {
      const isLeft = side === "left";
      const edge = isLeft ? box.left - 8 : box.left + box.width + 8;
      ctx.textAlign = isLeft ? "right" : "left";
      ctx.fillStyle = quiet;
      ctx.strokeStyle = line;
      ctx.lineWidth = 1;
      ctx.beginPath();
      const flags = this.flags(side);
      ticks.at.forEach((value, i) => {
        const y = Math.round(box.top + this.y(value, side)) + 0.5;
        if (!isCovered(y, flags, FONT)) ctx.fillText(texts[i] ?? "", edge, y);
        ctx.moveTo(box.left, y);
        ctx.lineTo(box.left + box.width, y);
      });
      if (isFirst) ctx.stroke();
      isFirst = false;
      if (axis.label === "" || this.#setting.height < SMALL) continue;
      ctx.save();
      ctx.translate(isLeft ? 8 : this.#setting.width - 8, box.top + box.height / 2);
      ctx.rotate(isLeft ? -Math.PI / 2 : Math.PI / 2);
      ctx.textAlign = "center";
      ctx.fillText(axis.label, 0, 0);
      ctx.restore();
    }
  }

  #drawTimes({ quiet }: Palette): void {
    const { ctx, box, range } = this;
    const { zone, timeLabel, height, width } = this.#setting;
    const isSmall = height < SMALL;
    // Texts with seconds, and with parts of them, are wider.
    const perLabel = ((range[1] - range[0]) / box.width) * 72;
    const { at, step } = timeTicks(
      range,
      box.width / (perLabel < 1 ? 110 : perLabel < 60 ? 90 : 72),
      zone,
    );
    ctx.textAlign = "center";
    ctx.textBaseline = "top";
    ctx.fillStyle = quiet;
    tickTexts(at, step, zone, !isSmall).forEach((text, i) => {
      text.split("\n").forEach((part, line) => {
        // The first and the last stay inside.
        const half = ctx.measureText(part).width / 2;
        const x = Math.min(Math.max(box.left + this.x(at[i] ?? 0), half), width - half);
        ctx.fillText(part, x, box.top + box.height + 7 + line * 14);
      });
    });
    if (timeLabel !== "" && !isSmall)
      ctx.fillText(timeLabel, box.left + box.width / 2, height - 14);
  }
}

function tickText(value: number, step: number, { words, unit }: ShownAxis): string {
  if (words !== null) return cut(words[value] ?? "", 18);
  const decimals = decimalsOf(step || value) ?? 9;
  return withUnit(numberText(value, decimals, Math.abs(value) >= 1e6), unit);
}
