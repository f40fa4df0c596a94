/** One animation frame for all charts of the page: who has changed is drawn, and nothing runs while nobody has. */
import { report } from "../lib/report";

export interface Drawable {
  draw(now: number): void;
}

const changed = new Set<Drawable>();
let frame = 0;

export function request(drawable: Drawable): void {
  changed.add(drawable);
  if (frame === 0) frame = requestAnimationFrame(run);
}

export function forget(drawable: Drawable): void {
  changed.delete(drawable);
}

function run(now: number): void {
  frame = 0;
  const due = [...changed];
  changed.clear();
  for (const drawable of due) {
    // One that fails does not stop the others.
    try {
      drawable.draw(now);
    } catch (error) {
      report(error);
    }
  }
}
