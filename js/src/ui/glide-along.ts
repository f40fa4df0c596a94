/** Goes with somebody's scrolling: a little nearer at each frame, and at once for people who want less motion. */
import { edgesOf, scrollerOf } from "./viewing";

/** The part of the way that is left after a frame of 16 ms. */
const LEFT = 0.78;

/** Pixels of what somebody looks at that are enough to see it. */
const SEEN = 120;

export class GlideAlong {
  readonly #element: HTMLElement;
  #goal: number | null = null;
  #due = 0;
  #before = 0;

  constructor(element: HTMLElement) {
    this.#element = element;
  }

  /** Brings what is `pixels` down in the element to the top. */
  go(pixels: number, calm: boolean): void {
    this.#goal = pixels;
    if (calm) this.#move(0);
    else if (this.#due === 0) {
      this.#before = performance.now();
      this.#due = requestAnimationFrame((now) => this.#step(now));
    }
  }

  stop(): void {
    cancelAnimationFrame(this.#due);
    this.#due = 0;
    this.#goal = null;
  }

  #step(now: number): void {
    const frames = Math.max(0, now - this.#before) / 16;
    this.#before = now;
    const isThere = this.#move(LEFT ** frames);
    this.#due = isThere ? 0 : requestAnimationFrame((next) => this.#step(next));
  }

  /** Leaves this part of the way; whether it has arrived, or cannot go on. */
  #move(left: number): boolean {
    if (this.#goal === null) return true;
    const scroller = scrollerOf(this.#element);
    const way = this.#way(this.#goal, scroller);
    const before = scroller.scrollTop;
    // Whole pixels: browsers drop the rest of small steps, and it would never arrive.
    const step = way * (1 - left);
    scroller.scrollTop = before + (Math.abs(way) < 2 ? way : Math.trunc(step) || Math.sign(way));
    return Math.abs(way) < 2 || scroller.scrollTop === before;
  }

  /** Pixels to scroll. A notebook is our person's own: it moves only as far as what is looked at would not be seen. */
  #way(goal: number, scroller: Element): number {
    const at = this.#element.getBoundingClientRect().top + goal;
    const { top, bottom } = edgesOf(scroller);
    const isOurs = scroller.getRootNode() === this.#element.getRootNode();
    return !isOurs && at >= top && at <= bottom - SEEN ? 0 : at - top;
  }
}
