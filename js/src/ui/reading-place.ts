/**
 * Where the reader of a long conversation is. A part of it is in the document; at both ends more is put in before
 * the reader gets there, and what they look at stays where it is, whatever becomes higher above it.
 */
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { around, boundsOf, earlier, held, later, newest, type Span } from "./span";
import type { Conversation, Store } from "./store";
import { TEXTS } from "./texts";
import { lineOf } from "./thread";

/** Pixels from the end that still count as being there. */
const NEAR = 48;
/** Pixels from an end at which more is put in: about a screen, so that nobody waits at it. */
const REACH = 800;
/** Entries that are asked for at once on the way to an old message: the most that a page admits. */
const STRIDE = 200;
/** Milliseconds that a message is marked to which somebody has jumped. */
const FLASH_MS = 2400;

/** The end, or a row and where it is below the list's top when so much is scrolled. */
interface Place {
  atEnd: boolean;
  id: number;
  top: number;
  scrolled: number;
}

type Lines = Pick<Conversation, "lines" | "older">;

export interface ReadingPlace {
  /** Give these to the list, and to what holds its rows. */
  list: { current: HTMLDivElement | null };
  rows: { current: HTMLDivElement | null };
  onScroll(): void;
  /** The lines from `from` up to `to` belong into the document. */
  from: number;
  to: number;
  atEnd: boolean;
  toEnd(): void;
  /** The line that was jumped to, for a short time; else 0. */
  flash: number;
}

export function useReadingPlace(store: Store, { lines, older }: Lines): ReadingPlace {
  const list = useRef<HTMLDivElement>(null);
  const rows = useRef<HTMLDivElement>(null);
  const [span, setSpan] = useState<Span>(() => newest(lines));
  const [atEnd, setAtEnd] = useState(true);
  const [flash, setFlash] = useFlash();
  const place = useRef<Place>({ atEnd: true, id: 0, top: 0, scrolled: 0 });
  const goal = useRef(0);
  const [from, to] = boundsOf(lines, span);

  /** Nothing is drawn anew for a scroll that needs no other rows. */
  const go = (next: Span): void => {
    if (next.first !== span.first || next.last !== span.last) setSpan(next);
  };
  const look = (): void => {
    const { current } = list;
    if (current === null) return;
    const below = current.scrollHeight - current.scrollTop - current.clientHeight;
    const nowAtEnd = to === lines.length && below < NEAR;
    place.current = { atEnd: nowAtEnd, ...firstVisible(current, rows.current) };
    setAtEnd(nowAtEnd);
    const nearTop = current.scrollTop < REACH;
    if (nearTop && from > 0) go(earlier(lines, span));
    else if (below < REACH && to < lines.length) go(later(lines, span));
    else go(nowAtEnd ? { ...span, last: Number.POSITIVE_INFINITY } : held(lines, span));
    if (nearTop && from === 0 && older) store.client.speech.pageBack(); // on its way, it is not asked for again
  };
  const keep = (): void => {
    const { current } = list;
    if (current === null || from === to) return; // how high an empty list is costs a layout to know
    const row = goal.current === 0 ? null : rowOf(rows.current, goal.current);
    if (row !== null) {
      goal.current = 0;
      center(current, row);
      row.focus({ preventScroll: true });
      look();
    } else if (place.current.atEnd) current.scrollTop = current.scrollHeight;
    else stayAt(current, rowOf(rows.current, place.current.id), place.current);
  };
  useLayoutEffect(keep);
  // Whoever waits at the top for what is further back scrolls no more: nothing else would draw it when it comes.
  useLayoutEffect(() => {
    const { clientHeight = 0, scrollTop = 0 } = list.current ?? {};
    const waits = !place.current.atEnd && clientHeight > 0 && scrollTop < REACH;
    if (waits && from > 0) go(earlier(lines, span));
  }, [lines]);
  useSizes(list, rows, keep);
  useJump(store, { lines, older }, (id) => {
    goal.current = id;
    place.current.atEnd = false;
    setSpan(around(lines, id));
    setFlash(id);
  });
  const toEnd = (): void => {
    place.current.atEnd = true;
    setAtEnd(true);
    setSpan(newest(lines));
    keep();
  };
  return { list, rows, onScroll: look, from, to, atEnd, toEnd, flash };
}

