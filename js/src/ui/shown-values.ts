/** The values of a share that a snapshot takes, and which of them somebody may set again. */
import { isHousekeeping, modelId, splitKey } from "../host/messages";
import { pack } from "../lib/msgpack";
import type { Share } from "../protocol/frames";
import { MAX_SNAPSHOT_BYTES } from "../sync/bodies";
import type { RoomClient } from "./store";

type Values = Record<string, unknown>;
type Known = Pick<RoomClient, "value" | "state">;

/** Arrays of MessagePack around the values. */
const AROUND = 8;
/** How a widget is put together, which is nothing to be seen of it, and is never set from outside (A4). */
const PARTS: ReadonlySet<string> = new Set(["children", "layout", "style"]);

/** What is set for everybody, and what for one viewer alone; the rest is nobody's to set. */
export interface Settable {
  all: Values;
  mine: Values;
}

/**
 * What is shown of a share, as far as it fits: first what can be set again, then the small. `local` is what our
 * person has of what each viewer has for themselves.
 */
export function shownValues(client: Known, share: Share, local: Readonly<Values>): Values {
  const found = keysOf(share).flatMap(({ key, isLocal, isWritable }) => {
    const value = isLocal && local[key] !== undefined ? local[key] : client.value(key);
    const isBlob = !isLocal && (client.state(key)?.blob ?? null) !== null;
    const size = value === undefined || isBlob ? 0 : sizeOf(key, value);
    return size === 0 ? [] : [{ key, value, size, last: Number(!isLocal && !isWritable) }];
  });
  let left = MAX_SNAPSHOT_BYTES - AROUND;
  const fitting = found
    .toSorted((a, b) => a.last - b.last || a.size - b.size)
    .filter(({ size }) => {
      if (size > left) return false;
      left -= size;
      return true;
    });
  const taken = new Set(fitting.map(({ key }) => key));
  const kept = found.filter(({ key }) => taken.has(key)).toSorted((a, b) => a.last - b.last);
  return Object.fromEntries(kept.map(({ key, value }) => [key, value]));
}

export function settableOf(share: Share, values: Readonly<Values>): Settable {
  const keys = keysOf(share).filter(({ key }) => Object.hasOwn(values, key));
  const mine = keys.filter(({ isLocal }) => isLocal);
  const all = keys.filter(({ isLocal, isWritable }) => isWritable && !isLocal);
  const pick = (some: readonly { key: string }[]): Values =>
    Object.fromEntries(some.map(({ key }) => [key, values[key]]));
  return { all: pick(all), mine: pick(mine) };
}

/** What somebody would call the values of a snapshot, without how the widget is put together. */
export function namedValues({ share, values }: { share: string; values: Readonly<Values> }) {
  const entries = Object.entries(values).filter(([key]) => isShown(splitKey(key)[1]));
  return entries.map(([key, value]) => {
    return { name: key.slice(share.length + 1).replaceAll("/", "."), value };
  });
}

function isShown(trait: string): boolean {
  return !isHousekeeping(trait) && !PARTS.has(trait);
}

function keysOf({ name, models }: Share) {
  return models.flatMap(({ path, traits, local = [], writable = [], events = [] }) =>
    traits
      .filter((trait) => isShown(trait) && !events.includes(trait))
      .map((trait) => ({
        key: `${modelId(name, path)}/${trait}`,
        isLocal: local.includes(trait),
        isWritable: writable.includes(trait),
      })),
  );
}

/** Bytes; 0 for what cannot travel: a widget may put anything into its local values. */
function sizeOf(key: string, value: unknown): number {
  try {
    return pack({ [key]: value }).length;
  } catch {
    return 0;
  }
}
