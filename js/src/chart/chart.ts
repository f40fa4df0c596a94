/** A live chart: series of feeds that follow new rows, and a viewer who looks around in them. */
import type { Mark, MarkSet, OthersCursor } from "../host/annotations";
import { type Pointed, type Read, readAt } from "./cursor";
import { Face } from "./face";
import { type Item, picked } from "./legend";
import { forget, request } from "./loop";
import { markText, type Shape } from "./marks";
import { makeRoom, newestOf } from "./newest";
import { dashOf, type Palette, paletteOf, seriesColor } from "./palette";
import { peersOn } from "./peers";
import { Plot, type Setting, type ShownAxis, SMALL } from "./plot";
import type { Props, Room } from "./props";
import { bounded, followed, type Range } from "./range";
import { Scales } from "./scales";
import { paintScene } from "./series";
import { Sources } from "./sources";
import { fillTable, Spoken } from "./spoken";
import { drawnOf, hooks, register, Stats } from "./stats";
import { newText } from "./status";
import { lookAround } from "./surroundings";
import { TEXTS } from "./texts";
import { type Track, wordsOf } from "./track";
import { isTile, readTraits, type Side, TRAITS, type Traits } from "./traits";
import { Viewport } from "./viewport";
import { timeText } from "./words";

const SIDES: readonly Side[] = ["left", "right"];
/** Seconds between two of the tables that only screen readers see. */
const TABLE_EVERY = 10;
/** Milliseconds between two pictures for people who want less motion. */
const CALM_MS = 1000;

export class Chart {
  readonly face: Face;
  readonly viewport = new Viewport();
  readonly room: Room;
  traits: Traits;
  plot: Plot | null = null;
  palette: Palette;
  range: Range = [0, 1];
  marks: MarkSet = {};
  shapes: Shape[] = [];
  /** What a hand points at, ours or, linked, one on another chart. */
  pointed: Pointed | null = null;
  read: Read | null = null;
  items: Item[] = [];
  readonly #props: Props;
  readonly #spoken: Spoken;
  readonly #stats = new Stats();
  readonly #sources: Sources;
  readonly #scales = new Scales();
  #others: readonly OthersCursor[] = [];
  // Kept: to ask anew makes the browser bring its styles up to date, at each block that comes.
  readonly #motion = matchMedia("(prefers-reduced-motion: reduce)");
  #onScreen = true;
  /** What has been told of what is seen; a chart begins with the newest rows. */
  #looked = "null";
  #held = 0;
  #rowsDrawnAt = Number.NEGATIVE_INFINITY;
  #calm = 0;
  #ticks = 0;

