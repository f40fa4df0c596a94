/**
 * What page and sandbox say to each other over their one MessagePort.
 *
 * A model's id is its share's name, and below the root `<share>/<path>`; a state key is
 * `<id>/<trait>`. The sandbox numbers its writes (`turn`), and every state that comes back names the
 * last turn that it includes, so that a slow echo never moves a slider that is still being dragged.
 */

import type { LineNews, ViewerNews, ViewerWish } from "../protocol/viewer";
import type { Cursor, Mark, MarkSet, OthersCursor, Range, Shown } from "./annotations";
import type { FromSight, ToSight } from "./sight";
import type { FromSnap, ToSnap } from "./snap";

/** Which classes of which packages run a model that is no anywidget. */
export interface ClassicSpec {
  module: string;
  version: string;
  name: string;
  viewModule: string;
  viewVersion: string;
  view: string;
}

/** One widget model with all that is needed to run it. `code` and `style` are keys of `texts`. */
export interface ModelSpec {
  id: string;
  name: string;
  /** What participants may write, what each viewer has for themselves, what has no state (E4). */
  writable: readonly string[];
  local: readonly string[];
  events: readonly string[];
  code: string;
  style: string;
  /** Null for an anywidget. */
  classic: ClassicSpec | null;
  /** Why it cannot run, in a sentence; empty if it can. */
  problem: string;
}

export interface ShareSpec {
  name: string;
  title: string;
  order: number;
  models: readonly ModelSpec[];
  /** What the models' code imports: by name, a key of `texts`. */
  modules: Record<string, string>;
  /** Nothing to show: links between widgets. */
  hidden: boolean;
  values: Record<string, unknown>;
  /** Those that the shares on the stage have not brought already. */
  texts: Record<string, string>;
}

/** What a model's owner says; with `trait`, a value of it. With a `count`, it adds to what the model shows (E4). */
export interface Message {
  content: unknown;
  buffers: Uint8Array[];
  trait: string;
  count: number;
}

export interface Theme {
  dark: boolean;
  tokens: Record<string, string>;
}

/** What is said inside the frame, in the language of the page. */
export interface FrameWords {
  /** Where numbers and dates are written so. */
  locale: string;
  /** By what says them ("failure", "chart"); empty in English, which all of them have themselves. */
  phrases: Readonly<Record<string, unknown>>;
}

export type ToSandbox =
  | { type: "share"; turn: number; share: ShareSpec }
  | { type: "gone"; share: string }
  | { type: "state"; turn: number; values: Record<string, unknown> }
  | { type: "message"; model: string; message: Message }
  | { type: "theme"; theme: Theme }
  | { type: "words"; words: FrameWords }
  /** About the feeds that are watched; `line` is about all of them. The bytes have buffers of their own. */
  | { type: "feed"; news: ViewerNews | LineNews }
  | { type: "cursors"; cursors: OthersCursor[] }
  | { type: "left" }
  | { type: "marks"; share: string; marks: MarkSet }
  /** Somebody wants to see this range of this chart: it answers with `reveal`. */
  | { type: "focus"; share: string; range: Range }
  | ToSight
  | ToSnap;

export interface Failure {
  model: string;
  phase: "import" | "initialize" | "render";
  text: string;
}

export type FromSandbox =
  | { type: "set"; turn: number; values: Record<string, unknown> }
  | { type: "emit"; model: string; content: unknown; buffers: Uint8Array[] }
  | { type: "failure"; failure: Failure }
  | { type: "size"; height: number }
  | { type: "feed"; wish: ViewerWish }
  /** Where our person points; the chart is the share's name. */
  | { type: "cursor"; share: string; cursor: Cursor | null }
  /** A mark to make or to change; null takes it away. */
  | { type: "mark"; share: string; id: string; mark: Mark | null }
  /** For the chat, and for the person's own disk: nothing is done with them before the person says so. */
  | { type: "moment"; share: string; moment: Shown }
  | { type: "save"; name: string; mime: string; bytes: Uint8Array }
  /** Where a chart is that somebody wants to see, in the frame's pixels. */
  | { type: "reveal"; top: number; height: number }
  | FromSight
  | FromSnap;

/** The sandbox's first word, to the window around it, with the port in `ports`. */
export const GREETING = "cowidget-sandbox";

/** The id of the model at `path` of a share. */
export function modelId(share: string, path: string): string {
  return path === "" ? share : `${share}/${path}`;
}

/** The model's id and the trait that a state key names. */
export function splitKey(key: string): [model: string, trait: string] {
  const slash = key.lastIndexOf("/");
  return [key.slice(0, slash), key.slice(slash + 1)];
}

/** A trait that views keep to themselves, such as `_view_count`: nobody may write it from outside (A4). */
export function isHousekeeping(trait: string): boolean {
  return trait.startsWith("_") || trait.startsWith("$");
}
