/** Where words and the newest values stand: none covers another. */

/** Pixels. */
export const FLAG = 18;

/** The tops of flags that are to be at `places`, from above, in their order. */
export function stacked(places: readonly number[]): number[] {
  let free = 0;
  return places.map((y) => {
    const top = Math.max(y - FLAG / 2, free);
    free = top + FLAG + 1;
    return top;
  });
}

/** Whether a number as high as `line` at `y` would be seen beside or below one of them. */
export function isCovered(y: number, tops: readonly number[], line: number): boolean {
  return tops.some((top) => y > top - line / 2 && y < top + FLAG + line / 2);
}

export interface Rect {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** The box, or as far below it as it has to be to cover nothing of what is taken. */
export function freeBelow(box: Rect, taken: readonly Rect[], gap: number): Rect {
  const hit = taken.find(
    (one) =>
      box.x < one.x + one.width &&
      one.x < box.x + box.width &&
      box.y < one.y + one.height + gap &&
      one.y < box.y + box.height + gap,
  );
  return hit === undefined ? box : freeBelow({ ...box, y: hit.y + hit.height + gap }, taken, gap);
}
