/** The chat, or what stands in its place until its code has come. */
import { useEffect } from "preact/hooks";
import type { ChatDoor } from "./chat-door";
import type { Store } from "./store";
import { TEXTS } from "./texts";

export function ChatPlace({ door, store }: { door: ChatDoor; store: Store }) {
  useEffect(() => door.open(), [door]);
  const part = door.part.value;
  if (part !== null) return <part.Chat store={store} />;
  return (
    <section class="chat" aria-label={TEXTS.chat} aria-busy={!door.failed.value}>
      <div class="empty small">
        {door.failed.value ? (
          <>
            <p>{TEXTS.chatMissing}</p>
            <button type="button" class="link-button" onClick={() => door.open()}>
              {TEXTS.tryAgain}
            </button>
          </>
        ) : (
          <p>{TEXTS.chatLoading}</p>
        )}
      </div>
    </section>
  );
}
