/** What people leave on a chart for each other: cursors that move, marks that stay, moments that they show. */

/** A place on a chart. `t` is in Unix seconds, `y` a value of the axis. */
export interface Cursor {
  t: number;
  y: number | null;
  axis: "left" | "right";
}

/** Somebody else's; `chart` is the name of a share. The colour may be used in a style. */
export interface OthersCursor extends Cursor {
  peer: string;
  name: string;
  color: string;
  chart: string;
}

/** A moment or a place (`mark`), an area (`band`) or a threshold (`line`); null is without a bound. */
export interface Mark {
  kind: "mark" | "band" | "line";
  t: number | null;
  t2: number | null;
  y: number | null;
  y2: number | null;
  text: string;
  /** `#rrggbb`, or empty for the chart's choice. */
  color: string;
  /** The name of who made it. */
  by: string;
}

/** The marks of one share by their id. */
export type MarkSet = Readonly<Record<string, Mark>>;

/** A time range in Unix seconds. */
export interface Range {
  start: number;
  end: number;
}

/** A range as somebody saw it; the picture is PNG or WebP. */
export interface Shown extends Range {
  picture: Uint8Array;
}
