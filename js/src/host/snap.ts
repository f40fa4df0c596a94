/** What page and sandbox say to each other about snapshots: how a share looks now, and to look like one again. */

export type ToSnap =
  /** How does it look? `snapped` answers with the same ticket; a chart sends a moment instead. */
  | { type: "snap"; share: string; ticket: number }
  /** Our person wants these local values. */
  | { type: "wear"; local: Readonly<Record<string, unknown>> }
  /** Where is it? `reveal` answers. */
  | { type: "find"; share: string };

export interface FromSnap {
  type: "snapped";
  share: string;
  ticket: number;
  /** WebP or PNG; empty if there is none to be had. */
  picture: Uint8Array;
  /** What our person has of what each viewer has for themselves. */
  local: Record<string, unknown>;
}
