/** What the message being written is about: the one it answers or changes. And whether it is too long. */
import { LONGEST } from "./draft";
import { Icon } from "./icons";
import { QuoteWords, useQuoted } from "./message-quote";
import type { Store } from "./store";
import { TEXTS } from "./texts";

export function ComposerNote({ store }: { store: Store }) {
  const { draft } = store.talk;
  const { reply, editing } = draft.written.value;
  const about = editing || reply;
  if (about === 0) return null;
  const leave = editing === 0 ? TEXTS.leaveReply : TEXTS.leaveEdit;
  return (
    <div class="composer-note">
      <Icon name={editing === 0 ? "reply" : "edit"} />
      <span class="composer-note-words">
        {editing === 0 ? <Answered store={store} reply={reply} /> : TEXTS.editing}
      </span>
      <button
        type="button"
        class="icon-button"
        aria-label={leave}
        title={leave}
        onClick={() => draft.leave()}
      >
        <Icon name="close" />
      </button>
    </div>
  );
}

function Answered({ store, reply }: { store: Store; reply: number }) {
  return <QuoteWords line={useQuoted(store, reply)} />;
}

/** Said before it is sent, not after the room has refused it. */
export function TooLong({ excess }: { excess: number }) {
  return (
    <p class="too-long" role="status">
      {excess > 0 && TEXTS.tooLong(excess, LONGEST)}
    </p>
  );
}
