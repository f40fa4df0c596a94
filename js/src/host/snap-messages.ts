/** What a sandbox may say about snapshots: widget code shares it, so all is checked. */
import * as v from "valibot";

export const snapMessage = v.object({
  type: v.literal("snapped"),
  share: v.string(),
  ticket: v.number(),
  picture: v.instance(Uint8Array),
  local: v.record(v.string(), v.unknown()),
});
