/** Whose pointers are over the widgets (P6). */
import * as v from "valibot";
import type { Point, Spots } from "../host/sight";
import { point } from "../host/sight-messages";
import type { Person } from "../protocol/frames";
import type { Shown } from "./persons";

/** What somebody points at, with who it is. */
export interface Pointing {
  peer: string;
  name: string;
  color: string;
  point: Point;
}

/** The same where it is in the frame, in pixels. */
export interface Pointer extends Omit<Pointing, "point"> {
  share: string;
  x: number;
  y: number;
}

/** More names than that hide the widgets. */
const MOST = 40;

/** The others who point at a share. A chart draws the cursors that point into it by itself (P5). */
export function pointingOf(people: readonly Person[], persons: readonly Shown[]): Pointing[] {
  const byPeer = new Map(people.map((person) => [person.peer, person]));
  const pointing: Pointing[] = [];
  for (const { peer, name, color, mine, peers } of persons) {
    if (mine) continue;
    if (pointing.length === MOST) break;
    const [told] = peers.flatMap((one) => pointIn(byPeer.get(one)) ?? []);
    if (told !== undefined) pointing.push({ peer, name, color, point: told });
  }
  return pointing;
}

/** Those whose place in the frame is known. */
export function pointersAt(pointing: readonly Pointing[], spots: Spots): Pointer[] {
  return pointing.flatMap(({ point: { share }, ...who }) => {
    const spot = Object.hasOwn(spots, who.peer) ? spots[who.peer] : undefined;
    return spot === undefined ? [] : [{ ...who, share, x: spot[0], y: spot[1] }];
  });
}

function pointIn(person: Person | undefined): Point | null {
  if (person?.about.pointer === undefined) return null;
  const parsed = v.safeParse(point, person.about.pointer);
  if (!parsed.success || chartOf(person.about.cursor) === parsed.output.share) return null;
  return parsed.output;
}

function chartOf(cursor: unknown): unknown {
  return typeof cursor === "object" && cursor !== null && "chart" in cursor ? cursor.chart : null;
}
