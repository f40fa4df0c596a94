/** Marks in a notebook's own rendering, where they come and go as the model's messages. */
import type { MarkSet } from "../host/annotations";
import type { ModelFace } from "../host/model";
import type { Annotations } from "../host/services";

type Native = Pick<ModelFace, "on" | "off" | "send">;

export function nativeMarks(model: Native): Pick<Annotations, "marks" | "setMark" | "onMarks"> {
  let known: MarkSet = {};
  return {
    marks: () => known,
    setMark: (id, mark) => model.send({ mark: { id, mark } }),
    onMarks: (listener, signal) => {
      const hear = (content: unknown): void => {
        const { marks } = (content ?? {}) as { marks?: MarkSet };
        if (marks === undefined) return;
        known = marks;
        listener(known);
      };
      model.on("msg:custom", hear);
      signal.addEventListener("abort", () => model.off("msg:custom", hear), { once: true });
    },
  };
}
