/** One feed in this browser, for all charts that draw it: watches, fetches what is missing, answers queries. */
import { type Decoded, decode, decodeNow } from "../columns/index";
import { Emitter } from "../lib/emitter";
import { report } from "../lib/report";
import type { FeedSpec, FeedStatus, Fetched, Rows, Watched } from "../protocol/frames";
import type { FeedLine, FeedListener, LineNews, ViewerNews } from "../protocol/viewer";
import { MAX_LEVEL } from "./bins";
import { Derived } from "./derived";
import { Fetching, levelOf } from "./fetching";
import { Holdings } from "./holdings";
import { LiveLevel } from "./live-level";
import { paint } from "./paint";
import { columnOf, nearest, newestRows, rangeOf } from "./queries";
import { Strip } from "./strip";
import type * as view from "./view";

/** Milliseconds between two words of what was drawn: credit is for 250 (F7). */
const DRAWN_MS = 100;

const NONE = new Float64Array(0);
const NO_BARS: view.Bars = {
  t: NONE,
  open: NONE,
  high: NONE,
  low: NONE,
  close: NONE,
  volume: NONE,
};

/** Time, given from outside. */
export interface Timing {
  /** Milliseconds that only go forward. */
  now(): number;
  after(ms: number, callback: () => void): void;
}

export class FeedStore implements view.FeedView {
  readonly name: string;
  status: FeedStatus | null = null;
  sentAt = 0;
  revision = 0;
  readonly #timing: Timing;
  readonly #line: FeedLine;
  readonly #changes = new Emitter<view.FeedChange>();
  readonly #fetching = new Fetching();
  readonly #strips = new Map<string, Strip>();
  readonly #level: LiveLevel;
  #epoch = "";
  #holdings: Holdings | null = null;
  #derived: Derived | null = null;
  /** Grows whenever what was asked for is void: blocks that are still being decoded are dropped then. */
  #generation = 0;
  #decoding = Promise.resolve();
  /** The relay has said what there is since the line was opened; what came before is not about that. */
  #isTold = false;
  #drawnAtMs = Number.NEGATIVE_INFINITY;
  #drawnDue = false;
  #checked = { revision: -1, sum: 0 };

