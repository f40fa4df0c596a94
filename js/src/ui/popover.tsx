/** A card in the browser's top layer, beside its button; where that is missing, in the flow. */
import type { ComponentChildren } from "preact";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";

const GAP = 8;

/** Puts the card below its anchor, or above when there is no room, and never outside the window. */
function place(card: HTMLElement, anchor: Element): void {
  const at = anchor.getBoundingClientRect();
  const { width, height } = card.getBoundingClientRect();
  const below = at.bottom + GAP + height <= window.innerHeight - GAP;
  const top = below ? at.bottom + GAP : Math.max(GAP, at.top - GAP - height);
  const rtl = getComputedStyle(card).direction === "rtl";
  const wished = rtl ? at.left : at.right - width;
  const left = Math.max(GAP, Math.min(wished, window.innerWidth - width - GAP));
  card.style.top = `${top}px`;
  card.style.left = `${left}px`;
}

interface PopoverProps {
  label: string;
  onClose(): void;
  children: ComponentChildren;
}

/**
 * Mounted while open. Escape, a click outside and the Tab key out of it close it; a click on its button is the button's.
 * That gets the focus back.
 */
export function Popover({ label, onClose, children }: PopoverProps) {
  const card = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const { current } = card;
    const anchor = current?.parentElement;
    if (!current || !anchor) return;
    if ("showPopover" in current) {
      current.showPopover();
      place(current, anchor);
    }
    const first = current.querySelector<HTMLElement>("[data-first]") ?? current;
    first.focus({ preventScroll: true });
    return () => {
      if (!current.matches(":focus-within")) return;
      anchor.querySelector("button")?.focus({ preventScroll: true });
    };
  }, []);
  useEffect(() => {
    const outside = (event: Event): void => {
      const around = card.current?.parentElement;
      if (around && !event.composedPath().includes(around)) onClose();
    };
    // Clicks into the widgets' frame are not seen here; they take the focus away from the window.
    document.addEventListener("pointerdown", outside, true);
    window.addEventListener("blur", onClose);
    return () => {
      document.removeEventListener("pointerdown", outside, true);
      window.removeEventListener("blur", onClose);
    };
  }, [onClose]);
  return (
    <div
      ref={card}
      class="popover"
      popover="manual"
      tabIndex={-1}
      role="dialog"
      aria-label={label}
      onKeyDown={(event) => event.key === "Escape" && onClose()}
      // Who goes on with the Tab key would go on below it.
      onFocusOut={({ currentTarget, relatedTarget }) => {
        const around = currentTarget.parentElement;
        if (relatedTarget instanceof Node && !around?.contains(relatedTarget)) onClose();
      }}
    >
      {children}
    </div>
  );
}
