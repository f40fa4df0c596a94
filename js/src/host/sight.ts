/** What people see of each other over the widgets: where one points, where things are, what one looks at. */

/** A point in a share: fractions of the box in which everybody sees it (P6). */
export interface Point {
  share: string;
  x: number;
  y: number;
  /** In a window of another width, what is pointed at is elsewhere in the box: so, the element, and fractions of it. */
  within?: Within | undefined;
}

export interface Within {
  /** Places among the siblings, from the box down, and the name of the element: `0.2.1:input`. */
  path: string;
  x: number;
  y: number;
}

/** A share's box in the frame's pixels; what can be scrolled sideways is in it whole. */
export interface Place {
  left: number;
  top: number;
  width: number;
  height: number;
}

/** By share. */
export type Places = Readonly<Record<string, Place>>;

export type Spots = Readonly<Record<string, readonly [x: number, y: number]>>;

/** What each viewer has for themselves: local traits by their keys, the times that charts show; null goes with the rows. */
export interface Look {
  local: Readonly<Record<string, unknown>>;
  ranges: Readonly<Record<string, readonly [from: number, to: number] | null>>;
}

/** What a person does in the frame, of which the page hears nothing by itself. */
export type Input = "move" | "wheel" | "press" | "key" | "escape";

export type ToSight =
  /** Whether somebody follows our person: only then `looked` is told. */
  | { type: "watched"; watched: boolean }
  /** What our person is to see, as they follow somebody. */
  | { type: "look"; look: Look }
  /** Where others point, by peer: `spots` answers, now and when the widgets move. */
  | { type: "points"; points: Readonly<Record<string, Point>> };

export type FromSight =
  /** Null when they point at nothing. */
  | { type: "pointer"; point: Point | null }
  | { type: "places"; places: Places }
  /** Pixels in the frame, by peer; who points at what is not here is left out. */
  | { type: "spots"; spots: Spots }
  /** What has changed of it; at first, all. */
  | { type: "looked"; look: Look }
  | { type: "input"; input: Input };

const SIGHTS: ReadonlySet<string> = new Set<FromSight["type"]>([
  "pointer",
  "places",
  "spots",
  "looked",
  "input",
]);

/** Whether a message is about sight: the others are the bridge's. */
export function isSight<T extends { type: string }>(
  message: T,
): message is Extract<T, { type: FromSight["type"] }> {
  return SIGHTS.has(message.type);
}
