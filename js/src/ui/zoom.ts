/** How a photo lies in the window while somebody enlarges and moves it. Positions are in pixels from the middle. */

export interface View {
  scale: number;
  x: number;
  y: number;
}

export interface Point {
  x: number;
  y: number;
}

/** The window's part for the photo, and the photo as it is without being enlarged. */
export interface Sizes {
  stage: { width: number; height: number };
  photo: { width: number; height: number };
}

export const REST: View = { scale: 1, x: 0, y: 0 };
/** A photo of 2048 pixels on a phone then shows each as a square that a finger covers. */
const MOST = 8;

/** Enlarged by `factor`: what is at `at` stays there, as far as no gap opens at an edge. */
export function zoomed(view: View, factor: number, at: Point, sizes: Sizes): View {
  const scale = Math.min(MOST, Math.max(1, view.scale * factor));
  const by = scale / view.scale;
  const x = at.x - by * (at.x - view.x);
  const y = at.y - by * (at.y - view.y);
  return within({ scale, x, y }, sizes);
}

export function moved(view: View, by: Point, sizes: Sizes): View {
  return within({ ...view, x: view.x + by.x, y: view.y + by.y }, sizes);
}

function within({ scale, x, y }: View, { stage, photo }: Sizes): View {
  return {
    scale,
    x: bounded(x, (photo.width * scale - stage.width) / 2),
    y: bounded(y, (photo.height * scale - stage.height) / 2),
  };
}

function bounded(value: number, limit: number): number {
  const most = Math.max(0, limit);
  return Math.min(most, Math.max(-most, value)) + 0; // no -0
}

/** What a finger did that did not enlarge: to the next, to the one before, away, or nothing. */
export function swipe({ x, y }: Point): "next" | "previous" | "away" | "none" {
  const [along, across] = [Math.abs(x), Math.abs(y)];
  if (along > 56 && along > across) return x < 0 ? "next" : "previous";
  return across > 96 && across > along ? "away" : "none";
}
