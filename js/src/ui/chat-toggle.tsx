/** The button that opens a panel's chat, with what has not been read. */
import { Icon } from "./icons";
import type { Store } from "./store";
import { TEXTS } from "./texts";

export function Unread({ count }: { count: number }) {
  if (count === 0) return null;
  return (
    <span class="badge">
      <span aria-hidden="true">{count > 99 ? "99+" : count}</span>
      <span class="only-read">{TEXTS.unread(count)}</span>
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
      {!open && <Unread count={store.chat.value.unread} />}
    </button>
  );
}
