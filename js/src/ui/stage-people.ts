/** People over the widgets of one frame: their pointers and ours, who changes what, and going along with each other. */
import type { ToSandbox } from "../host/messages";
import type { FromSight, Input, Look, Places, Spots } from "../host/sight";
import { Sights, toldOf, type View, viewOf } from "../host/sights";
import { GlideAlong } from "./glide-along";
import { Movers } from "./movers";
import type { Shown } from "./persons";
import { PointerLayer } from "./pointer-layer";
import { pointersAt, pointingOf } from "./pointers";
import type { Store } from "./store";
import { edgesOf, pixelsTo, scrollerOf, topAt } from "./viewing";

/** What moves the view by keys, where nothing is written. */
const SCROLL_KEYS = new Set([
  ...["ArrowUp", "ArrowDown", "PageUp", "PageDown", "Home", "End", " "],
]);

/** The frame that the widgets are in. */
interface Framed {
  readonly element: HTMLElement;
  post(message: ToSandbox): void;
}

export class StagePeople {
  readonly #store: Store;
  readonly #frame: Framed;
  readonly #sights: Sights;
  readonly #layer: PointerLayer;
  readonly #movers: Movers;
  readonly #scrolling: GlideAlong;
  readonly #motion = matchMedia("(prefers-reduced-motion: reduce)");
  #places: Places = {};
  #spots: Spots = {};
  #look: Look = { local: {}, ranges: {} };
  #told = "null";
  #gone = "";
  #due = 0;

