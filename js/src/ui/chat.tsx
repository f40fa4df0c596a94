/** The conversation: history above, newest below, and a place to write. */
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import { Composer } from "./composer";
import { Icon } from "./icons";
import { Message } from "./message";
import type { Conversation, Store } from "./store";
import { TEXTS } from "./texts";
import { arrange, firstUnread } from "./thread";

/** Pixels from an end of the list that still count as being there. */
const NEAR = 48;
/** Milliseconds before new lines are read out: history that arrives first is not news. */
const QUIET_MS = 1500;

/** Marks what is new as read once it is seen, and tells where the new lines begin for who was away. */
function useReading(store: Store, conversation: Conversation): [fresh: number, clear: () => void] {
  const [fresh, setFresh] = useState(0);
  const away = useRef(true); // until now the chat was closed
  const { unread, lines } = conversation;
  useEffect(() => {
    const read = (): void => {
      if (document.visibilityState !== "visible" || !document.hasFocus()) {
        away.current = true;
        return;
      }
      if (away.current && unread > 0) setFresh(firstUnread(lines, unread));
      away.current = false;
      if (unread > 0) store.client.markRead();
    };
    read();
    const looks = ["focus", "blur"] as const;
    for (const name of looks) window.addEventListener(name, read);
    document.addEventListener("visibilitychange", read);
    return () => {
      for (const name of looks) window.removeEventListener(name, read);
      document.removeEventListener("visibilitychange", read);
    };
  }, [store, unread, lines]);
  return [fresh, () => setFresh(0)];
}

/** Silent at first, and while earlier messages are put in above. */
function useVoice(lines: Conversation["lines"]): "off" | "polite" {
  const [voice, setVoice] = useState<"off" | "polite">("off");
  const firstId = lines[0]?.id ?? 0;
  useEffect(() => {
    setVoice("off");
    const quiet = setTimeout(() => setVoice("polite"), QUIET_MS);
    return () => clearTimeout(quiet);
  }, [firstId]); // another first line: earlier history has come
  return voice;
}

/** Stays at the newest message, or where the reader is, also when earlier ones come in above. */
function useScrolling(lines: Conversation["lines"]) {
  const list = useRef<HTMLDivElement>(null);
  const [behind, setBehind] = useState(false);
  const place = useRef({ bottom: true, fromEnd: 0, firstId: 0 });
  const toEnd = (): void => {
    const { current } = list;
    place.current.bottom = true;
    setBehind(false);
    if (current !== null) current.scrollTop = current.scrollHeight;
  };
  useLayoutEffect(() => {
    const { current } = list;
    if (current === null) return;
    const firstId = lines[0]?.id ?? 0;
    if (place.current.bottom) current.scrollTop = current.scrollHeight;
    else if (firstId !== place.current.firstId) {
      current.scrollTop = current.scrollHeight - place.current.fromEnd;
    } else setBehind(true);
    place.current.firstId = firstId;
    place.current.fromEnd = current.scrollHeight - current.scrollTop;
  }, [lines]);
  useEffect(() => {
    const { current } = list;
    if (current === null) return;
    // The list becomes higher when the chat is shown, and smaller when a phone's keyboard opens.
    const sizes = new ResizeObserver(() => {
      if (place.current.bottom) current.scrollTop = current.scrollHeight;
    });
    sizes.observe(current);
    return () => sizes.disconnect();
  }, []);
  const onScroll = (): void => {
    const { current } = list;
    if (current === null) return;
    const fromEnd = current.scrollHeight - current.scrollTop;
    const bottom = fromEnd - current.clientHeight < NEAR;
    place.current = { ...place.current, bottom, fromEnd };
    if (bottom) setBehind(false);
  };
  return { list, behind, toEnd, onScroll };
}

export function Chat({ store }: { store: Store }) {
  const conversation = store.chat.value;
  const { lines, older } = conversation;
  const { phase } = store.status.value;
  const [fresh, clearFresh] = useReading(store, conversation);
  const voice = useVoice(lines);
  const { list, behind, toEnd, onScroll } = useScrolling(lines);
  const rows = useMemo(() => arrange(lines, fresh), [lines, fresh]);
  const pagedFrom = useRef(0);
  const onScrolled = (): void => {
    onScroll();
    const firstId = lines[0]?.id ?? 0;
    const atTop = list.current !== null && list.current.scrollTop < NEAR;
    if (!older || !atTop || pagedFrom.current === firstId) return;
    pagedFrom.current = firstId; // asked for once, however much is scrolled meanwhile
    store.client.pageBack();
  };
  return (
    <section class="chat" aria-label={TEXTS.chat}>
      <div
        ref={list}
        class="chat-list"
        role="log"
        aria-label={TEXTS.chat}
        aria-live={voice}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a list that scrolls has to be reachable
        tabIndex={0}
        onScroll={onScrolled}
      >
        {older && (
          <button type="button" class="link-button older" onClick={() => store.client.pageBack()}>
            {TEXTS.showEarlier}
          </button>
        )}
        {lines.length === 0 && <ChatEmpty />}
        {rows.map((row) => (
          <Message key={row.line.id} store={store} row={row} phase={phase} />
        ))}
      </div>
      {behind && (
        <button type="button" class="to-end" onClick={toEnd}>
          <Icon name="down" />
          {TEXTS.newMessages}
        </button>
      )}
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

function ChatEmpty() {
  return (
    <div class="empty small">
      <Icon name="chat" />
      <strong>{TEXTS.chatEmptyTitle}</strong>
      <p>{TEXTS.chatEmptyText}</p>
    </div>
  );
}