  /** `connect` begins to listen on the feed's line, for as long as the store is used. */
  constructor(name: string, connect: (listener: FeedListener) => FeedLine, timing: Timing) {
    this.name = name;
    this.#timing = timing;
    this.#level = new LiveLevel(timing, () => this.#watch());
    this.#line = connect((news) => this.receive(news));
    if (this.#line.open) this.#watch();
  }

  get spec(): FeedSpec | null {
    return this.#holdings?.spec ?? null;
  }

  get open(): boolean {
    return this.#line.open;
  }

  get first(): number {
    return this.#holdings?.first ?? 0;
  }

  get end(): number {
    return this.#holdings?.end ?? 0;
  }

  get loaded(): number {
    return this.#holdings?.here.size ?? 0;
  }

  get viewport(): boolean {
    return this.#holdings?.viewport ?? false;
  }

  on(listener: (change: view.FeedChange) => void, signal: AbortSignal): void {
    this.#changes.on(listener, signal);
  }

  // News.

  receive(news: ViewerNews | LineNews): void {
    switch (news.type) {
      case "line":
        this.#isTold = false;
        this.#void();
        if (news.open) this.#watch();
        this.#changes.emit("status");
        break;
      case "watched":
        this.#receiveWatched(news);
        break;
      case "rows":
        if (this.#isTold) this.#receiveRows(news);
        break;
      case "fetched":
        if (this.#isTold) this.#receiveFetched(news);
        break;
      case "report":
        this.status = news.status;
        this.#changes.emit("status");
        break;
    }
  }

  drawn(): void {
    const wait = this.#drawnAtMs + DRAWN_MS - this.#timing.now();
    if (this.#drawnDue || !this.#isTold) return;
    if (wait <= 0) this.#tellDrawn();
    else {
      this.#drawnDue = true;
      this.#timing.after(wait, () => {
        this.#drawnDue = false;
        this.#tellDrawn();
      });
    }
  }

  // Queries.

  extent(): [from: number, to: number] | null {
    const on = this.#holdings;
    if (on === null || on.end === on.first) return null;
    const [from, to] = [on.time(on.first), on.time(on.end - 1)];
    return Number.isFinite(from) && Number.isFinite(to) ? [from, to] : null;
  }

  points(column: string, from: number, to: number, px: number): view.Points {
    const strip = this.#strip(column);
    const on = this.#holdings;
    const at = columnOf(this.spec, column);
    if (on === null || at < 0 || !(to > from)) return strip.points;
    const [first, last] = [on.search(from), on.search(to)];
    const look = { first: on.floor(first - 1), last: last + 2, px };
    this.#fetching.look(look);
    // Who does not draw the newest rows needs the very last one only.
    if (on.viewport) this.#level.want(look.last < on.end ? MAX_LEVEL : levelOf(look, on));
    this.#fetch();
    paint(on, at, { from, to, px }, strip);
    return strip.points;
  }

  range(column: string, from: number, to: number): [low: number, high: number] | null {
    const at = columnOf(this.spec, column);
    return this.#holdings === null || at < 0 ? null : rangeOf(this.#holdings, at, from, to);
  }

  at(t: number, column: string): view.At | null {
    const at = columnOf(this.spec, column);
    return this.#holdings === null || at < 0 ? null : nearest(this.#holdings, at, t);
  }

  rows(from: number, to: number, limit: number): Iterable<view.Row> {
    return this.#holdings === null ? [] : newestRows(this.#holdings, from, to, limit);
  }

  bars(transform: view.Ohlc | view.Quotes, from: number, to: number): view.Bars {
    this.#wantRows(to);
    const column = (name: string | null | undefined): number => columnOf(this.spec, name ?? "");
    const volume = column(transform.volume);
    if (transform.op === "ohlc") {
      const price = column(transform.price);
      const groups = price < 0 ? undefined : this.#derived?.groups(transform.every, price, volume);
      return groups?.bars(from, to) ?? NO_BARS;
    }
    const { open, high, low, close } = transform;
    const prices = [open, high, low, close].map(column);
    if (prices.includes(-1)) return NO_BARS;
    return this.#derived?.quotes([...prices, volume]).bars(from, to) ?? NO_BARS;
  }

  series(
    transform: view.Resample | view.Rolling,
    column: string,
    from: number,
    to: number,
    px: number,
  ): view.Points {
    const strip = this.#strip(JSON.stringify([transform, column]));
    const at = columnOf(this.spec, column);
    if (at < 0 || this.#derived === null || !(to > from)) return strip.points;
    this.#wantRows(to);
    if (transform.op === "resample") {
      this.#derived.groups(transform.every, at, -1).draw(transform.how, from, to, px, strip);
    } else {
      paint(this.#derived.rolling(at, transform), 1, { from, to, px }, strip);
    }
    return strip.points;
  }

  words(column: string): readonly string[] {
    const words = this.#holdings?.table.words[columnOf(this.spec, column)];
    return words ? [...words.keys()] : [];
  }

  checksum(): number {
    const on = this.#holdings;
    if (on === null || this.#checked.revision === this.revision) return this.#checked.sum;
    let sum = 0;
    for (const [first, last] of on.here) sum = on.table.checksum(first, last, sum);
    this.#checked = { revision: this.revision, sum };
    return sum;
  }

  /** What is made of rows goes on with rows, however long the feed is. */
  #wantRows(to: number): void {
    const on = this.#holdings;
    if (on?.viewport === true && on.search(to) + 2 >= on.end) this.#level.want(0);
  }

  // What the relay tells.

  #watch(): void {
    this.#line.watch(this.#epoch, this.end, this.#level.now);
  }

  #receiveWatched({ spec, status, epoch, first, end, overview }: Watched): void {
    const before = this.#holdings;
    const columns = before?.spec.columns.length;
    this.#isTold = true;
    this.status = status;
    if (spec === null || epoch !== this.#epoch || before?.follow(spec) !== true) {
      this.#begin(spec);
      if (before !== null) this.#changes.emit("reset");
    }
    this.#epoch = epoch;
    const on = this.#holdings;
    if (on !== null && end < on.end) {
      this.#void();
      on.bound(first, end);
      this.#derived?.clear();
    } else on?.bound(first, end);
    this.#receiveBlocks(overview);
    const isSame = on === before && on?.spec.columns.length === columns;
    this.#changed(isSame && on !== null ? "rows" : "spec");
    this.#changes.emit("status");
    if (on?.viewport !== true) this.#level.wantRows();
    this.#fetch();
  }

  #begin(spec: FeedSpec | null): void {
    this.#void();
    this.sentAt = 0;
    this.#holdings = spec === null ? null : new Holdings(spec);
    this.#derived = this.#holdings === null ? null : new Derived(this.#holdings);
  }

  #void(): void {
    this.#generation += 1;
    this.#fetching.clear();
  }