  constructor(store: Store, frame: Framed, over: HTMLElement, until: AbortSignal) {
    this.#store = store;
    this.#frame = frame;
    this.#sights = new Sights(store.client, (message) => frame.post(message), {
      onPoint: (point) => store.company.pointing.receive(point),
      onPlaces: (places) => this.#receivePlaces(places),
      onSpots: (spots) => this.#receiveSpots(spots),
      onLooked: (look) => this.#receiveLooked(look),
      onInput: (input) => this.#receiveInput(input),
    });
    this.#layer = new PointerLayer(over, () => this.#motion.matches, until);
    this.#movers = new Movers(store.client);
    this.#scrolling = new GlideAlong(frame.element);
    this.#listen(over.getRootNode(), until);
  }

  receiveReady(): void {
    this.#sights.receiveReady();
  }

  receive(message: FromSight): void {
    this.#sights.receive(message);
  }

  /** The mouse is outside the frame, which a browser may not have told it. */
  leave(): void {
    this.#store.company.pointing.clear();
  }

  #listen(root: Node, until: AbortSignal): void {
    const { client, people, company } = this.#store;
    const { following, wishes, pointing } = company;
    client.on((note) => {
      if (note.type === "people") this.#receivePeople();
      else if (note.type === "state") {
        this.#layer.mark(this.#movers.receive(note.keys, people.peek()), this.#places);
      }
    }, until);
    const options = { signal: until, capture: true, passive: true };
    // What scrolls inside of our shadow root is not told outside of it.
    for (const around of [window, root])
      around.addEventListener("scroll", () => this.#moved(), options);
    window.addEventListener("resize", () => this.#moved(), options);
    for (const type of ["wheel", "touchmove", "pointerdown", "keydown"])
      document.addEventListener(type, (event) => this.#interrupt(event), options);
    const hide = (): void => {
      if (document.visibilityState === "hidden") pointing.clear();
      this.#moved();
    };
    document.addEventListener("visibilitychange", hide, { signal: until });
    const ends = [
      following.followers.subscribe((followers) => this.#receiveFollowers(followers)),
      following.target.subscribe((target) => this.#receiveTarget(target)),
      wishes.others.subscribe(() => this.#receivePeople()),
      people.subscribe(() => this.#receivePeople()),
    ];
    const end = (): void => {
      for (const stop of ends) stop();
      cancelAnimationFrame(this.#due);
      this.#scrolling.stop();
      pointing.clear();
    };
    until.addEventListener("abort", end, { once: true });
  }

  #receivePlaces(places: Places): void {
    this.#places = places;
    this.#receivePeople();
    this.#moved();
  }

  #receiveSpots(spots: Spots): void {
    this.#spots = spots;
    this.#receivePeople();
  }

  #receivePeople(): void {
    const { client, people, company } = this.#store;
    const isShown = company.wishes.others.peek();
    const pointing = isShown ? pointingOf(client.people(), people.peek()) : [];
    this.#sights.locate(Object.fromEntries(pointing.map(({ peer, point }) => [peer, point])));
    this.#layer.show(pointersAt(pointing, this.#spots), performance.now());
    const target = company.following.target.peek();
    if (target !== null) this.#go(target);
  }

  // Others who follow us.

  #receiveFollowers(followers: readonly Shown[]): void {
    this.#sights.watch(followers.length > 0);
    this.#moved();
  }

  #receiveLooked(look: Look): void {
    this.#look = look;
    this.#moved();
  }

  /** Something of what we see may be elsewhere. */
  #moved(): void {
    if (this.#due === 0) this.#due = requestAnimationFrame(() => this.#tellView());
  }

  #tellView(): void {
    this.#due = 0;
    const { client, company } = this.#store;
    const isFollowed = company.following.followers.peek().length > 0;
    const view = isFollowed && document.visibilityState !== "hidden" ? this.#view() : null;
    const told = JSON.stringify(view);
    if (told === this.#told) return;
    this.#told = told;
    client.present({ view: view === null ? null : toldOf(view) });
  }

  /** Null when nothing of the widgets is in the window. */
  #view(): View | null {
    const { element } = this.#frame;
    const edges = edgesOf(scrollerOf(element));
    const { top, bottom } = element.getBoundingClientRect();
    const at = topAt(edges.top - top, this.#places);
    return bottom <= edges.top || top >= edges.bottom || at === null
      ? null
      : { ...at, ...this.#look };
  }

  // Others whom we follow.

  #receiveTarget(target: Shown | null): void {
    this.#gone = "";
    this.#sights.forget();
    if (target === null) this.#scrolling.stop();
    else this.#go(target);
  }

  #go(target: Shown): void {
    const people = new Map(this.#store.client.people().map((person) => [person.peer, person]));
    const views = target.peers.flatMap((peer) => {
      const person = people.get(peer);
      return (person && viewOf(person)) ?? [];
    });
    const [first] = views;
    if (first === undefined) return;
    const local = Object.assign({}, ...views.map((view) => view.local));
    const ranges = Object.assign({}, ...views.map((view) => view.ranges));
    this.#sights.show({ local, ranges });
    const pixels = pixelsTo(first, this.#places);
    const way = `${first.share} ${first.at} ${pixels}`;
    if (pixels === null || way === this.#gone) return;
    this.#gone = way;
    this.#scrolling.go(pixels, this.#motion.matches);
  }

  /** Our person does something of their own in the frame. */
  #receiveInput(input: Input): void {
    const { attendance, following } = this.#store.company;
    attendance.touch();
    if (input !== "move") following.stop();
  }

  /** Our person scrolls. That something has scrolled does not tell who did it; what hands do tells. */
  #interrupt(event: Event): void {
    const { following } = this.#store.company;
    if (following.target.peek() === null) return;
    const path = event.composedPath();
    const scroller = scrollerOf(this.#frame.element);
    const isAround = path.includes(scroller);
    if (event instanceof KeyboardEvent) {
      const isFree = path[0] === document.body || (isAround && !isWritten(path[0]));
      if (isFree && SCROLL_KEYS.has(event.key)) following.stop();
    } else if (event.type === "pointerdown") {
      if (path[0] === scroller) following.stop(); // its bar
    } else if (isAround) following.stop();
  }
}

/** Whether keys mean something to it by themselves. */
function isWritten(target: EventTarget | undefined): boolean {
  return (
    target instanceof Element &&
    target.closest("input, textarea, select, button, a, [contenteditable]") !== null
  );
}
