/** Which message the keyboard, the pointer or a finger is at. */
import { useRef, useState } from "preact/hooks";

export interface Roving {
  /** Its line; 0 for none. */
  active: number;
  /** Where the Tab key comes to; 0 for the last one. */
  current: number;
  /** Listeners for the list. */
  listeners: {
    onPointerOver(event: PointerEvent): void;
    onPointerMove(event: PointerEvent): void;
    onPointerLeave(): void;
    onPointerDown(event: PointerEvent): void;
    onPointerCancel(): void;
    onFocusIn(event: FocusEvent): void;
    onFocusOut(event: FocusEvent): void;
    onClick(event: MouseEvent): void;
    onKeyDown(event: KeyboardEvent): void;
  };
}

/** Arrow keys go from one message to the next, Escape calls `leave`. */
export function useRoving(leave: () => void): Roving {
  const [focused, setFocused] = useState(0);
  const [hovered, setHovered] = useState(0);
  const [current, setCurrent] = useState(0);
  const focusLeads = useRef(false);
  const isTapping = useRef(false);
  const onPointer = (event: PointerEvent): void => {
    // A finger does not hover; and a card that is open belongs to its message.
    if (event.pointerType === "touch" || hasCard(event)) return;
    // Where the focus has come last, a pointer has to move: the list scrolls below one that rests.
    if (event.type === "pointermove") focusLeads.current = false;
    if (!focusLeads.current) setHovered(idAt(event.target));
  };
  const onFocusIn = (event: FocusEvent): void => {
    const id = idAt(event.target);
    focusLeads.current = true;
    setHovered(0);
    // What is shown moves what is above it: before the click, the finger would be on something else.
    if (!isTapping.current) setFocused(id);
    if (id !== 0) setCurrent(id);
  };
  const onFocusOut = (event: FocusEvent): void => {
    const { currentTarget, relatedTarget } = event;
    const inside = currentTarget instanceof Node && currentTarget.contains(asNode(relatedTarget));
    if (!inside) setFocused(0);
  };
  const onClick = (event: MouseEvent): void => {
    // Not every browser gives the focus to what a finger has touched.
    const row = rowAt(event.target);
    if (isTapping.current) setFocused(idAt(event.target));
    isTapping.current = false;
    if (
      row !== null &&
      !isIn(event.target, "a, button, input, [role=group]") &&
      document.getSelection()?.isCollapsed !== false
    ) {
      row.focus({ preventScroll: true });
    }
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const row = rowAt(event.target);
    // A card that closes gives the focus back to its message; a second Escape leaves that.
    if (event.key === "Escape") isIn(event.target, ".popover") ? row?.focus() : leave();
    const next = row !== null && nextFor(event, row);
    if (!next) return;
    event.preventDefault();
    next.focus();
  };
  return {
    active: hovered || focused,
    current,
    listeners: {
      onPointerOver: onPointer,
      onPointerMove: onPointer,
      onPointerLeave: () => setHovered(0),
      onPointerDown: ({ pointerType }) => {
        isTapping.current = pointerType === "touch";
      },
      onPointerCancel: () => {
        isTapping.current = false; // it scrolls
      },
      onFocusIn,
      onFocusOut,
      onClick,
      onKeyDown,
    },
  };
}

/**
 * Listens on what is around the list: the Tab key goes through what is in one message, not through every link and photo
 * of the conversation. The others are passed over while the browser looks for what comes next.
 */
export function passOver(event: KeyboardEvent): void {
  const { currentTarget, key } = event;
  if (key !== "Tab" || !(currentTarget instanceof Element)) return;
  const rows = [...currentTarget.querySelectorAll<HTMLElement>("[data-id]:not([tabindex='0'])")];
  for (const row of rows) row.inert = true;
  setTimeout(() => {
    for (const row of rows) row.inert = false;
  });
}

function asNode(target: EventTarget | null): Node | null {
  return target instanceof Node ? target : null;
}

function rowAt(target: EventTarget | null): HTMLElement | null {
  return target instanceof Element ? target.closest<HTMLElement>("[data-id]") : null;
}

function idAt(target: EventTarget | null): number {
  return Number(rowAt(target)?.dataset.id ?? 0);
}

function isIn(target: EventTarget | null, selector: string): boolean {
  return target instanceof Element && target.closest(selector) !== null;
}

function hasCard({ currentTarget }: Event): boolean {
  return currentTarget instanceof Element && currentTarget.querySelector(".popover") !== null;
}

/** From message to message, and from tool to tool of one. */
function nextFor({ key, target }: KeyboardEvent, row: HTMLElement): HTMLElement | undefined {
  if (target === row) {
    const rows = [...(row.parentElement?.querySelectorAll<HTMLElement>("[data-id]") ?? [])];
    const at = rows.indexOf(row);
    const last = rows.length - 1;
    return rows[{ ArrowUp: at - 1, ArrowDown: at + 1, Home: 0, End: last }[key] ?? -1];
  }
  const tools = [...row.querySelectorAll<HTMLElement>(".tools .icon-button")];
  const at = target instanceof HTMLElement ? tools.indexOf(target) : -1;
  return at < 0 ? undefined : tools[{ ArrowLeft: at - 1, ArrowRight: at + 1 }[key] ?? -1];
}
