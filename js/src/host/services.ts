/**
 * `cowidget`: what our own widgets get beside `model` and `host`, in `initialize` and `render`. It is missing in a
 * notebook's own rendering, where `nativeViews` of `host/native.ts` gives the views.
 */
import type { FeedView } from "../feeds/view";
import type { Wording } from "../lib/words";
import type { Cursor, Mark, MarkSet, OthersCursor, Range, Shown } from "./annotations";

/** The feeds of a room or of a notebook, for charts. */
export interface Views {
  /** The feed of this name until `signal` aborts, shared by all charts. There need not be one yet. */
  open(feed: string, signal: AbortSignal): FeedView;
}

/** What people leave on a chart for each other. */
export interface Annotations {
  /** Where our person points on this chart; null when they do not. */
  cursor(cursor: Cursor | null): void;
  /** Others' cursors, on every chart; at once, and when one moves. */
  onCursors(listener: (cursors: readonly OthersCursor[]) => void, signal: AbortSignal): void;
  /** Our person's mouse has left the frame, wherever it was in it. */
  onLeft(listener: () => void, signal: AbortSignal): void;
  /** The marks of this chart. */
  marks(): MarkSet;
  /** Makes or changes a mark that everybody sees; null takes it away. `id` is up to 64 of `[A-Za-z0-9_-]`. */
  setMark(id: string, mark: Mark | null): void;
  /** The marks, at once, and when one changes. What somebody may not change comes back as it was. */
  onMarks(listener: (marks: MarkSet) => void, signal: AbortSignal): void;
  /** Puts a picture of a range into the chat's composer; right after a gesture of the person only. */
  sendMoment(moment: Shown): void;
  /** Our person wants to send this chart: it answers with `sendMoment`. */
  onAsked(listener: () => void, signal: AbortSignal): void;
  /** Somebody wants to see a range of this chart. */
  onFocus(listener: (range: Range) => void, signal: AbortSignal): void;
  /** Offers a file of up to 32 MiB (PNG, CSV, JSON, Arrow) to the person; right after a gesture only. */
  save(name: string, mime: string, bytes: Uint8Array): void;
}

/** What people who follow each other see alike, though each has it for themselves. */
export interface Looks {
  /** The times that our person sees on this chart; null while it goes with the newest rows. */
  looked(range: readonly [from: number, to: number] | null): void;
  /** What somebody sees whom our person follows. */
  onLook(
    listener: (range: readonly [from: number, to: number] | null) => void,
    signal: AbortSignal,
  ): void;
}

export interface Services extends Views, Annotations, Looks, Wording {
  /** The name of the share that this model is in. */
  readonly share: string;
}
