/** The values that each axis of a chart shows: the host's, the viewer's, or what fits the rows that are seen. */
import { fitted, grounded, type Range } from "./range";
import type { Track } from "./track";
import type { AxisTrait, Side } from "./traits";

export class Scales {
  readonly #fits: Partial<Record<Side, Range>> = {};

  /** `tracks` are those on this axis, `chosen` is the viewer's range of values. */
  values(
    side: Side,
    axis: AxisTrait,
    tracks: readonly Track[],
    shown: Range,
    chosen: Range | null,
  ): Range {
    const reaches = tracks.flatMap((track) => track.reach(shown) ?? []);
    let [low, high] = [Math.min(...reaches), Math.max(...reaches)];
    // What is not above zero has no place on a log axis.
    if (axis.log) [low, high] = [low > 0 ? low : Math.max(high, 1) / 1e4, Math.max(high, 1e-9)];
    let range = chosen;
    if (range === null && reaches.length > 0) {
      range = fitted(this.#fits[side] ?? null, low, high, axis.log);
      this.#fits[side] = range;
      const isGrounded = tracks.some(({ trait }) => trait.kind === "bar" || trait.kind === "area");
      if (isGrounded && !axis.log) range = grounded(range, low, high);
    }
    const [from, to] = range ?? this.#fits[side] ?? (axis.log ? [1, 10] : [0, 1]);
    return [axis.min ?? from, axis.max ?? to];
  }
}
