/** Between the marks of the charts in a sandbox and the room's keys for them: `/~mark/<share>/<id>`. */
import * as v from "valibot";
import { type Client, DELETED } from "../client";
import type { Clock } from "../connection/clock";
import { equal } from "../lib/equal";
import type { Mark, MarkSet } from "./annotations";
import type { ToSandbox } from "./messages";

export type MarkClient = Pick<Client, "keys" | "value" | "set" | "self">;

export interface MarkEvents {
  /** Somebody who may only look has changed a mark. */
  onViewOnly(): void;
  /** The chart holds as many marks as it can. */
  onMarksFull(): void;
}

const PREFIX = "/~mark/";
/** More would hide the chart, and each is drawn in every frame. */
const MOST = 200;
const LONGEST_TEXT = 200;
/** Milliseconds between changes that are sent: a mark that is dragged moves smoothly, and leaves room for others. */
const INTERVAL_MS = 100;

const bound = v.nullish(v.pipe(v.number(), v.finite()), null);
/** What a mark is, from wherever it comes: anybody in the room may have written it. */
export const mark = v.object({
  kind: v.picklist(["mark", "band", "line"]),
  t: bound,
  t2: bound,
  y: bound,
  y2: bound,
  text: v.optional(
    v.pipe(
      v.string(),
      v.check((text) => [...text].length <= LONGEST_TEXT),
    ),
    "",
  ),
  color: v.optional(v.pipe(v.string(), v.regex(/^(#[0-9a-f]{6})?$/i)), ""),
  by: v.optional(v.pipe(v.string(), v.maxLength(64)), ""),
});
/** One of these names is not an entry of an object, whoever reads it. */
export const markId = v.pipe(v.string(), v.regex(/^(?!__proto__$)[A-Za-z0-9_-]{1,64}$/));

export class Marks {
  readonly #client: MarkClient;
  readonly #post: (message: ToSandbox) => void;
  readonly #events: MarkEvents;
  readonly #clock: Clock;
  /** What the sandbox has been told, by share. */
  readonly #told = new Map<string, MarkSet>();
  readonly #changed = new Map<string, unknown>();
  #resting = false;

  constructor(
    client: MarkClient,
    post: (message: ToSandbox) => void,
    events: MarkEvents,
    clock: Clock,
  ) {
    this.#client = client;
    this.#post = post;
    this.#events = events;
    this.#clock = clock;
  }

  /** A share is on the stage. */
  bring(share: string): void {
    this.#told.set(share, {});
    this.#tell(share);
  }

  drop(share: string): void {
    this.#told.delete(share);
  }

  /** The sandbox is a new one. */
  clear(): void {
    this.#told.clear();
    this.#changed.clear();
  }

  /** Values of the room have changed. */
  touch(keys: readonly string[]): void {
    const shares = new Set<string>();
    for (const key of keys) if (key.startsWith(PREFIX)) shares.add(splitMarkKey(key)[0]);
    for (const share of shares) if (this.#told.has(share)) this.#tell(share);
  }

  /** A chart makes, changes or takes away a mark. */
  receive(share: string, id: string, wish: Mark | null): void {
    const known = this.#told.get(share);
    if (known === undefined) return;
    if (this.#client.self.role === "viewer") {
      this.#events.onViewOnly();
      this.#tellAgain(share);
    } else if (wish !== null && !Object.hasOwn(known, id) && Object.keys(known).length >= MOST) {
      this.#events.onMarksFull();
      this.#tellAgain(share);
    } else {
      const made = wish && { ...wish, by: wish.by === "" ? this.#client.self.name : wish.by };
      this.#changed.set(`${PREFIX}${share}/${id}`, made ?? DELETED);
      if (!this.#resting) this.#send();
    }
  }

  #send(): void {
    const values = Object.fromEntries(this.#changed);
    this.#changed.clear();
    this.#resting = true;
    this.#clock.after(INTERVAL_MS, () => {
      this.#resting = false;
      if (this.#changed.size > 0) this.#send();
    });
    this.#client.set(values);
  }

  #tell(share: string): void {
    const marks = this.#read(share);
    if (equal(marks, this.#told.get(share))) return;
    this.#told.set(share, marks);
    this.#post({ type: "marks", share, marks });
  }

  /** The chart may show its own wish already: it gets what holds. */
  #tellAgain(share: string): void {
    this.#post({ type: "marks", share, marks: this.#told.get(share) ?? {} });
  }

  #read(share: string): MarkSet {
    const prefix = `${PREFIX}${share}/`;
    const marks: Record<string, Mark> = {};
    for (const key of this.#client.keys(prefix)) {
      const id = v.safeParse(markId, key.slice(prefix.length));
      const parsed = v.safeParse(mark, this.#client.value(key));
      if (id.success && parsed.success) marks[id.output] = parsed.output;
      if (Object.keys(marks).length >= MOST) break;
    }
    return marks;
  }
}

function splitMarkKey(key: string): [share: string, id: string] {
  const slash = key.lastIndexOf("/");
  return [key.slice(PREFIX.length, slash), key.slice(slash + 1)];
}
