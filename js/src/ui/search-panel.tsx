/** Search over the whole conversation, in the place of its list. */
import { useEffect, useRef } from "preact/hooks";
import type { LogEntry } from "../protocol/frames";
import { dayAndTime, exactTime } from "./days";
import { partsOf } from "./found";
import { gistOf } from "./gist";
import { useSearching } from "./searching";
import type { Store } from "./store";
import { TEXTS } from "./texts";

export function SearchPanel({ store, onClose }: { store: Store; onClose(): void }) {
  const field = useRef<HTMLInputElement>(null);
  const searching = useSearching(store);
  const { query, entries, done, more } = searching;
  useEffect(() => field.current?.focus(), []);
  const show = ({ at }: LogEntry): void => {
    onClose();
    store.talk.jump.value = at;
  };
  const asked = query.trim() !== "";
  return (
    <search
      class="search"
      onKeyDown={(event) => {
        if (event.key !== "Escape") return;
        event.stopPropagation();
        onClose();
      }}
    >
      <input
        ref={field}
        type="search"
        class="field"
        aria-label={TEXTS.search}
        placeholder={TEXTS.search}
        maxLength={200}
        autocomplete="off"
        value={query}
        onInput={({ currentTarget }) => searching.write(currentTarget.value)}
      />
      <p class="search-state" role="status">
        {asked && stateOf(store, entries.length, done, more)}
      </p>
      <ul class="search-results">
        {entries.map((entry) => (
          <li key={entry.at}>
            <Hit entry={entry} query={query} onShow={() => show(entry)} />
          </li>
        ))}
        {more && (
          <li>
            <button type="button" class="link-button older" onClick={() => searching.ask()}>
              {TEXTS.moreFound}
            </button>
          </li>
        )}
      </ul>
    </search>
  );
}

function stateOf(store: Store, count: number, done: boolean, more: boolean): string {
  if (!done) return store.status.value.phase === "live" ? TEXTS.searching : TEXTS.searchAway;
  if (count === 0) return TEXTS.nothingFound;
  return more ? TEXTS.foundMore(count) : TEXTS.found(count);
}

function Hit({ entry, query, onShow }: { entry: LogEntry; query: string; onShow(): void }) {
  const { body, name, time } = entry;
  const text = "text" in body && body.text !== "" ? body.text : gistOf(body);
  return (
    <button type="button" class="hit" onClick={onShow}>
      <span class="hit-head">
        <bdi class="message-name">{name}</bdi>
        <time dateTime={new Date(time * 1000).toISOString()} title={exactTime(time * 1000)}>
          {dayAndTime(time * 1000)}
        </time>
      </span>
      <bdi class="hit-text">
        {partsOf(text, query).map(({ text: part, hit }, at) =>
          hit ? <mark key={at}>{part}</mark> : part,
        )}
      </bdi>
    </button>
  );
}
