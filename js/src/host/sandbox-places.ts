/** Inside the sandbox: where the shares are, and what a pointer points at, in windows of any width. */
import type { FromSight, Place, Point, Within } from "./sight";

type Tell = (message: FromSight) => void;

/** Deeper than that, or longer, it is not worth to be told 20 times a second. */
const MAX_DEPTH = 24;
const MAX_PATH = 100;

/** The box of a share in a section of the stage. */
function boxIn(section: Element): HTMLElement | null {
  return section.querySelector<HTMLElement>(":scope > .cw-widget");
}

/** All of a share's box, with what is scrolled out of it sideways. */
function placeOf(box: HTMLElement): Place {
  const { left, top, height } = box.getBoundingClientRect();
  const { scrollX, scrollY } = window;
  const width = Math.max(box.scrollWidth, box.clientWidth);
  return { left: left + scrollX - box.scrollLeft, top: top + scrollY, width, height };
}

function fraction(value: number): number {
  return Math.round(Math.min(1, Math.max(0, value)) * 10_000) / 10_000;
}

/** What a pointer is over; null if that is no share. */
export function pointAt({ target, clientX, clientY }: PointerEvent): Point | null {
  const section = target instanceof Element ? target.closest<HTMLElement>(".cw-share") : null;
  const box = section === null ? null : boxIn(section);
  const share = section?.dataset.share ?? "";
  if (!(target instanceof Element) || box === null || share === "") return null;
  const { left, top, width, height } = placeOf(box);
  if (width <= 0 || height <= 0) return null;
  const x = fraction((clientX + window.scrollX - left) / width);
  const point = { share, x, y: fraction((clientY + window.scrollY - top) / height) };
  const within = withinOf(target, box, clientX, clientY);
  return within === null ? point : { ...point, within };
}

function withinOf(target: Element, box: Element, clientX: number, clientY: number): Within | null {
  const { left, top, width, height } = target.getBoundingClientRect();
  if (width <= 0 || height <= 0) return null;
  const places: number[] = [];
  let at = target;
  while (at !== box) {
    const { parentElement } = at;
    if (parentElement === null || places.length >= MAX_DEPTH) return null;
    places.unshift(Array.prototype.indexOf.call(parentElement.children, at));
    at = parentElement;
  }
  const path = `${places.join(".")}:${target.localName}`;
  if (places.length === 0 || path.length > MAX_PATH) return null;
  return { path, x: fraction((clientX - left) / width), y: fraction((clientY - top) / height) };
}

/** The element of a path, if it is the same here. */
function elementAt(box: Element, path: string): Element | null {
  const [places = "", name] = path.split(":");
  let at: Element | undefined = box;
  for (const place of places.split(".")) at = at?.children[Number(place)];
  return at?.localName === name ? (at ?? null) : null;
}

function spotOf(box: HTMLElement, { x, y, within }: Point): [x: number, y: number] {
  const element = within === undefined ? null : elementAt(box, within.path);
  const rect = element?.getBoundingClientRect();
  if (within !== undefined && rect !== undefined && rect.width > 0 && rect.height > 0) {
    const { left, top, width, height } = rect;
    const { scrollX, scrollY } = window;
    return [left + scrollX + within.x * width, top + scrollY + within.y * height];
  }
  const place = placeOf(box);
  return [place.left + x * place.width, place.top + y * place.height];
}

/** Calls `run` at the next frame, once however often it is asked for. */
export function eachFrame(run: () => void): () => void {
  let due = false;
  return () => {
    if (due) return;
    due = true;
    requestAnimationFrame(() => {
      due = false;
      run();
    });
  };
}

/** Tells where the shares are, and where others point, now and whenever something moves. */
export class SandboxPlaces {
  readonly #root: HTMLElement;
  readonly #tell: Tell;
  readonly #measure = eachFrame(() => this.#tellAll());
  #points: Readonly<Record<string, Point>> = {};
  #places = "";
  #spots = "{}";

  constructor(root: HTMLElement, tell: Tell, signal: AbortSignal) {
    this.#root = root;
    this.#tell = tell;
    this.#watch(signal);
  }

  /** Where others point, by peer. */
  receivePoints(points: Readonly<Record<string, Point>>): void {
    this.#points = points;
    this.#tellSpots();
  }

  #boxes(): Map<string, HTMLElement> {
    const boxes = new Map<string, HTMLElement>();
    for (const section of this.#root.querySelectorAll<HTMLElement>(":scope > .cw-share")) {
      const box = boxIn(section);
      if (box !== null) boxes.set(section.dataset.share ?? "", box);
    }
    return boxes;
  }

  #tellAll(): void {
    const places = Object.fromEntries(
      [...this.#boxes()].map(([name, box]) => [name, placeOf(box)]),
    );
    const text = JSON.stringify(places);
    if (text !== this.#places) this.#tell({ type: "places", places });
    this.#places = text;
    this.#tellSpots();
  }

  #tellSpots(): void {
    const boxes = this.#boxes();
    const spots = Object.fromEntries(
      Object.entries(this.#points).flatMap(([peer, point]) => {
        const box = boxes.get(point.share);
        return box === undefined ? [] : [[peer, spotOf(box, point)] as const];
      }),
    );
    const text = JSON.stringify(spots);
    if (text !== this.#spots) this.#tell({ type: "spots", spots });
    this.#spots = text;
  }

  #watch(signal: AbortSignal): void {
    const sizes = new ResizeObserver(this.#measure);
    sizes.observe(this.#root);
    // Only what lies on the stage itself: inside of a widget, elements may come and go at every frame.
    const shares = new MutationObserver(() => {
      for (const box of this.#boxes().values()) {
        shares.observe(box, { childList: true });
        for (const element of [box, ...box.children]) sizes.observe(element);
      }
      this.#measure();
    });
    shares.observe(this.#root, { childList: true });
    const options = { signal, capture: true, passive: true };
    document.addEventListener("scroll", this.#measure, options);
    const stop = (): void => {
      sizes.disconnect();
      shares.disconnect();
    };
    signal.addEventListener("abort", stop, { once: true });
  }
}
