/** Series as one number each: a value, a value with its line, a gauge. */

import type { Points } from "../feeds/view";
import { make, svg, write } from "./dom";
import type { Range } from "./range";
import type { Track } from "./track";
import { numberText, percentText } from "./words";

const WIDTH = 200;
const HEIGHT = 40;
const ARC = "M12 64A48 48 0 0 1 108 64";

interface Tile {
  root: HTMLElement;
  value: Element;
  change: HTMLElement;
  drawing: SVGElement | null;
}

export class Tiles {
  readonly root = make("div.cw-c-tiles");
  #tiles: Tile[] = [];

  show(tracks: readonly Track[], range: Range, colorOf: (track: Track) => string): void {
    if (tracks.length !== this.#tiles.length) {
      this.#tiles = tracks.map(tileOf);
      this.root.replaceChildren(...this.#tiles.map(({ root }) => root));
    }
    tracks.forEach((track, at) => {
      const tile = this.#tiles[at];
      if (tile !== undefined) fill(tile, track, range, colorOf(track));
    });
  }
}

function tileOf({ trait }: Track): Tile {
  const value = make("strong");
  const change = make("small");
  const root = make("div.cw-c-tile", { "data-kind": trait.kind, "data-testid": "tile" });
  const drawing = trait.kind === "value" ? null : trait.kind === "gauge" ? gauge() : spark();
  const words = make("div", {}, make("span", {}, trait.label), change, value);
  root.append(...(drawing === null ? [words] : [words, drawing]));
  return { root, value, change, drawing };
}

function gauge(): SVGElement {
  const drawn = svg("svg", { viewBox: "0 0 120 80", "aria-hidden": "true" });
  drawn.append(
    svg("path", { d: ARC }),
    svg("path", { d: ARC, pathLength: 100 }),
    svg("text", { x: 12, y: 79 }),
  );
  drawn.append(svg("text", { x: 108, y: 79 }));
  return drawn;
}

function spark(): SVGElement {
  const box = {
    viewBox: `0 0 ${WIDTH} ${HEIGHT}`,
    preserveAspectRatio: "none",
    "aria-hidden": "true",
  };
  const drawn = svg("svg", box);
  drawn.append(svg("path", {}), svg("path", {}));
  return drawn;
}

function fill(
  { root, value, change, drawing }: Tile,
  track: Track,
  range: Range,
  color: string,
): void {
  const last = track.last();
  root.style.setProperty("--ink", color);
  write(value, last?.text ?? "–");
  const { kind, min, max } = track.trait;
  const [area, line, low, high] = drawing?.children ?? [];
  if (kind === "gauge") {
    const [from, to] = [min ?? 0, max ?? 100];
    const part = Math.min(1, Math.max(0, ((last?.value ?? from) - from) / (to - from || 1)));
    line?.setAttribute("stroke-dasharray", `${part * 100} 200`);
    if (low !== undefined) write(low, numberText(from, 0, true));
    if (high !== undefined) write(high, numberText(to, 0, true));
    return;
  }
  if (track.points !== null) {
    const path = pathOf(track.points, range, track.reach(range) ?? [0, 1]);
    line?.setAttribute("d", path);
    area?.setAttribute("d", path === "" ? "" : `${path}V${HEIGHT}H${path.slice(1).split(",")[0]}Z`);
  }
  const first = track.points?.y.find((one) => !Number.isNaN(one));
  const isKnown = first !== undefined && last !== null && track.words === null;
  const text = (value: number): string => track.difference(value);
  write(change, isKnown ? changeText(first, last.value, text) : "");
  change.dataset.way = last !== null && first !== undefined && last.value < first ? "down" : "up";
}

/** A change of so many times the first value, and more, tells nothing as a percentage. */
const MOST_PART = 10;

/** How far it went in what is shown: a part of the first value, or, of one near zero, how much it is. */
export function changeText(first: number, last: number, text: (value: number) => string): string {
  if (first === last) return `±${percentText(0)}`;
  const arrow = last > first ? "▲" : "▼";
  const part = Math.abs(last - first) / Math.abs(first);
  if (!(part <= MOST_PART)) return `${arrow} ${text(Math.abs(last - first))}`;
  return `${arrow} ${percentText(part, part < 0.1 ? 2 : 1)}`;
}

function pathOf(
  { t, y }: Points,
  [from, to]: Range,
  [low, high]: readonly [number, number],
): string {
  let path = "";
  for (let i = 0; i < t.length; i++) {
    const value = y[i] ?? Number.NaN;
    if (Number.isNaN(value)) continue;
    const px = (((t[i] ?? 0) - from) / (to - from)) * WIDTH;
    const py = HEIGHT - 2 - ((value - low) / (high - low || 1)) * (HEIGHT - 4);
    path += `${path === "" ? "M" : "L"}${px.toFixed(1)},${py.toFixed(1)}`;
  }
  return path;
}
