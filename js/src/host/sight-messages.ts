/** What a sandbox may say about sight: widget code shares it, so all is checked. */
import * as v from "valibot";

const finite = v.pipe(v.number(), v.finite());
const fraction = v.pipe(v.number(), v.minValue(0), v.maxValue(1));
const share = v.pipe(v.string(), v.maxLength(64));

/** Where somebody points, ours or, in presence, another. */
export const point = v.object({
  share,
  x: fraction,
  y: fraction,
  within: v.optional(
    v.object({ path: v.pipe(v.string(), v.maxLength(100)), x: fraction, y: fraction }),
  ),
});
const place = v.object({ left: finite, top: finite, width: finite, height: finite });
export const range = v.tuple([finite, finite]);

export const sightMessages = [
  v.object({ type: v.literal("pointer"), point: v.nullable(point) }),
  v.object({ type: v.literal("places"), places: v.record(v.string(), place) }),
  v.object({
    type: v.literal("spots"),
    spots: v.record(v.string(), v.tuple([finite, finite])),
  }),
  v.object({
    type: v.literal("looked"),
    look: v.object({
      local: v.record(v.string(), v.unknown()),
      ranges: v.record(v.string(), v.nullable(range)),
    }),
  }),
  v.object({
    type: v.literal("input"),
    input: v.picklist(["move", "wheel", "press", "key", "escape"]),
  }),
] as const;
