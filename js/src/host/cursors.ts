/** Cursors on charts: ours as presence to the room, those of the others to the sandbox. */
import * as v from "valibot";
import type { Client } from "../client";
import { safeColor } from "../lib/colors";
import { equal } from "../lib/equal";
import type { Person } from "../protocol/frames";
import type { Cursor, OthersCursor } from "./annotations";
import type { ToSandbox } from "./messages";

export type CursorClient = Pick<Client, "people" | "present" | "self">;

/** More names than that on one chart hide it. */
const MOST = 40;

const place = {
  t: v.pipe(v.number(), v.finite()),
  y: v.nullish(v.pipe(v.number(), v.finite()), null),
  axis: v.optional(v.picklist(["left", "right"]), "left"),
};
/** Where somebody points on a chart. */
export const cursor = v.object(place);
const told = v.object({ ...place, chart: v.pipe(v.string(), v.minLength(1), v.maxLength(64)) });

export class Cursors {
  readonly #client: CursorClient;
  readonly #post: (message: ToSandbox) => void;
  #shown: OthersCursor[] = [];
  /** The chart that we point at. */
  #own = "";

  constructor(client: CursorClient, post: (message: ToSandbox) => void, signal: AbortSignal) {
    this.#client = client;
    this.#post = post;
    // Who looks at another tab points at nothing; the frame is not told that it is hidden.
    const leave = (): void => {
      if (document.visibilityState === "hidden") this.clearOwn();
    };
    document.addEventListener("visibilitychange", leave, { signal });
  }

  /** The sandbox is a new one: it knows nobody. */
  begin(): void {
    this.clearOwn();
    this.#shown = [];
    this.touch();
  }

  /** Somebody came, left or moved. */
  touch(): void {
    const people = this.#client.people();
    const me = people.find(({ peer }) => peer === this.#client.self.peer);
    const others = people.filter((person) => me !== undefined && !isSame(person, me));
    const shown = others.flatMap(cursorOf).slice(0, MOST);
    if (equal(shown, this.#shown)) return;
    this.#shown = shown;
    this.#post({ type: "cursors", cursors: shown });
  }

  /** Our person points at a chart, or no longer does. */
  receive(share: string, own: Cursor | null): void {
    if (own === null) {
      if (this.#own === share) this.clearOwn();
      return;
    }
    this.#own = share;
    const { t, y, axis } = own;
    this.#client.present({ cursor: { chart: share, t, y, axis } });
  }

  /** The mouse is elsewhere on the page. Not every browser tells a frame that it has left it. */
  leave(): void {
    if (this.#own === "") return;
    this.clearOwn();
    this.#post({ type: "left" });
  }

  /** We point at nothing. */
  clearOwn(): void {
    if (this.#own === "") return;
    this.#own = "";
    this.#client.present({ cursor: null });
  }

  /** A chart is gone. */
  drop(share: string): void {
    if (this.#own === share) this.clearOwn();
  }
}

/** A notebook whose cells show several panels is one person. */
function isSame(person: Person, me: Person): boolean {
  const isTwin = person.kind === "panel" && me.kind === "panel";
  return (
    person.peer === me.peer || (isTwin && person.name === me.name && person.color === me.color)
  );
}

function cursorOf({ peer, name, color, about }: Person): OthersCursor[] {
  const parsed = v.safeParse(told, about.cursor);
  if (!parsed.success) return [];
  return [{ peer, name, color: safeColor(color, peer), ...parsed.output }];
}
