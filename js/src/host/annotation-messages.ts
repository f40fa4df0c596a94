/** What a sandbox may say about cursors, marks, moments and files: widget code shares it, so all is checked. */
import * as v from "valibot";
import { cursor } from "./cursors";
import { mark, markId } from "./marks";

const finite = v.pipe(v.number(), v.finite());
const bytes = v.instance(Uint8Array);
const share = v.string();

export const annotationMessages = [
  v.object({ type: v.literal("cursor"), share, cursor: v.nullable(cursor) }),
  v.object({ type: v.literal("mark"), share, id: markId, mark: v.nullable(mark) }),
  v.object({
    type: v.literal("moment"),
    share,
    moment: v.object({ start: finite, end: finite, picture: bytes }),
  }),
  v.object({ type: v.literal("save"), name: v.string(), mime: v.string(), bytes }),
  v.object({
    type: v.literal("reveal"),
    top: finite,
    height: v.pipe(finite, v.minValue(0)),
  }),
] as const;
