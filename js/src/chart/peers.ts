/** Other people's cursors, where they are on the picture of a chart. */
import type { OthersCursor } from "../host/annotations";
import type { Peer } from "./overlay";
import type { Plot } from "./plot";
import { hooks } from "./stats";

/** Which chart the picture is of. `share` is undefined outside of a room. */
export interface Whose {
  share: string | undefined;
  group: string;
}

/** Those on this chart, and those on charts of its group, of whom only the time means something here. */
export function peersOn(
  cursors: readonly OthersCursor[],
  plot: Pick<Plot, "box" | "has" | "x" | "y">,
  { share, group }: Whose,
): Peer[] {
  const { width } = plot.box;
  return cursors.flatMap(({ peer, name, color, chart, t, y, axis }): Peer[] => {
    const isHere = chart === share;
    const isLinked = isHere || (hooks().get(chart)?.group ?? group) === group;
    const x = plot.x(t);
    if (!isLinked || !(x >= 0 && x <= width)) return [];
    const hasHeight = isHere && y !== null && plot.has(axis);
    return [{ peer, name, color, x, y: hasHeight ? plot.y(y, axis) : Number.NaN }];
  });
}
