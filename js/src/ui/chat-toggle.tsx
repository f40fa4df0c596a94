/** The button that opens a panel's chat, with what has not been read. */
import { Icon } from "./icons";
import type { Conversation, Store } from "./store";
import { TEXTS } from "./texts";

/** How many messages are new, with an `@` if one of them is for us. */
export function Unread({ conversation }: { conversation: Conversation }) {
  const { unread, calls } = conversation;
  if (unread === 0) return null;
  const count = unread > 99 ? "99+" : unread;
  const words = calls > 0 ? [TEXTS.unread(unread), TEXTS.calls(calls)] : [TEXTS.unread(unread)];
  return (
    <span class="badge">
      <span aria-hidden="true">
        {count}
        {calls > 0 && " @"}
      </span>
      <span class="only-read">{words.join(TEXTS.separator)}</span>
    </span>
  );
}

interface ChatToggleProps {
  store: Store;
  open: boolean;
  onToggle(): void;
}

export function ChatToggle({ store, open, onToggle }: ChatToggleProps) {
  return (
    <button
      type="button"
      class="button icon-only chat-toggle"
      aria-pressed={open}
      aria-label={open ? TEXTS.closeChat : TEXTS.openChat}
      title={TEXTS.chat}
      onClick={onToggle}
    >
      <Icon name="chat" />
      {!open && <Unread conversation={store.chat.value} />}
    </button>
  );
}
