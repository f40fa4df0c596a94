/** Brings a part of a frame into view, whatever scrolls around it: the page, or a notebook. */

/** Pixels that stay free above and below. */
const MARGIN = 12;

export function reveal(frame: HTMLElement, top: number, height: number): void {
  const { parentElement: place, ownerDocument } = frame;
  if (place === null) return;
  // Nothing in the frame can be scrolled to from here, so something of its size is.
  const stand = ownerDocument.createElement("i");
  Object.assign(stand.style, {
    position: "absolute",
    insetInlineStart: "0",
    inlineSize: "1px",
    top: `${frame.offsetTop + top - MARGIN}px`,
    blockSize: `${height + 2 * MARGIN}px`,
    pointerEvents: "none",
  });
  place.append(stand);
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  stand.scrollIntoView({ block: "nearest", behavior: calm ? "auto" : "smooth" });
  stand.remove();
}
