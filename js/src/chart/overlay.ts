/** What moves over the canvas without drawing it anew: crosshairs, ours and other people's, and the zoom box. */
import { make, write } from "./dom";
import type { Box } from "./plot";
import type { Side } from "./traits";

export interface Spot {
  x: number;
  y: number;
  color: string;
}

export interface Tag {
  side: Side;
  y: number;
  text: string;
}

/** In pixels from the corner of the plot. */
export interface Cross {
  x: number;
  /** Null for a linked cursor: another chart's height means nothing here. */
  y: number | null;
  time: string;
  tags: Tag[];
  spots: Spot[];
}

export interface Peer extends Spot {
  name: string;
  /** `y` is NaN when they are on another chart. */
  peer: string;
}

export class Overlay {
  readonly root = make("div.cw-c-over");
  readonly #upright = make("i.cw-c-upright");
  readonly #level = make("i.cw-c-level");
  readonly #time = make("time.cw-c-tag", { "data-testid": "cursor-time" });
  readonly #tags: Record<Side, HTMLElement> = {
    left: make("b.cw-c-tag.cw-c-left"),
    right: make("b.cw-c-tag.cw-c-right"),
  };
  readonly #select = make("i.cw-c-select");
  readonly #cross = make("div.cw-c-cross", { hidden: true });
  readonly #peers = new Map<string, HTMLElement>();
  #spots: HTMLElement[] = [];
  #width = 0;

  constructor() {
    this.#cross.append(this.#upright, this.#level, this.#time, this.#tags.left, this.#tags.right);
    this.#select.hidden = true;
    this.root.append(this.#select, this.#cross);
  }

  place({ left, top, width, height }: Box): void {
    this.#width = width;
    const css = `left:${left}px;top:${top}px;width:${width}px;height:${height}px`;
    if (this.root.style.cssText !== css) this.root.style.cssText = css;
  }

  show(cross: Cross | null): void {
    this.#cross.hidden = cross === null;
    if (cross === null) return;
    const { x, y, time, tags, spots } = cross;
    move(this.#upright, x, 0);
    this.#level.hidden = y === null;
    move(this.#level, 0, y ?? 0);
    write(this.#time, time);
    const half = this.#time.offsetWidth / 2;
    this.#time.style.left = `${Math.min(Math.max(x, half - 8), this.#width - half + 8)}px`;
    for (const side of ["left", "right"] as const) {
      const tag = tags.find((one) => one.side === side);
      this.#tags[side].hidden = tag === undefined;
      if (tag === undefined) continue;
      write(this.#tags[side], tag.text);
      this.#tags[side].style.top = `${tag.y}px`;
    }
    while (this.#spots.length < spots.length) {
      const spot = make("i.cw-c-spot");
      this.#spots.push(spot);
      this.#cross.append(spot);
    }
    this.#spots.forEach((element, at) => {
      const spot = spots[at];
      element.hidden = spot === undefined;
      if (spot === undefined) return;
      move(element, spot.x, spot.y);
      element.style.color = spot.color;
    });
  }

  /** Other people's crosshairs. One that leaves the picture is not shown. */
  people(peers: readonly Peer[], isDark: boolean): void {
    this.root.classList.toggle("cw-c-dim", isDark);
    const seen = new Set(peers.map(({ peer }) => peer));
    for (const [peer, element] of this.#peers) {
      if (seen.has(peer)) continue;
      element.remove();
      this.#peers.delete(peer);
    }
    for (const { peer, name, color, x, y } of peers) {
      let element = this.#peers.get(peer);
      if (element === undefined) {
        element = make("div.cw-c-peer", { "data-testid": "peer-cursor" }, make("i"), make("b"));
        this.#peers.set(peer, element);
        this.root.append(element);
      }
      const [spot, flag] = element.children;
      if (flag !== undefined) write(flag, name);
      element.classList.toggle("cw-c-turned", x > this.#width - 90);
      element.style.setProperty("--on", color);
      move(element, x, 0);
      if (spot instanceof HTMLElement) {
        spot.hidden = Number.isNaN(y);
        move(spot, 0, y);
      }
    }
  }

  select(box: Box | null): void {
    this.#select.hidden = box === null;
    if (box === null) return;
    const { left, top, width, height } = box;
    this.#select.style.cssText = `left:${left}px;top:${top}px;width:${width}px;height:${height}px`;
  }
}

function move(element: HTMLElement, x: number, y: number): void {
  element.style.transform = `translate(${x}px,${y}px)`;
}