/** A line that is marked for a short time. */
function useFlash(): [id: number, set: (id: number) => void] {
  const [flash, setFlash] = useState(0);
  useEffect(() => {
    if (flash === 0) return;
    const ending = setTimeout(() => setFlash(0), FLASH_MS);
    return () => clearTimeout(ending);
  }, [flash]);
  return [flash, setFlash];
}

type Element = { current: HTMLElement | null };

/** Calls `keep` when one of these gets another size: pictures come in, the chat is shown, a keyboard opens. */
function useSizes(list: Element, rows: Element, keep: () => void): void {
  const newestKeep = useRef(keep);
  newestKeep.current = keep;
  useEffect(() => {
    const sizes = new ResizeObserver(() => newestKeep.current());
    for (const { current } of [list, rows]) if (current !== null) sizes.observe(current);
    return () => sizes.disconnect();
  }, [list, rows]);
}

/** Brings a message that somebody wants to see, page by page if it is not here, and then `goes` there. */
function useJump(store: Store, { lines, older }: Lines, goes: (id: number) => void): void {
  const { jump } = store.talk;
  const wanted = jump.value;
  const { phase } = store.status.value;
  // With each page, and with each line to the relay.
  useEffect(() => {
    if (wanted === 0) return;
    const isHere = lineOf(lines, wanted) !== null;
    if (!isHere && older && (lines[0]?.id ?? wanted + 1) > wanted) {
      store.client.speech.pageBack(STRIDE);
      return;
    }
    jump.value = 0;
    if (isHere) goes(wanted);
    else store.toasts.show("plain", TEXTS.messageGone);
  }, [wanted, lines, older, phase]);
}

function rowOf(rows: HTMLElement | null, id: number): HTMLElement | null {
  return rows?.querySelector<HTMLElement>(`[data-id="${id}"]`) ?? null;
}

/**
 * The first row that is to be seen, and where it is. Rows are in order, so a few of them are measured. Not the very
 * first one: when others come before it, it loses its head and its day, and those below it would move.
 */
function firstVisible(list: HTMLElement, rows: HTMLElement | null): Omit<Place, "atEnd"> {
  const all = rows?.querySelectorAll<HTMLElement>("[data-id]") ?? [];
  const { top } = list.getBoundingClientRect();
  let [low, high] = [Math.min(1, all.length - 1), all.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((all[middle]?.getBoundingClientRect().bottom ?? 0) > top) high = middle;
    else low = middle + 1;
  }
  const row = all[low];
  const scrolled = list.scrollTop;
  if (row === undefined) return { id: 0, top: 0, scrolled };
  return { id: Number(row.dataset.id), top: row.getBoundingClientRect().top - top, scrolled };
}

/** Undoes what moved a row, but for what the reader has scrolled: the event that tells of it may be on its way. */
function stayAt(list: HTMLElement, row: HTMLElement | null, place: Place): void {
  if (row === null) return;
  const top = row.getBoundingClientRect().top - list.getBoundingClientRect().top;
  const wished = place.top + place.scrolled - list.scrollTop;
  if (Math.abs(top - wished) >= 1) list.scrollTop += top - wished;
  place.top = wished;
  place.scrolled = list.scrollTop;
}

/** In the middle; the top third for what is higher than the list. */
function center(list: HTMLElement, row: HTMLElement): void {
  const [at, box] = [list.getBoundingClientRect(), row.getBoundingClientRect()];
  const free = Math.max(0, at.height - box.height) / 2;
  list.scrollTop += box.top - at.top - Math.min(free, at.height / 3);
}
