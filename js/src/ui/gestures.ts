/** Fingers, mouse and wheel over a photo, as what they mean. */
import { moved, type Point, REST, type Sizes, swipe, type View, zoomed } from "./zoom";

/** How much a double click enlarges. */
const CLOSER = 2.5;

export interface GestureEvents {
  /** How the photo lies now; `dragged` while a finger that does not enlarge holds it. */
  onView(view: View, dragged: boolean): void;
  onSwipe(way: "next" | "previous" | "away"): void;
  /** Beside the photo. */
  onOutside(): void;
}

/** Works on one photo until `signal` is aborted. */
export class Gestures {
  readonly #stage: HTMLElement;
  readonly #photo: HTMLElement;
  readonly #events: GestureEvents;
  readonly #pointers = new Map<number, Point>();
  #view: View = REST;
  /** How far a single finger has gone, on a photo that is not enlarged. */
  #dragged: Point = { x: 0, y: 0 };
  #pinched = false;

  constructor(stage: HTMLElement, photo: HTMLElement, events: GestureEvents, signal: AbortSignal) {
    this.#stage = stage;
    this.#photo = photo;
    this.#events = events;
    const options = { signal };
    stage.addEventListener("pointerdown", (event) => this.#down(event), options);
    stage.addEventListener("pointermove", (event) => this.#move(event), options);
    stage.addEventListener("pointerup", (event) => this.#up(event, true), options);
    stage.addEventListener("pointercancel", (event) => this.#up(event, false), options);
    stage.addEventListener("dblclick", (event) => this.toggle(this.#from(event)), options);
    stage.addEventListener("wheel", (event) => this.#wheel(event), { signal, passive: false });
  }

  /** Closer, or all of it again. */
  toggle(at: Point = { x: 0, y: 0 }): void {
    this.#show(this.#view.scale > 1 ? REST : zoomed(this.#view, CLOSER, at, this.#sizes()));
  }

  zoom(factor: number): void {
    this.#show(zoomed(this.#view, factor, { x: 0, y: 0 }, this.#sizes()));
  }

  #down(event: PointerEvent): void {
    if (event.button !== 0) return;
    if (this.#pointers.size === 0) {
      this.#dragged = { x: 0, y: 0 };
      this.#pinched = false;
    }
    this.#pointers.set(event.pointerId, this.#from(event));
    this.#pinched ||= this.#pointers.size > 1;
    this.#stage.setPointerCapture(event.pointerId);
  }

  #move(event: PointerEvent): void {
    const before = this.#pointers.get(event.pointerId);
    if (before === undefined) return;
    const now = this.#from(event);
    const other = [...this.#pointers].find(([id]) => id !== event.pointerId)?.[1];
    this.#pointers.set(event.pointerId, now);
    const by = { x: now.x - before.x, y: now.y - before.y };
    if (other !== undefined) this.#pinch(before, now, other);
    else if (this.#view.scale > 1) this.#show(moved(this.#view, by, this.#sizes()));
    else if (!this.#pinched) {
      this.#dragged = { x: this.#dragged.x + by.x, y: this.#dragged.y + by.y };
      this.#events.onView({ ...REST, ...this.#dragged }, true);
    }
  }

  #pinch(before: Point, now: Point, other: Point): void {
    const factor = apart(now, other) / Math.max(1, apart(before, other));
    const middle = { x: (now.x + other.x) / 2, y: (now.y + other.y) / 2 };
    const half = { x: (now.x - before.x) / 2, y: (now.y - before.y) / 2 };
    const sizes = this.#sizes();
    this.#show(moved(zoomed(this.#view, factor, middle, sizes), half, sizes));
  }

  #up(event: PointerEvent, meant: boolean): void {
    if (!this.#pointers.delete(event.pointerId) || this.#pointers.size > 0) return;
    if (this.#view.scale > 1 || this.#pinched) return;
    const way = meant ? swipe(this.#dragged) : "none";
    const still = apart(this.#dragged, { x: 0, y: 0 }) < 4;
    this.#show(REST);
    if (way !== "none") this.#events.onSwipe(way);
    else if (meant && still && !this.#covers(event)) this.#events.onOutside();
  }

  #wheel(event: WheelEvent): void {
    event.preventDefault();
    // Two fingers on a trackpad come as a wheel with Ctrl, in small steps.
    const speed = event.ctrlKey ? 0.012 : 0.0024;
    const pixels = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 32 : 1;
    const factor = Math.exp(-event.deltaY * pixels * speed);
    this.#show(zoomed(this.#view, factor, this.#from(event), this.#sizes()));
  }

  #show(view: View): void {
    this.#view = view;
    this.#events.onView(view, false);
  }

  #covers({ clientX, clientY }: PointerEvent): boolean {
    const { left, right, top, bottom } = this.#photo.getBoundingClientRect();
    return clientX >= left && clientX <= right && clientY >= top && clientY <= bottom;
  }

  /** From the middle of the stage. */
  #from({ clientX, clientY }: MouseEvent): Point {
    const { left, top, width, height } = this.#stage.getBoundingClientRect();
    return { x: clientX - left - width / 2, y: clientY - top - height / 2 };
  }

  #sizes(): Sizes {
    const { clientWidth: width, clientHeight: height } = this.#stage;
    const { offsetWidth, offsetHeight } = this.#photo;
    return { stage: { width, height }, photo: { width: offsetWidth, height: offsetHeight } };
  }
}

function apart(one: Point, other: Point): number {
  return Math.hypot(one.x - other.x, one.y - other.y);
}
