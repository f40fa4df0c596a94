/** Where messages are written. Enter sends, Shift+Enter begins a new line. */
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { Icon } from "./icons";
import { MomentDraft } from "./moment-card";
import type { Store } from "./store";
import { TEXTS } from "./texts";

/** What one log entry holds. */
const LONGEST = 8000;

export function Composer({ store, onSent }: { store: Store; onSent(): void }) {
  const field = useRef<HTMLTextAreaElement>(null);
  const draft = store.draft.value;
  const moment = store.moments.attached.value;
  useLayoutEffect(() => {
    const { current } = field;
    if (current === null) return;
    // Measured empty first, so that the field also becomes smaller again.
    current.style.blockSize = "0";
    current.style.blockSize = draft === "" ? "" : `${current.scrollHeight + 2}px`;
  }, [draft]);
  useEffect(() => {
    // Whoever has a keyboard on the screen wants to see the picture first.
    if (moment !== null && !matchMedia("(pointer: coarse)").matches) field.current?.focus();
  }, [moment]);
  const send = (): void => {
    const text = store.draft.value.trim();
    const attached = store.moments.attached.value;
    if (text === "" && attached === null) return;
    store.draft.value = ""; // before the request: what is typed meanwhile stays
    store.moments.detach();
    store.client.post(text, attached);
    onSent();
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    // During composition (Japanese, Chinese), Enter chooses a word.
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    send();
  };
  return (
    <form
      class="composer"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      {moment !== null && <MomentDraft store={store} moment={moment} />}
      <textarea
        ref={field}
        class="field"
        rows={1}
        maxLength={LONGEST}
        aria-label={TEXTS.messageLabel}
        placeholder={moment === null ? TEXTS.messageHint : TEXTS.momentHint}
        value={draft}
        onInput={(event) => {
          store.draft.value = event.currentTarget.value;
        }}
        onKeyDown={onKeyDown}
      />
      <button
        type="submit"
        class="icon-button send"
        aria-label={TEXTS.send}
        title={TEXTS.send}
        disabled={draft.trim() === "" && moment === null}
        // The keyboard of a phone stays open.
        onPointerDown={(event) => event.preventDefault()}
      >
        <Icon name="send" />
      </button>
    </form>
  );
}