  constructor(props: Props) {
    this.#props = props;
    this.room = props.room;
    this.face = new Face((at, alone) => this.#pick(at, alone));
    props.el.append(this.face.root);
    this.palette = paletteOf(this.face.root);
    this.traits = readTraits((name) => props.model.get(name));
    this.#sources = new Sources(props.room, () => this.#changed());
    this.#spoken = new Spoken(this.face.spoken, props.signal);
    this.#listen();
    this.#change(true);
  }

  get tracks(): Track[] {
    return this.#sources.tracks;
  }

  get isLive(): boolean {
    return this.viewport.mode === "live";
  }

  /** The axis that marks and other people's heights are measured on. */
  get side(): Side {
    return this.plotted.some(({ trait }) => trait.axis === "left") ? "left" : "right";
  }

  /** The series that are on the canvas and not hidden. */
  get plotted(): Track[] {
    return this.tracks.filter((track) => track.shown && !isTile(track.trait));
  }

  readonly colorOf = ({ trait, at }: Track): string => seriesColor(this.palette, at, trait.color);

  refresh(): void {
    request(this);
  }

  look(range: Range, values = this.viewport.values): void {
    if (this.isLive) this.#held = this.#sources.count;
    this.viewport.look(bounded(range, this.#sources.extent), values);
    this.refresh();
  }

  live(): void {
    if (!this.isLive) this.glide();
    this.viewport.move("live");
    this.refresh();
  }

  /** What comes next is not jumped to: one sees where it lies. */
  glide(): void {
    if (!this.#motion.matches) this.viewport.glide(this.range, performance.now());
  }

  pause(): void {
    if (!this.isLive) {
      this.live();
      return;
    }
    this.#held = this.#sources.count;
    this.viewport.move("pause");
    this.refresh();
  }

  /** `isOwn`: by a hand on this chart; others are told, and charts of the group go along. */
  point(pointed: Pointed | null, isOwn = true): void {
    this.pointed = pointed;
    this.#readCursor();
    if (!isOwn) return;
    const { read, plot, side } = this;
    for (const hook of hooks().values()) {
      if (hook.group === this.traits.group) hook.link(read?.t ?? null);
    }
    const y = pointed?.y == null || plot === null ? null : plot.valueAt(pointed.y, side);
    this.room.cursor?.(read === null ? null : { t: read.t, y, axis: side });
  }

  /** The texts are others. */
  speak(): void {
    this.face.speak();
    this.#ticks = 0;
    this.refresh();
  }

  say(text: string): void {
    if (this.face.surface.matches(":focus")) this.#spoken.say(text);
  }

  /** A mark in words. */
  named(mark: Mark): string {
    const { plot, plotted, range, traits } = this;
    const pixel = (range[1] - range[0]) / (plot?.box.width ?? 1);
    const value = (y: number): string =>
      plotted[0]?.rough(y, plot?.perPixel(this.side) ?? 1) ?? String(y);
    return markText(mark, (t) => timeText(t, traits.zone, pixel, range[1]), value);
  }

  draw(now: number): void {
    const began = performance.now();
    if (this.#onScreen && this.face.root.isConnected) this.#show();
    for (const view of this.#sources.views) view.drawn();
    if (this.#sources.extent !== null) this.#rowsDrawnAt = now;
    this.#stats.add(now, performance.now() - began);
  }

  #listen(): void {
    const { model, signal, room } = this.#props;
    const told = (): void => this.#change(false);
    for (const trait of TRAITS) {
      model.on(`change:${trait}`, told);
      signal.addEventListener("abort", () => model.off(`change:${trait}`, told), { once: true });
    }
    room.onMarks?.((marks) => {
      this.marks = marks;
      this.refresh();
    }, signal);
    room.onCursors?.((cursors) => {
      this.#others = cursors;
      this.#showPeople();
    }, signal);
    room.onFocus?.(({ start, end }) => {
      const air = (end - start) * 0.05 || 1;
      this.look([start - air, end + air]);
    }, signal);
    room.onLook?.((range) => this.#lookAlong(range), signal);
    const dress = (): void => {
      this.palette = paletteOf(this.face.root);
      this.refresh();
    };
    const seen = (isSeen: boolean): void => {
      this.#onScreen = isSeen;
      if (isSeen) this.refresh();
    };
    // A notebook may put it onto the page, where its colours are, after it was made.
    const around = { resized: dress, dressed: dress, seen };
    lookAround(this.face.root, around, signal);
    const clock = setInterval(() => this.#tick(), 1000);
    const forgetHook = register(this.room.share ?? (this.traits.title || "chart"), {
      stats: () => this.#stats.figures(this.#sources.views[0], this.range, this.#sources.lag),
      marks: () => this.shapes.map(({ mark }) => mark.text),
      drawn: () => drawnOf(this.tracks[0], this.range, Math.round(this.plot?.box.width ?? 0)),
      link: (t) => {
        if (!this.face.surface.matches(":hover"))
          this.point(t === null ? null : { t, y: null }, false);
      },
      group: this.traits.group,
    });
    signal.addEventListener(
      "abort",
      () => {
        clearInterval(clock);
        clearTimeout(this.#calm);
        forget(this);
        forgetHook();
        this.#sources.close();
        this.face.root.remove();
      },
      { once: true },
    );
  }

  /** The traits are others. */
  #change(isFirst: boolean): void {
    const before = this.traits;
    this.traits = readTraits((name) => this.#props.model.get(name));
    const { series, following, title } = this.traits;
    if (isFirst || JSON.stringify(before.series) !== JSON.stringify(series))
      this.#sources.watch(series);
    if (following !== before.following || (isFirst && !following)) {
      this.#held = this.#sources.count;
      this.viewport.move(following ? "release" : "stop");
    }
    this.face.name(title);
    this.refresh();
  }

  /** Rows are new: at the next frame, or later for those who want less motion. */
  #changed(): void {
    const wait = this.#rowsDrawnAt + CALM_MS - performance.now();
    clearTimeout(this.#calm);
    if (!this.#motion.matches || wait <= 0) this.refresh();
    else this.#calm = window.setTimeout(() => this.refresh(), wait);
  }

  /** Seconds of the window; 0 is all. */
  get #window(): number {
    const { rows, window } = this.traits;
    return rows > 0 ? this.#sources.secondsOf(rows) : window;
  }

  /** Seconds that the widest bars are wide. */
  get #step(): number {
    return this.tracks.reduce((most, track) => Math.max(most, track.step), 0);
  }

  #show(): void {
    const all = this.#sources.extent;
    const now = Date.now() / 1000;
    const step = this.#step;
    const extent = all ?? [now - 60, now];
    const before = this.isLive ? this.range : null;
    const live = followed(extent, this.#window, all === null ? 0 : step, before);
    // What is shown of nothing is not kept for when there is something.
    this.range = all === null ? live : this.viewport.current(live, performance.now());
    if (this.viewport.gliding) this.refresh();
    const setting = this.#setting();
    const px = setting === null ? 200 : setting.width * devicePixelRatio;
    for (const track of this.tracks) if (track.shown) track.query(this.range, px);
    // The width of bars is known now, and the last one needs its room.
    if (this.isLive && step !== this.#step) this.refresh();
    if (setting !== null) {
      this.plot ??= new Plot(this.face.plot, setting);
      this.#paint(this.plot, setting);
    }
    this.face.tiles.show(
      this.tracks.filter(({ trait }) => isTile(trait)),
      this.range,
      this.colorOf,
    );
    this.#readCursor();
    this.#showPeople();
    this.#showState();
    this.#tellLook();
  }

  /** Who follows our person sees the same times. */
  #tellLook(): void {
    const looked = this.isLive ? null : this.range;
    if (`${looked}` === this.#looked) return;
    this.#looked = `${looked}`;
    this.room.looked?.(looked);
  }

  /** The times that somebody sees whom our person follows. */
  #lookAlong(range: Range | null): void {
    if (range === null) {
      if (!this.isLive) this.live();
    } else if (this.isLive || `${range}` !== `${this.range}`) {
      this.glide();
      this.look(range);
    }
  }

  #paint(plot: Plot, setting: Setting): void {
    const values: Partial<Record<Side, Range>> = {};
    for (const side of SIDES) {
      const axis = setting.axes[side];
      if (axis === undefined) continue;
      const on = this.plotted.filter(({ trait }) => trait.axis === side);
      const chosen = this.viewport.values[side] ?? null;
      values[side] = this.#scales.values(side, axis, on, this.range, chosen);
    }
    const { range, palette, marks, side, colorOf, plotted } = this;
    const last = newestOf(plotted, this.traits.height);
    makeRoom(plot, last, palette);
    plot.show(setting, range, values, palette);
    this.shapes = paintScene({ plot, palette, tracks: plotted, colorOf, marks, side, last });
    this.face.overlay.place(plot.box);
  }

  /** How the canvas is to be; null when there is no room for it, or nothing to draw on it. */
  #setting(): Setting | null {
    const { zone, timeLabel, height } = this.traits;
    const width = Math.floor(this.face.plot.clientWidth);
    const plotted = this.tracks.filter(({ trait }) => !isTile(trait));
    this.face.surface.hidden = plotted.length === 0 && this.tracks.length > 0;
    this.face.root.classList.toggle("cw-c-small", height < SMALL);
    if (width <= 0 || this.face.surface.hidden) return null;
    const axes: Partial<Record<Side, ShownAxis>> = {};
    for (const side of SIDES) {
      const on = plotted.filter(({ trait }) => trait.axis === side);
      const units = new Set(on.map(({ unit }) => unit));
      const [unit = ""] = units.size === 1 ? units : [];
      const axis = this.traits[side];
      if (on.length > 0) axes[side] = { ...axis, unit: axis.unit || unit, words: wordsOf(on) };
    }
    if (plotted.length === 0) axes.left = { ...this.traits.left, words: null };
    return { width, height, zone, timeLabel, axes };
  }

  #readCursor(): void {
    const { plot, pointed, plotted } = this;
    const isHere = plot !== null && pointed !== null;
    this.read = isHere ? readAt(pointed, plot, plotted, this.colorOf, this.traits.zone) : null;
    this.face.overlay.show(this.read);
    this.items = this.tracks
      .filter(({ trait }) => !isTile(trait))
      .map((track) => ({
        label: track.trait.label,
        color: this.colorOf(track),
        dashed: dashOf(this.palette, track.at, track.trait.dash).length > 0,
        shown: track.shown,
        value: (this.read === null ? track.last() : this.read.readings.get(track.at))?.text ?? "–",
      }));
    this.face.legend.show(this.items);
  }

  #showPeople(): void {
    const { plot, room } = this;
    if (plot === null) return;
    const peers = peersOn(this.#others, plot, { share: room.share, group: this.traits.group });
    this.face.overlay.people(peers, this.palette.dark);
  }

  #showState(): void {
    const now = Date.now() / 1000;
    const { badge, notes } = this.#sources.state(now);
    this.face.state(badge, notes);
    this.face.following(this.isLive, newText(this.#sources.count - this.#held));
    const isEmpty = this.#sources.extent === null;
    const text = badge?.tone === "wait" ? TEXTS.firstValues : badge?.text;
    this.face.waiting(isEmpty ? (text ?? TEXTS.noSeries) : "");
    this.face.root.dataset.mode = this.viewport.mode;
  }

  /** Once a second: what is said in seconds changes without new rows. */
  #tick(): void {
    if (!this.#onScreen) return;
    this.#showState();
    if (this.#ticks++ % TABLE_EVERY !== 0) return;
    const { traits, range, tracks, shapes } = this;
    const marks = shapes.map(({ mark }) => this.named(mark));
    fillTable(this.face.table, traits.title || TEXTS.untitled, tracks, marks, range, traits.zone);
  }

  #pick(at: number, alone: boolean): void {
    const tracks = this.tracks.filter(({ trait }) => !isTile(trait));
    picked(
      tracks.map(({ shown }) => shown),
      at,
      alone,
    ).forEach((shown, i) => {
      const track = tracks[i];
      if (track !== undefined) this.#sources.show(track, shown);
    });
    this.refresh();
  }
}
