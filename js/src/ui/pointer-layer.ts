/** Draws pointers over the frame, and who has just changed something. Nothing of it can be touched. */
import type { Places } from "../host/sight";
import { type Glide, glideTo, isGliding, spotAt } from "./glide";
import type { Mover } from "./movers";
import { textOn } from "./names";
import type { Pointer } from "./pointers";
import { TEXTS } from "./texts";

/** Milliseconds after which a name fades. */
const NAME_MS = 2000;
const MOVER_MS = 2000;

const ARROW = "M1 1l5.2 14 2.3-5.7L14 7z";
const SVG = "http://www.w3.org/2000/svg";

interface Drawn {
  element: HTMLElement;
  name: HTMLElement;
  share: string;
  glide: Glide;
  /** The place as it was told: a share that moves takes its pointers along, and names do not wake. */
  told: string;
  resting: ReturnType<typeof setTimeout> | undefined;
  /** Pixels of the name; 0 until it is measured. */
  width: number;
}

export class PointerLayer {
  readonly #root: HTMLElement;
  readonly #calm: () => boolean;
  readonly #drawn = new Map<string, Drawn>();
  readonly #movers = new Map<
    string,
    { element: HTMLElement; leaving: ReturnType<typeof setTimeout> }
  >();
  #due = 0;

  /** Into `root`, which lies over the frame; `calm`: without motion. */
  constructor(root: HTMLElement, calm: () => boolean, signal: AbortSignal) {
    this.#root = root;
    this.#calm = calm;
    signal.addEventListener("abort", () => this.#close(), { once: true });
  }

  /** These pointers, and no others. */
  show(pointers: readonly Pointer[], now: number): void {
    const here = new Set(pointers.map(({ peer }) => peer));
    for (const peer of [...this.#drawn.keys()]) if (!here.has(peer)) this.#drop(peer);
    for (const pointer of pointers) this.#showOne(pointer, now);
    this.#draw(now);
  }

  /** Says who changed a share, at its upper edge, for a moment. */
  mark(movers: readonly Mover[], places: Places): void {
    for (const { share, name, color } of movers) {
      const place = Object.hasOwn(places, share) ? places[share] : undefined;
      if (place === undefined) continue;
      this.#unmark(share);
      const element = this.#make("mover", TEXTS.changedBy(name), color);
      element.style.insetBlockStart = `${Math.max(0, place.top - 12)}px`;
      this.#root.append(element);
      const leaving = setTimeout(() => this.#unmark(share), MOVER_MS);
      this.#movers.set(share, { element, leaving });
    }
  }

  #showOne({ peer, name, color, share, x, y }: Pointer, now: number): void {
    const told = `${share} ${x} ${y}`;
    let drawn = this.#drawn.get(peer);
    if (drawn === undefined) {
      drawn = this.#begin(share, { x, y }, now);
      this.#drawn.set(peer, drawn);
    } else if (drawn.told !== told) {
      const before = drawn.share === share ? drawn.glide : null;
      drawn.glide = glideTo(before, { x, y }, now, this.#calm());
      drawn.share = share;
    }
    if (drawn.told !== told) this.#wake(drawn);
    drawn.told = told;
    if (drawn.name.textContent !== name) drawn.width = 0;
    drawn.name.textContent = name;
    dress(drawn.element, color);
  }

  #begin(share: string, to: { x: number; y: number }, now: number): Drawn {
    const element = document.createElement("div");
    element.className = "pointer";
    const arrow = document.createElementNS(SVG, "svg");
    arrow.setAttribute("viewBox", "0 0 16 17");
    const path = document.createElementNS(SVG, "path");
    path.setAttribute("d", ARROW);
    arrow.append(path);
    const name = document.createElement("span");
    name.className = "pointer-name";
    element.append(arrow, name);
    this.#root.append(element);
    const glide = glideTo(null, to, now, true);
    return { element, name, share, glide, told: "", resting: undefined, width: 0 };
  }

  #wake(drawn: Drawn): void {
    clearTimeout(drawn.resting);
    delete drawn.element.dataset.resting;
    drawn.resting = setTimeout(() => {
      drawn.element.dataset.resting = "true";
    }, NAME_MS);
  }

  #draw(now: number): void {
    cancelAnimationFrame(this.#due);
    this.#due = 0;
    const { clientWidth: width, clientHeight: height } = this.#root;
    let moving = false;
    const all = [...this.#drawn.values()];
    // All of them first: in between, each would make the browser lay out the page.
    for (const drawn of all) drawn.width ||= drawn.name.offsetWidth;
    for (const { element, glide, width: long } of all) {
      const { x, y } = spotAt(glide, now);
      element.style.transform = `translate(${x.toFixed(1)}px, ${y.toFixed(1)}px)`;
      element.dataset.side = x + long + 20 > width ? "start" : "end";
      element.dataset.edge = y + 40 > height ? "above" : "below";
      moving ||= isGliding(glide, now);
    }
    if (moving) this.#due = requestAnimationFrame((next) => this.#draw(next));
  }

  #drop(peer: string): void {
    const drawn = this.#drawn.get(peer);
    clearTimeout(drawn?.resting);
    drawn?.element.remove();
    this.#drawn.delete(peer);
  }

  #unmark(share: string): void {
    const mover = this.#movers.get(share);
    clearTimeout(mover?.leaving);
    mover?.element.remove();
    this.#movers.delete(share);
  }

  #make(className: string, text: string, color: string): HTMLElement {
    const element = document.createElement("div");
    element.className = className;
    element.textContent = text;
    dress(element, color);
    return element;
  }

  #close(): void {
    cancelAnimationFrame(this.#due);
    for (const peer of [...this.#drawn.keys()]) this.#drop(peer);
    for (const share of [...this.#movers.keys()]) this.#unmark(share);
  }
}

function dress({ style }: HTMLElement, color: string): void {
  style.setProperty("--person", color);
  style.setProperty("--on-person", textOn(color));
}
