/** Mouse, fingers and keys on a chart, as what they mean. Places are pixels from the corner of the plot. */
import type { Box } from "./plot";

export interface Finger {
  x: number;
  y: number;
}

export interface Wishes {
  box(): Box;
  /** Nearer (`factor` below 1) or farther, around `x`. */
  zoom(x: number, factor: number): void;
  pan(pixels: number): void;
  point(x: number, y: number): void;
  /** A click, or a finger that came and went. */
  tap(x: number, y: number): void;
  leave(): void;
  /** A box that is being drawn, and one that is done. */
  select(box: Box | null, done: boolean): void;
  live(): void;
  pause(): void;
  /** The cursor, from row to row; `end` is what is seen first or last. */
  step(by: number): void;
  end(first: boolean): void;
  /** At a place, or where the cursor is. */
  menu(place: Finger | null): void;
  /** The wheel was turned, and the page is to have it. */
  hint(): void;
  /** The values at the cursor, to the clipboard. */
  copy(): void;
}

/** Pixels that a click may move. */
const STILL = 4;
/** Pixels of height from which on a box is one of values, too. */
const TALL = 28;
/** Milliseconds that a finger stays to mean the place below it. */
const LONG_MS = 350;

export class Hands {
  readonly #surface: HTMLElement;
  readonly #wishes: Wishes;
  readonly #fingers = new Map<number, Finger>();
  #start: Finger | null = null;
  #act: "none" | "select" | "pan" | "point" = "none";
  #timer = 0;

