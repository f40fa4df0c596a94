/** What a viewer can do with a chart by hand: menus, marks, files, moments. */
import type { Mark } from "../host/annotations";
import { arrowOf } from "./arrow";
import type { Chart } from "./chart";
import { type Cell, copyText, tabbed } from "./copy";
import { csvOf } from "./csv";
import { make } from "./dom";
import type { Finger, Wishes } from "./hands";
import { blank, formFor, type NewMark, newId } from "./marking";
import { shapeAt, shapesOn } from "./marks";
import { momentOf, pngOf } from "./picture";
import type { Box } from "./plot";
import { moved, type Range, zoomed } from "./range";
import type { Entry } from "./sheet";
import { TEXTS } from "./texts";
import type { Side } from "./traits";
import { timeText } from "./words";

/** Rows of one file: more than a browser can hold as text are for Python's `save`. */
const MOST_ROWS = 500_000;

export class Actions implements Wishes {
  readonly #chart: Chart;
  /** The next box is a band, not a zoom. */
  #isBand = false;

  constructor(chart: Chart, signal: AbortSignal) {
    this.#chart = chart;
    const { face } = chart;
    const on = (button: HTMLElement, act: () => void): void =>
      button.addEventListener("click", act, { signal });
    on(face.pause, () => chart.pause());
    on(face.live, () => chart.live());
    on(face.add, () => this.#openAt(face.add, this.#marking()));
    on(face.more, () => this.#openAt(face.more, this.#saving()));
    on(face.badge, () => this.#errors());
    face.add.hidden = chart.room.setMark === undefined;
    chart.room.onAsked?.(() => void this.#sendMoment(), signal);
    face.surface.addEventListener("blur", () => this.leave(), { signal });
  }

  box(): Box {
    return this.#chart.plot?.box ?? { left: 0, top: 0, width: 1, height: 1 };
  }

  zoom(x: number, factor: number): void {
    const { plot, range } = this.#chart;
    if (plot !== null) this.#chart.look(zoomed(range, plot.timeAt(x), factor));
  }

  pan(pixels: number): void {
    const { range } = this.#chart;
    this.#chart.look(moved(range, ((range[1] - range[0]) / this.box().width) * pixels));
  }

  point(x: number, y: number): void {
    const { plot } = this.#chart;
    const { width, height } = this.box();
    const isInside = x >= 0 && x <= width && y >= 0 && y <= height;
    this.#chart.point(plot !== null && isInside ? { t: plot.timeAt(x), y } : null);
  }

  leave(): void {
    if (this.#chart.pointed !== null) this.#chart.point(null);
  }

  select(box: Box | null, done: boolean): void {
    const { plot, face } = this.#chart;
    face.overlay.select(done ? null : box);
    if (done && box !== null) this.leave();
    if (!done || box === null || plot === null) return;
    const [from, to] = [plot.timeAt(box.left), plot.timeAt(box.left + box.width)];
    const isTall = box.height < this.box().height;
    const values = (side: Side): Range => [
      plot.valueAt(box.top + box.height, side),
      plot.valueAt(box.top, side),
    ];
    if (this.#isBand) {
      this.#isBand = false;
      face.root.classList.remove("cw-c-drawing");
      const [y, y2] = values(this.#chart.side);
      const isFlat = isTall && box.width > box.height * 3;
      this.#edit(blank("band", isFlat ? { y, y2 } : { t: from, t2: to }), null, box.left, box.top);
      return;
    }
    if (box.width < 6) return;
    const sides = this.#chart.plotted.map(({ trait }) => trait.axis);
    const chosen = isTall ? Object.fromEntries(sides.map((side) => [side, values(side)])) : {};
    this.#chart.glide();
    this.#chart.look([from, to], chosen);
  }

  live(): void {
    this.#chart.live();
  }

  pause(): void {
    this.#chart.pause();
  }

  /** To the next row, or as far as a pixel when rows are closer. */
  step(by: number): void {
    const { plot, range, read, face } = this.#chart;
    if (plot === null) return;
    const pixel = (range[1] - range[0]) / this.box().width;
    const start = read?.t ?? (by < 0 ? range[1] : range[0]);
    let t = start;
    for (let far = 1; far < this.box().width; far *= 1.6) {
      this.#chart.point({ t: start + by * pixel * far, y: null });
      t = this.#chart.read?.t ?? start;
      if (Math.sign(t - start) === Math.sign(by)) break;
    }
    if (t < range[0] || t > range[1])
      this.#chart.look(moved(range, t < range[0] ? t - range[0] : t - range[1]));
    const { items, shapes } = this.#chart;
    const values = items
      .filter(({ shown }) => shown)
      .map(({ label, value }) => `${label} ${value}`);
    const marks = shapesOn(shapes, plot.x(t)).map(({ mark }) => this.#chart.named(mark));
    this.#chart.say(
      [timeText(t, this.#chart.traits.zone, pixel), ...values, ...marks].join(TEXTS.separator),
    );
    face.surface.focus();
  }

  end(first: boolean): void {
    const { range, plot } = this.#chart;
    if (plot !== null) this.#chart.point({ t: first ? range[0] : range[1], y: null });
  }

  hint(): void {
    this.#chart.face.hint();
  }

  copy(): void {
    const { read, tracks, face } = this.#chart;
    const cells = tracks
      .filter(({ shown }) => shown)
      .map((track): Cell => {
        const reading = read === null ? track.last() : read.readings.get(track.at);
        return { label: track.trait.label, value: reading ? track.plain(reading) : "" };
      });
    const t = read?.t ?? tracks[0]?.last()?.t ?? 0;
    face.hint(copyText(tabbed(t, cells)) ? TEXTS.copied : TEXTS.copyFailed);
  }

  tap(x: number, y: number): void {
    this.point(x, y);
    this.#editAt(x, y, (kind) => kind !== "band");
  }

  menu(place: Finger | null): void {
    const { read } = this.#chart;
    const { width, height } = this.box();
    const { x, y } = place ?? { x: read?.x ?? width / 2, y: read?.y ?? height / 2 };
    if (this.#editAt(x, y, () => true)) return;
    const [left, top] = this.#window(x, y);
    this.#chart.face.sheet.menu(left, top, [...this.#marking(x, y), ...this.#saving()]);
  }

  /** Opens the mark that is there, if there is one. */
  #editAt(x: number, y: number, fits: (kind: Mark["kind"]) => boolean): boolean {
    const { shapes, room } = this.#chart;
    const hit = shapeAt(
      shapes.filter(({ mark }) => fits(mark.kind)),
      x,
      y,
    );
    if (hit === null || room.setMark === undefined) return false;
    this.#edit(hit.mark, hit.id, x, y);
    return true;
  }

  #window(x: number, y: number): [number, number] {
    const { left, top } = this.#chart.face.surface.getBoundingClientRect();
    const box = this.box();
    return [left + box.left + x, top + box.top + y];
  }

  #openAt(button: HTMLElement, entries: readonly Entry[]): void {
    const { right, bottom } = button.getBoundingClientRect();
    this.#chart.face.sheet.menu(right - 220, bottom + 4, entries);
  }

  /** New marks: at a place, or where the cursor was, or in the middle. */
  #marking(
    x = this.#chart.read?.x ?? this.box().width / 2,
    y = this.#chart.read?.y ?? this.box().height / 2,
  ): Entry[] {
    const { plot, side, plotted, room, traits, face } = this.#chart;
    if (plot === null || room.setMark === undefined) return [];
    const [t, value] = [plot.timeAt(x), plot.valueAt(y, side)];
    const [track] = plotted;
    const rough = track?.rough(value, plot.perPixel(side)) ?? "";
    const add = (kind: Mark["kind"], at: Partial<NewMark>) => (): void =>
      this.#edit(blank(kind, at), null, x, y);
    const pixel = (plot.range[1] - plot.range[0]) / this.box().width;
    return [
      { text: TEXTS.markHere, note: timeText(t, traits.zone, pixel, t), act: add("mark", { t }) },
      { text: TEXTS.kinds.line, note: rough, act: add("line", { y: value }) },
      {
        text: TEXTS.kinds.band,
        note: TEXTS.bandHow,
        act: () => {
          this.#isBand = true;
          face.root.classList.add("cw-c-drawing");
        },
      },
    ];
  }

  #saving(): Entry[] {
    const { room } = this.#chart;
    const entries = [
      { text: TEXTS.copyValues, act: () => this.copy() },
      { text: TEXTS.savePicture, note: "PNG", act: () => void this.#savePicture() },
      { text: TEXTS.saveRows, note: "CSV", act: () => this.#saveRows("csv") },
      { text: TEXTS.saveRows, note: "Arrow", act: () => this.#saveRows("arrows") },
    ];
    const send = { text: TEXTS.sendMoment, act: () => void this.#sendMoment() };
    return room.sendMoment === undefined ? entries : [send, ...entries];
  }

  #edit(mark: Mark, id: string | null, x: number, y: number): void {
    const { face, palette, room } = this.#chart;
    const [left, top] = this.#window(x, y);
    const form = formFor(mark, id === null, palette, (changed) => {
      face.sheet.close();
      room.setMark?.(id ?? newId(), changed);
    });
    face.sheet.open(left, top, [form]);
  }

  get #scene() {
    const { plot, traits, items, palette } = this.#chart;
    return plot === null ? null : { canvas: plot.canvas, title: traits.title, items, palette };
  }

  async #sendMoment(): Promise<void> {
    const [start, end] = this.#chart.range;
    const scene = this.#scene;
    if (scene !== null)
      this.#chart.room.sendMoment?.({ start, end, picture: await momentOf(scene) });
  }

  async #savePicture(): Promise<void> {
    const scene = this.#scene;
    if (scene !== null) this.#save("png", "image/png", await pngOf(scene));
  }

  /** The rows of what is shown, of each feed one file. */
  #saveRows(format: "csv" | "arrows"): void {
    const [from, to] = this.#chart.range;
    for (const view of new Set(this.#chart.tracks.map((track) => track.view))) {
      const columns = view.spec?.columns ?? [];
      const rows = view.rows(from, to, MOST_ROWS);
      const [mime, bytes] =
        format === "csv"
          ? [
              "text/csv",
              new TextEncoder().encode(
                csvOf(
                  columns.map(({ name }) => name),
                  rows,
                ),
              ),
            ]
          : ["application/vnd.apache.arrow.stream", arrowOf(columns, rows)];
      this.#save(format, mime, bytes, view.name);
    }
  }

  #save(
    ending: string,
    mime: string,
    bytes: Uint8Array,
    name = this.#chart.traits.title || TEXTS.chart,
  ): void {
    const file = `${name.replace(/[^\p{L}\p{N}]+/gu, "-")}.${ending}`;
    const { room } = this.#chart;
    room.save?.(file, mime, bytes);
    if (room.save !== undefined) return;
    // A notebook's page may download by itself.
    const href = URL.createObjectURL(new Blob([bytes.slice()], { type: mime }));
    make("a", { href, download: file }).click();
    setTimeout(() => URL.revokeObjectURL(href), 10_000);
  }

  #errors(): void {
    const { face, tracks, traits } = this.#chart;
    const recent = [...new Set(tracks.map(({ view }) => view))].flatMap(
      ({ status }) => status?.recent ?? [],
    );
    const lines = recent.map(({ time, text }) =>
      make("li", {}, make("time", {}, timeText(time, traits.zone, 1)), text),
    );
    const { left, bottom } = face.badge.getBoundingClientRect();
    const list = make("ul", { "data-testid": "errors" }, ...lines);
    const title = make("b", {}, face.badge.title);
    face.sheet.open(
      left,
      bottom + 4,
      lines.length > 0 ? [title, list] : [title, make("p", {}, TEXTS.noErrors)],
    );
  }
}
