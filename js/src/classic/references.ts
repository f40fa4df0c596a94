/**
 * References to models inside of values. The room writes `anywidget:<id>`, ipywidgets `IPY_MODEL_<id>`;
 * the id is the same.
 */

const ROOM = "anywidget:";
const JUPYTER = "IPY_MODEL_";

/** The id that a reference of either kind names, or that stands alone. */
export function idOf(ref: string): string {
  const prefix = [ROOM, JUPYTER].find((one) => ref.startsWith(one));
  return prefix === undefined ? ref : ref.slice(prefix.length);
}

/** How the room refers to the model. */
export function refTo(id: string): string {
  return ROOM + id;
}

/** The ids that the room's value refers to, at any depth. */
export function idsIn(value: unknown): Set<string> {
  return collected(value, ROOM, new Set());
}

/** The ids that a value of ipywidgets refers to. */
export function ownIdsIn(value: unknown): Set<string> {
  return collected(value, JUPYTER, new Set());
}

/** The room's value as ipywidgets reads it: references to ids that are `meant` become its own. */
export function inward(value: unknown, meant: (id: string) => boolean): unknown {
  return mapped(value, ROOM, JUPYTER, meant);
}

/** A value of ipywidgets as the room carries it. */
export function outward(value: unknown, meant: (id: string) => boolean): unknown {
  return mapped(value, JUPYTER, ROOM, meant);
}

function collected(value: unknown, prefix: string, found: Set<string>): Set<string> {
  if (typeof value === "string") {
    if (value.startsWith(prefix)) found.add(value.slice(prefix.length));
  } else if (Array.isArray(value)) {
    for (const item of value) collected(item, prefix, found);
  } else if (isPlain(value)) {
    for (const item of Object.values(value)) collected(item, prefix, found);
  }
  return found;
}

function mapped(value: unknown, from: string, to: string, meant: (id: string) => boolean): unknown {
  if (typeof value === "string") {
    if (!value.startsWith(from)) return value;
    const id = value.slice(from.length);
    return meant(id) ? to + id : value;
  }
  if (Array.isArray(value)) return value.map((item) => mapped(item, from, to, meant));
  if (!isPlain(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [name, mapped(item, from, to, meant)]),
  );
}

function isPlain(value: unknown): value is Record<string, unknown> {
  if (typeof value !== "object" || value === null || ArrayBuffer.isView(value)) return false;
  return !(value instanceof ArrayBuffer);
}
