/** What of the widgets is at the top of the window, in a way that holds in windows of other sizes (P8). */
import type { Places } from "../host/sight";

export interface Top {
  share: string;
  /** The fraction of the share that has gone over the top. */
  at: number;
}

/** Pixels that stay free above a share that begins at the top. */
const MARGIN = 24;

/** What is `top` pixels down in the frame; null if that is below everything. */
export function topAt(top: number, places: Places): Top | null {
  const below = Object.entries(places)
    .filter(([, place]) => place.height > 0 && place.top + place.height > top)
    .sort(([, a], [, b]) => a.top - b.top);
  const [first] = below;
  if (first === undefined) return null;
  const [share, place] = first;
  const at = Math.max(0, (top - place.top) / place.height);
  return { share, at: Math.round(at * 10_000) / 10_000 };
}

/** How many pixels down in the frame that is here; null if the share is not here. */
export function pixelsTo({ share, at }: Top, places: Places): number | null {
  const place = Object.hasOwn(places, share) ? places[share] : undefined;
  if (place === undefined) return null;
  return at === 0 ? place.top - MARGIN : place.top + at * place.height;
}

/** What scrolls around an element; the document, if nothing nearer does. */
export function scrollerOf(element: Element): Element {
  for (let at = around(element); at !== null; at = around(at)) {
    const { overflowY } = getComputedStyle(at);
    const scrolls = overflowY === "auto" || overflowY === "scroll";
    if (scrolls && at.scrollHeight > at.clientHeight + 1) return at;
  }
  return element.ownerDocument.scrollingElement ?? element.ownerDocument.documentElement;
}

/** The upper edge of what a scroller shows, and the lower one, in the window. */
export function edgesOf(scroller: Element): { top: number; bottom: number } {
  const isDocument = scroller === scroller.ownerDocument.scrollingElement;
  if (isDocument) return { top: 0, bottom: window.innerHeight };
  const { top, bottom } = scroller.getBoundingClientRect();
  return { top: Math.max(0, top), bottom: Math.min(window.innerHeight, bottom) };
}

function around(element: Element): Element | null {
  if (element.parentElement !== null) return element.parentElement;
  const root = element.getRootNode();
  return root instanceof ShadowRoot ? root.host : null;
}
