/** The outer side of sight: what the sandbox tells of our person goes out, what others see comes in. All is checked. */
import * as v from "valibot";
import { equal } from "../lib/equal";
import type { Person, Share } from "../protocol/frames";
import { isHousekeeping, modelId, splitKey, type ToSandbox } from "./messages";
import type { FromSight, Input, Look, Places, Point, Spots } from "./sight";
import { range } from "./sight-messages";

/** The part of the client that sight needs. */
export interface SightClient {
  shares(): readonly Share[];
}

export interface SightEvents {
  onPoint(point: Point | null): void;
  onPlaces(places: Places): void;
  /** Where the points are that were asked for. */
  onSpots(spots: Spots): void;
  /** What our person has chosen to see of the shared widgets, all of it. */
  onLooked(look: Look): void;
  onInput(input: Input): void;
}

/** Bytes of JSON. Presence holds 2 KiB of a person (P8): a camera or a zoom is small, what is not stays one's own. */
const MAX_VALUE = 200;
const MAX_LOOK = 900;

export class Sights {
  readonly #client: SightClient;
  readonly #post: (message: ToSandbox) => void;
  readonly #events: SightEvents;
  #look: Look = { local: {}, ranges: {} };
  #watched = false;
  #shown = "";
  #points: Readonly<Record<string, Point>> = {};

  constructor(client: SightClient, post: (message: ToSandbox) => void, events: SightEvents) {
    this.#client = client;
    this.#post = post;
    this.#events = events;
  }

  /** A new, empty sandbox. */
  receiveReady(): void {
    this.#look = { local: {}, ranges: {} };
    this.#shown = "";
    this.#events.onPoint(null);
    this.#events.onPlaces({});
    this.#events.onSpots({});
    this.#post({ type: "points", points: this.#points });
    if (this.#watched) this.#post({ type: "watched", watched: true });
  }

  receive(message: FromSight): void {
    switch (message.type) {
      case "pointer":
        if (message.point === null || this.#isShared(message.point.share)) {
          this.#events.onPoint(message.point);
        }
        break;
      case "places":
        this.#events.onPlaces(message.places);
        break;
      case "spots":
        this.#events.onSpots(message.spots);
        break;
      case "input":
        this.#events.onInput(message.input);
        break;
      case "looked":
        this.#receiveLooked(message.look);
        break;
    }
  }

  /** Whether somebody follows our person. */
  watch(watched: boolean): void {
    if (watched === this.#watched) return;
    this.#watched = watched;
    this.#post({ type: "watched", watched });
  }

  /** Asks where these points are, by peer: `onSpots` answers, also when the widgets move. */
  locate(points: Readonly<Record<string, Point>>): void {
    if (equal(points, this.#points)) return;
    this.#points = points;
    this.#post({ type: "points", points });
  }

  /** Lets our person see what somebody else does; what is not theirs to choose is left out. */
  show(look: Look): void {
    const checked = this.#checked(look);
    const text = JSON.stringify(checked);
    if (text === this.#shown) return;
    this.#shown = text;
    this.#post({ type: "look", look: checked });
  }

  /** Nobody is followed any more: the same again is news. */
  forget(): void {
    this.#shown = "";
  }

  #receiveLooked({ local, ranges }: Look): void {
    const { local: known, ranges: times } = this.#look;
    this.#look = this.#checked({
      local: { ...known, ...local },
      ranges: { ...times, ...ranges },
    });
    this.#events.onLooked(this.#look);
  }

  #checked({ local, ranges }: Look): Look {
    const keys = localKeys(this.#client.shares());
    const own = Object.entries(local).filter(([key, value]) => keys.has(key) && isSmall(value));
    const times = Object.entries(ranges).filter(([share]) => this.#isShared(share));
    return { local: fitting(own), ranges: Object.fromEntries(times.slice(0, 8)) };
  }

  #isShared(name: string): boolean {
    return this.#client.shares().some((share) => share.name === name);
  }
}

/** The keys of traits that each viewer has for themselves. */
function localKeys(shares: readonly Share[]): Set<string> {
  const keys = shares.flatMap(({ name, models }) =>
    models.flatMap(({ path, local = [] }) =>
      local.map((trait) => `${modelId(name, path)}/${trait}`),
    ),
  );
  return new Set(keys.filter((key) => !isHousekeeping(splitKey(key)[1])));
}

/** Numbers, short texts and what is made of them: nothing that a widget would take for a document. */
function isSmall(value: unknown): boolean {
  const bare = typeof value === "object" || ["number", "boolean", "string"].includes(typeof value);
  return bare && !ArrayBuffer.isView(value) && (JSON.stringify(value)?.length ?? 0) <= MAX_VALUE;
}

function fitting(entries: readonly (readonly [string, unknown])[]): Record<string, unknown> {
  let size = 0;
  const kept = entries.filter(([key, value]) => {
    size += key.length + JSON.stringify(value).length + 4;
    return size <= MAX_LOOK;
  });
  return Object.fromEntries(kept);
}

/** Where somebody is, in the words of the wire (P8). */
export interface View extends Look {
  share: string;
  /** The fraction of the share that is at the top of the window. */
  at: number;
}

const CHART = "chart:";
const told = v.object({
  share: v.string(),
  at: v.pipe(v.number(), v.minValue(0), v.maxValue(1)),
  local: v.optional(v.record(v.string(), v.unknown()), {}),
});

/** The `view` of somebody's presence; null if there is none. */
export function viewOf({ about }: Person): View | null {
  const parsed = v.safeParse(told, about.view);
  if (!parsed.success) return null;
  const { share, at, local } = parsed.output;
  const entries = Object.entries(local);
  const charts = entries.filter(([key]) => key.startsWith(CHART));
  const ranges = charts.flatMap(([key, value]) => {
    const times = v.safeParse(v.nullable(range), value);
    return times.success ? [[key.slice(CHART.length), times.output] as const] : [];
  });
  const own = entries.filter(([key]) => !key.startsWith(CHART));
  return { share, at, local: Object.fromEntries(own), ranges: Object.fromEntries(ranges) };
}

/** What presence takes of a view. */
export function toldOf({ share, at, local, ranges }: View): Record<string, unknown> {
  const charts = Object.entries(ranges).map(([chart, times]) => [`${CHART}${chart}`, times]);
  return { share, at, local: { ...local, ...Object.fromEntries(charts) } };
}
