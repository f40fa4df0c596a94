/** What a sandbox may say about feeds: widget code shares it, so all is checked. */
import * as v from "valibot";
import { MAX_LEVEL } from "../feeds/bins";

const feed = v.pipe(v.string(), v.nonEmpty(), v.maxLength(64));
const row = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const level = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(MAX_LEVEL));
const epoch = v.pipe(v.string(), v.maxLength(256));
const id = v.pipe(row, v.minValue(1));

export const feedMessage = v.object({
  type: v.literal("feed"),
  wish: v.variant("type", [
    v.object({ type: v.literal("watch"), feed, epoch, after: row, level }),
    v.object({ type: v.literal("unwatch"), feed }),
    v.object({ type: v.literal("drawn"), feed, at: row }),
    v.object({ type: v.literal("fetch"), feed, id, first: row, last: row, level }),
  ]),
});
