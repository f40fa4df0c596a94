/** A search of the whole conversation: asked when the typing rests, and again when the line is back. */
import { useEffect, useRef, useState } from "preact/hooks";
import type { Found, LogEntry } from "../protocol/frames";
import type { Store } from "./store";

/** Milliseconds without a key before it is asked. Less asks for half words, more feels slow. */
const REST_MS = 200;

export interface Searching {
  query: string;
  write(query: string): void;
  /** The newest first. */
  entries: readonly LogEntry[];
  /** Whether they are the answer to what is asked now. */
  done: boolean;
  more: boolean;
  /** Asks for those that are older than the last one. */
  ask(): void;
}

interface Answer {
  query: string;
  entries: readonly LogEntry[];
  more: boolean;
}

const NONE: Answer = { query: "", entries: [], more: false };

export function useSearching(store: Store): Searching {
  const [query, setQuery] = useState("");
  const [answer, setAnswer] = useState<Answer>(NONE);
  const wanted = query.trim();
  const newestWanted = useRef(wanted);
  newestWanted.current = wanted;
  const isLive = store.status.value.phase === "live";
  useEffect(() => {
    const closing = new AbortController();
    const receive = (found: Found): void => {
      if (found.query !== newestWanted.current) return;
      setAnswer((before) => joined(before, found));
    };
    store.client.on((note) => note.type === "found" && receive(note.found), closing.signal);
    return () => closing.abort();
  }, [store]);
  useEffect(() => {
    if (wanted === "" || !isLive) return;
    const asking = setTimeout(() => store.client.speech.search(wanted, null), REST_MS);
    return () => clearTimeout(asking);
  }, [store, wanted, isLive]);
  const done = answer.query === wanted;
  const entries = wanted === "" ? [] : answer.entries;
  const ask = (): void => store.client.speech.search(wanted, entries.at(-1)?.at ?? null);
  return { query, write: setQuery, entries, done, more: done && answer.more, ask };
}

function joined(before: Answer, { query, entries, before: from, more }: Found): Answer {
  if (from === null) return { query, entries, more };
  if (before.query !== query || before.entries.at(-1)?.at !== from) return before;
  return { query, entries: [...before.entries, ...entries], more };
}