  /** Before its bins comes the row that tells how far the last of them goes. */
  #receiveRows({ block, newest }: Rows): void {
    if (newest !== null) this.#receiveNewest(newest);
    this.#receiveBlocks([block]);
  }

  #receiveNewest(bytes: Uint8Array): void {
    try {
      const row = decodeNow(bytes);
      if (row === null) return;
      this.#holdings?.putNewest(row);
      this.sentAt = row.sent;
    } catch (error) {
      report(error);
    }
  }

  #receiveFetched({ id, blocks, more }: Fetched): void {
    const wish = this.#fetching.receive(id, !more);
    const generation = this.#generation;
    this.#receiveBlocks(blocks);
    if (wish === null || more) return;
    this.#decoding = this.#decoding.then(() => {
      const on = this.#holdings;
      if (on === null || generation !== this.#generation) return;
      this.#fetching.settle(wish, on);
      this.#fetch();
    });
    this.#fetch();
  }

  /** Takes them in their order, though those that are deflated take their time. */
  #receiveBlocks(blocks: readonly Uint8Array[]): void {
    const generation = this.#generation;
    for (const bytes of blocks) {
      try {
        const block = decodeNow(bytes);
        if (block !== null) this.#receiveBlock(block);
        else {
          const decoded = decode(bytes);
          this.#decoding = Promise.all([decoded, this.#decoding])
            .then(([later]) => generation === this.#generation && this.#receiveBlock(later))
            .then(() => undefined, report);
        }
      } catch (error) {
        report(error); // its rows stay missing
      }
    }
  }

  #receiveBlock(block: Decoded): void {
    const on = this.#holdings;
    if (on === null) return;
    if (block.kind === "bins") {
      on.putBins(block);
      this.#fetch();
    } else {
      if (block.first + block.count >= on.end) this.sentAt = block.sent;
      this.#derived?.receive(on.putRows(block));
      this.#fetch();
    }
    this.#changed("rows");
  }

  #fetch(): void {
    const on = this.#holdings;
    if (on === null || !this.#isTold) return;
    for (let wish = this.#fetching.next(on); wish !== null; wish = this.#fetching.next(on)) {
      this.#line.fetch(wish.id, wish.first, wish.last, wish.level);
    }
  }

  #changed(change: view.FeedChange): void {
    this.revision += 1;
    this.#changes.emit(change);
  }

  #tellDrawn(): void {
    this.#drawnAtMs = this.#timing.now();
    this.#line.drawn(this.end);
  }

  #strip(key: string): Strip {
    const strip = this.#strips.get(key) ?? new Strip();
    this.#strips.set(key, strip);
    return strip.clear();
  }
}
