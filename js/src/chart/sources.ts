/** The feeds of a chart: what they have, how they are doing, and the series that are drawn from them. */
import type { FeedView } from "../feeds/view";
import type { Views } from "../host/services";
import type { Range } from "./range";
import { type Badge, badgeOf, Lag, notesOf, worst } from "./status";
import { Track } from "./track";
import type { SeriesTrait } from "./traits";

interface Source {
  view: FeedView;
  lag: Lag;
  /** When rows came last, by this clock; 0 if none did. */
  heard: number;
}

export class Sources {
  tracks: Track[] = [];
  readonly #room: Views;
  readonly #changed: () => void;
  readonly #hidden = new Set<string>();
  #series: readonly SeriesTrait[] = [];
  #sources: Source[] = [];
  #open = new AbortController();

  /** `changed` is told when there is something new to draw. */
  constructor(room: Views, changed: () => void) {
    this.#room = room;
    this.#changed = changed;
  }

  get views(): FeedView[] {
    return this.#sources.map(({ view }) => view);
  }

  /** The time of the first and of the last row of all. */
  get extent(): Range | null {
    const all = this.views.flatMap((view) => view.extent() ?? []);
    return all.length === 0 ? null : [Math.min(...all), Math.max(...all)];
  }

  /** Rows that there ever were. */
  get count(): number {
    return this.views.reduce((sum, { end }) => sum + end, 0);
  }

  get lag(): number {
    return Math.max(0, ...this.#sources.map(({ lag }) => lag.seconds));
  }

  watch(series: readonly SeriesTrait[]): void {
    this.close();
    this.#series = series;
    this.#open = new AbortController();
    const { signal } = this.#open;
    const names = new Set(series.map(({ feed }) => feed).filter((name) => name !== ""));
    this.#sources = [...names].map((name) => {
      const source = { view: this.#room.open(name, signal), lag: new Lag(), heard: 0 };
      source.view.on((change) => this.#hear(source, change === "spec", change === "rows"), signal);
      return source;
    });
    this.#trace();
  }

  close(): void {
    this.#open.abort();
  }

  /** Seconds to show, when they are told in rows of the first feed. */
  secondsOf(rows: number): number {
    const [view] = this.views;
    const extent = view?.extent() ?? null;
    if (view === undefined || extent === null) return 0;
    const [first] = view.rows(Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY, rows);
    if (first === undefined) return 0;
    // Of a long feed, few rows may be here, and far apart: those between are thought to be even.
    const most = Math.min(rows, view.end - first.row);
    return ((extent[1] - first.t) * most) / (view.end - first.row);
  }

  show(track: Track, shown: boolean): void {
    track.shown = shown;
    if (shown) this.#hidden.delete(track.trait.label);
    else this.#hidden.add(track.trait.label);
  }

  state(now: number): { badge: Badge | null; notes: string[] } {
    const badge = worst(this.#sources.map(({ view, heard }) => badgeOf(view, heard, now)));
    return { badge, notes: notesOf(this.views, badge?.tone === "good" ? this.lag : 0) };
  }

  #hear(source: Source, isSpec: boolean, isRows: boolean): void {
    if (isSpec) this.#trace();
    if (isRows && source.view.sentAt > 0) {
      source.heard = Date.now() / 1000;
      source.lag.receive(source.view.sentAt, source.heard);
    }
    this.#changed();
  }

  /** A track for each series; "*" is all numbers of its feed. */
  #trace(): void {
    const series = this.#series.flatMap((trait) => {
      if (trait.column !== "*") return [trait];
      const columns = this.#view(trait.feed)?.spec?.columns ?? [];
      const numbers = columns.filter(({ type }) => type !== "text");
      return numbers.map(({ name }) => ({ ...trait, column: name, label: name }));
    });
    this.tracks = series.flatMap((trait, at) => {
      const view = this.#view(trait.feed);
      if (view === undefined) return [];
      const track = new Track(trait, view, at);
      track.shown = !this.#hidden.has(trait.label);
      return [track];
    });
  }

  #view(feed: string): FeedView | undefined {
    return this.views.find(({ name }) => name === feed);
  }
}
