/** What of the conversation has been read. */
import { useEffect, useRef, useState } from "preact/hooks";
import type { Conversation, Store } from "./store";
import { firstUnread } from "./thread";

/** Marks what is new as read once it is seen, and tells where the new lines begin for who was away. */
export function useReading(
  store: Store,
  conversation: Conversation,
): [fresh: number, clear: () => void] {
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
      if (unread > 0) store.client.speech.markRead();
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
