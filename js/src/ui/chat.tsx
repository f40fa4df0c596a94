/** The conversation: history above, newest below, and a place to write. */
import { useRef, useState } from "preact/hooks";
import { Composer } from "./composer";
import { Icon } from "./icons";
import { Message } from "./message";
import { useReading } from "./reading";
import { type ReadingPlace, useReadingPlace } from "./reading-place";
import { passOver, useRoving } from "./roving";
import { SearchPanel } from "./search-panel";
import type { Conversation, Store } from "./store";
import { TEXTS } from "./texts";
import { arrange } from "./thread";
import { TypingLine } from "./typing-line";

export function Chat({ store }: { store: Store }) {
  const conversation = store.chat.value;
  const [fresh, clearFresh] = useReading(store, conversation);
  const place = useReadingPlace(store, conversation);
  const [searching, setSearching] = useState(false);
  const searchButton = useRef<HTMLButtonElement>(null);
  const { atEnd, toEnd } = place;
  const behind = useBehind(conversation, atEnd);
  const closeSearch = (): void => {
    setSearching(false);
    searchButton.current?.focus();
  };
  return (
    <section class="chat" aria-label={TEXTS.chat} onKeyDown={passOver}>
      <header class="chat-head">
        <h2 class="side-title">{TEXTS.chat}</h2>
        <button
          ref={searchButton}
          type="button"
          class="icon-button"
          aria-label={searching ? TEXTS.closeSearch : TEXTS.search}
          title={searching ? TEXTS.closeSearch : TEXTS.search}
          onClick={() => setSearching(!searching)}
        >
          <Icon name={searching ? "close" : "search"} />
        </button>
      </header>
      <div class="chat-middle">
        <div class="chat-past" inert={searching}>
          <List store={store} conversation={conversation} place={place} fresh={fresh} />
        </div>
        {searching && <SearchPanel store={store} onClose={closeSearch} />}
        {!atEnd && !searching && (
          <button type="button" class="to-end" data-news={behind > 0} onClick={toEnd}>
            <Icon name="down" />
            {behind > 0 ? TEXTS.unread(behind) : TEXTS.toNewest}
          </button>
        )}
      </div>
      <p class="only-read" aria-live="polite">
        {store.talk.voice}
      </p>
      <TypingLine store={store} />
      <Composer
        store={store}
        onSent={() => {
          clearFresh();
          toEnd();
        }}
      />
    </section>
  );
}

interface ListProps {
  store: Store;
  conversation: Conversation;
  place: ReadingPlace;
  fresh: number;
}

function List({ store, conversation, place, fresh }: ListProps) {
  const { lines, older } = conversation;
  const { from, to, flash } = place;
  const { phase } = store.status.value;
  const composerOf = place.list.current?.closest(".chat")?.querySelector("textarea");
  const roving = useRoving(() => composerOf?.focus());
  // With the line before them, which tells whose run and day the first one goes on.
  const rows = arrange(lines.slice(Math.max(0, from - 1), to), fresh).slice(from > 0 ? 1 : 0);
  const last = rows.at(-1)?.line.id ?? 0;
  const isShown = rows.some(({ line }) => line.id === roving.current);
  const current = isShown ? roving.current : last;
  return (
    <div
      ref={place.list}
      class="chat-list"
      role="log"
      aria-label={TEXTS.messages}
      // What comes is read out by the line below: here, whatever is scrolled into the document would be.
      aria-live="off"
      onScroll={place.onScroll}
      {...roving.listeners}
    >
      <div ref={place.rows} class="chat-rows">
        {older && from === 0 && (
          <button
            type="button"
            class="link-button older"
            onClick={() => store.client.speech.pageBack()}
          >
            {TEXTS.showEarlier}
          </button>
        )}
        {lines.length === 0 && <ChatEmpty />}
        {rows.map(({ line, ...row }) => (
          <Message
            key={line.id}
            store={store}
            line={line}
            {...row}
            active={line.id === roving.active}
            current={line.id === current}
            flash={line.id === flash}
            phase={line.state === "sent" ? "live" : phase}
          />
        ))}
      </div>
    </div>
  );
}

/** How many of others have come since the reader left the end. */
function useBehind({ lines }: Conversation, atEnd: boolean): number {
  const seen = useRef(0);
  if (atEnd) seen.current = lines.findLast(({ id }) => id > 0)?.id ?? 0;
  let count = 0;
  for (let at = lines.length - 1; at >= 0; at -= 1) {
    const line = lines[at];
    if (line === undefined || (line.id > 0 && line.id <= seen.current)) break;
    if (!line.mine) count += 1;
  }
  return count;
}

function ChatEmpty() {
  return (
    <div class="empty small">
      <Icon name="chat" />
      <strong>{TEXTS.chatEmptyTitle}</strong>
      <p>{TEXTS.chatEmptyText}</p>
    </div>
  );
}