  constructor(surface: HTMLElement, wishes: Wishes, signal: AbortSignal) {
    this.#surface = surface;
    this.#wishes = wishes;
    const on = <Name extends keyof HTMLElementEventMap>(
      name: Name,
      hear: (event: HTMLElementEventMap[Name]) => void,
      passive = true,
    ): void => surface.addEventListener(name, hear, { signal, passive });
    on("pointerdown", (event) => this.#down(event));
    on("pointermove", (event) => this.#move(event));
    on("pointerup", (event) => this.#up(event));
    on("pointercancel", (event) => this.#up(event, true));
    on("pointerleave", ({ pointerType }) => {
      // What a finger has pointed at stays when it goes.
      if (pointerType !== "touch" && this.#fingers.size === 0) wishes.leave();
    });
    on("dblclick", () => wishes.live());
    on("wheel", (event) => this.#wheel(event), false);
    on("keydown", (event) => this.#key(event), false);
    on("contextmenu", (event) => this.#menu(event), false);
    // A finger that points must not scroll the page away below it.
    on("touchmove", (event) => this.#act !== "none" && event.preventDefault(), false);
    signal.addEventListener("abort", () => clearTimeout(this.#timer), { once: true });
  }

  #place({ clientX, clientY }: MouseEvent): Finger {
    const { left, top } = this.#surface.getBoundingClientRect();
    const box = this.#wishes.box();
    return { x: clientX - left - box.left, y: clientY - top - box.top };
  }

  #down(event: PointerEvent): void {
    if (event.button > 1) return;
    const place = this.#place(event);
    this.#fingers.set(event.pointerId, place);
    if (event.isTrusted) this.#surface.setPointerCapture(event.pointerId);
    this.#start = place;
    clearTimeout(this.#timer);
    if (this.#fingers.size > 1) {
      this.#act = "pan";
      this.#wishes.leave();
      return;
    }
    if (event.pointerType !== "touch") {
      this.#act = event.shiftKey || event.button === 1 ? "pan" : "select";
      return;
    }
    this.#act = "none";
    this.#timer = window.setTimeout(() => {
      this.#act = "point";
      this.#wishes.point(place.x, place.y);
    }, LONG_MS);
  }

  #move(event: PointerEvent): void {
    const place = this.#place(event);
    const before = this.#fingers.get(event.pointerId);
    if (before === undefined) {
      const { width, height } = this.#wishes.box();
      const isInside = place.x >= 0 && place.x <= width && place.y >= 0 && place.y <= height;
      if (isInside) this.#wishes.point(place.x, place.y);
      else this.#wishes.leave();
      return;
    }
    const start = this.#start ?? place;
    const far = Math.hypot(place.x - start.x, place.y - start.y);
    if (this.#act === "none" && far > STILL * 2) {
      clearTimeout(this.#timer);
      // Up and down is the page's: it scrolls, and takes the finger from us.
      if (Math.abs(place.x - start.x) > Math.abs(place.y - start.y)) {
        this.#act = "pan";
        this.#wishes.leave();
      }
    }
    if (this.#fingers.size === 2) this.#pinch(event.pointerId, before, place);
    else if (this.#act === "pan") this.#wishes.pan(before.x - place.x);
    else if (this.#act === "point") this.#wishes.point(place.x, place.y);
    else if (this.#act === "select" && far > STILL) this.#wishes.select(this.#boxTo(place), false);
    this.#fingers.set(event.pointerId, place);
  }

  /** Two fingers: what was between them stays between them. */
  #pinch(id: number, before: Finger, after: Finger): void {
    const other = [...this.#fingers].find(([one]) => one !== id)?.[1];
    if (other === undefined) return;
    const [wide, narrow] = [Math.abs(before.x - other.x), Math.abs(after.x - other.x)];
    this.#wishes.pan((before.x - after.x) / 2);
    if (wide > 20 && narrow > 20) this.#wishes.zoom((after.x + other.x) / 2, wide / narrow);
  }

  #up(event: PointerEvent, isCancelled = false): void {
    clearTimeout(this.#timer);
    if (!this.#fingers.delete(event.pointerId)) return;
    const place = this.#place(event);
    const start = this.#start ?? place;
    const isStill = Math.hypot(place.x - start.x, place.y - start.y) <= STILL;
    const act = this.#act;
    if (this.#fingers.size > 0) return;
    this.#act = "none";
    const isClick = isStill && !isCancelled;
    if (act === "select")
      this.#wishes.select(isClick || isCancelled ? null : this.#boxTo(place), true);
    if (isClick && (act === "select" || act === "none")) this.#wishes.tap(place.x, place.y);
  }

  #boxTo({ x, y }: Finger): Box {
    const { width, height } = this.#wishes.box();
    const start = this.#start ?? { x, y };
    const isTall = Math.abs(y - start.y) > TALL;
    const clip = (value: number, most: number): number => Math.min(Math.max(value, 0), most);
    const [left, right] = [clip(Math.min(start.x, x), width), clip(Math.max(start.x, x), width)];
    const [top, bottom] = isTall
      ? [clip(Math.min(start.y, y), height), clip(Math.max(start.y, y), height)]
      : [0, height];
    return { left, top, width: right - left, height: bottom - top };
  }

  #wheel(event: WheelEvent): void {
    const { ctrlKey, metaKey, deltaX, deltaY, deltaMode, shiftKey } = event;
    const isOurs = ctrlKey || metaKey || this.#surface.matches(":focus");
    const isSideways = Math.abs(deltaX) > Math.abs(deltaY);
    if (!isOurs && !isSideways) {
      this.#wishes.hint();
      return;
    }
    event.preventDefault();
    const scale = deltaMode === 0 ? 1 : 30;
    // A pinch on a touchpad comes as small turns with ctrl.
    const strength = ctrlKey && Math.abs(deltaY) < 20 ? 0.01 : 0.0016;
    if (isSideways || shiftKey) this.#wishes.pan((isSideways ? deltaX : deltaY) * scale);
    else this.#wishes.zoom(this.#place(event).x, Math.exp(deltaY * scale * strength));
  }

  #key(event: KeyboardEvent): void {
    const { key, shiftKey, ctrlKey, metaKey, altKey } = event;
    if (event.target !== this.#surface || altKey) return;
    if (ctrlKey || metaKey) {
      if (key === "c" && !shiftKey) this.#take(event, () => this.#wishes.copy());
      return;
    }
    const { width } = this.#wishes.box();
    const keys: Record<string, () => void> = {
      ArrowLeft: () => this.#wishes.step(shiftKey ? -10 : -1),
      ArrowRight: () => this.#wishes.step(shiftKey ? 10 : 1),
      PageUp: () => this.#wishes.pan(-width / 2),
      PageDown: () => this.#wishes.pan(width / 2),
      Home: () => this.#wishes.end(true),
      End: () => this.#wishes.live(),
      "+": () => this.#wishes.zoom(width / 2, 0.7),
      "=": () => this.#wishes.zoom(width / 2, 0.7),
      "-": () => this.#wishes.zoom(width / 2, 1 / 0.7),
      " ": () => this.#wishes.pause(),
      Escape: () => this.#wishes.leave(),
      Enter: () => this.#wishes.menu(null),
    };
    const act = keys[key];
    if (act !== undefined) this.#take(event, act);
  }

  #take(event: KeyboardEvent, act: () => void): void {
    event.preventDefault();
    // JupyterLab takes keys for commands on cells.
    event.stopPropagation();
    act();
  }

  #menu(event: MouseEvent): void {
    event.preventDefault();
    // On a touch screen a long press is the crosshair; the menu is a button.
    if (this.#act === "point" || this.#fingers.size > 0) return;
    // The key for menus tells no place that means anything.
    this.#wishes.menu(event.button === 2 ? this.#place(event) : null);
  }
}
