/** Where messages are written. Enter sends, Shift+Enter begins a new line, ↑ in an empty field edits the last one. */
import { useEffect, useId, useLayoutEffect, useRef } from "preact/hooks";
import type { Body } from "../protocol/frames";
import { AttachButtons, Attachments } from "./attachments";
import { useCalling } from "./calling";
import { CallingList } from "./calling-list";
import { ComposerNote, TooLong } from "./composer-note";
import type { Written } from "./draft";
import { Icon } from "./icons";
import { canEdit } from "./message-tools";
import { MomentDraft } from "./moment-card";
import { SnapshotDraft } from "./snapshot-card";
import type { Store } from "./store";
import { TEXTS } from "./texts";

export function Composer({ store, onSent }: { store: Store; onSent(): void }) {
  const field = useRef<HTMLTextAreaElement>(null);
  const listId = useId();
  const { draft, ownTyping } = store.talk;
  const { text, reply, editing } = draft.written.value;
  const moment = editing === 0 ? store.moments.attached.value : null;
  const shot = editing === 0 ? store.snapshots.attached.value : null;
  const excess = draft.excess;
  const calling = useCalling(store);
  useHeight(field, text);
  useEffect(() => {
    // Whoever has a keyboard on the screen wants to see the picture first.
    const attached = moment ?? shot;
    if (attached !== null && !matchMedia("(pointer: coarse)").matches) field.current?.focus();
  }, [moment, shot]);
  useEffect(() => {
    if (reply !== 0 || editing !== 0) focusAtEnd(field.current);
  }, [reply, editing]);
  const photos = editing === 0 && store.photos.ready;
  const empty = text.trim() === "" && moment === null && shot === null && !photos;
  const send = (): void => {
    if (empty || excess > 0) return;
    ownTyping.stop();
    const written = draft.take(); // before the request: what is typed meanwhile stays
    sendWritten(store, written);
    store.talk.say(saidOf(store, editing));
    if (editing === 0) onSent();
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (field.current === null || calling.takesKey(event, field.current)) return;
    const plain = !event.shiftKey && !event.ctrlKey && !event.altKey && !event.metaKey;
    if (event.key === "Escape") draft.leave();
    else if (event.key === "ArrowUp" && plain && text === "") editLast(store, event);
    // During composition (Japanese, Chinese), Enter chooses a word.
    else if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      send();
    }
  };
  return (
    <form
      class="composer"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <CallingList
        id={listId}
        people={calling.people}
        at={calling.at}
        onChoose={(person) => field.current !== null && calling.choose(person, field.current)}
      />
      <ComposerNote store={store} />
      {moment !== null && <MomentDraft store={store} moment={moment} />}
      {shot !== null && <SnapshotDraft store={store} shot={shot} />}
      <Attachments store={store} />
      <TooLong excess={excess} />
      <div class="composer-line">
        <AttachButtons store={store} />
        <textarea
          ref={field}
          class="field"
          rows={1}
          aria-label={TEXTS.messageLabel}
          aria-autocomplete="list"
          aria-controls={calling.people.length > 0 ? listId : undefined}
          aria-activedescendant={calling.people.length > 0 ? `${listId}-${calling.at}` : undefined}
          aria-invalid={excess > 0}
          placeholder={moment === null && shot === null ? TEXTS.messageHint : TEXTS.momentHint}
          value={text}
          onInput={({ currentTarget }) => {
            draft.write(currentTarget.value);
            calling.look(currentTarget);
            if (editing === 0) ownTyping.wrote(currentTarget.value);
          }}
          onSelect={({ currentTarget }) => calling.look(currentTarget)}
          onKeyDown={onKeyDown}
        />
        <button
          type="submit"
          class="icon-button send"
          aria-label={editing === 0 ? TEXTS.send : TEXTS.save}
          title={editing === 0 ? TEXTS.send : TEXTS.save}
          disabled={empty || excess > 0}
          // The keyboard of a phone stays open.
          onPointerDown={(event) => event.preventDefault()}
        >
          <Icon name={editing === 0 ? "send" : "check"} />
        </button>
      </div>
    </form>
  );
}

/** As high as what is written, up to where the style sheet ends it. */
function useHeight(field: { current: HTMLTextAreaElement | null }, text: string): void {
  useLayoutEffect(() => {
    const { current } = field;
    if (current === null) return;
    // Measured empty first, so that the field also becomes smaller again.
    current.style.blockSize = "0";
    current.style.blockSize = text === "" ? "" : `${current.scrollHeight + 2}px`;
  }, [field, text]);
}

function focusAtEnd(field: HTMLTextAreaElement | null): void {
  field?.focus();
  field?.setSelectionRange(field.value.length, field.value.length);
}

function editLast(store: Store, event: KeyboardEvent): void {
  const last = store.chat.value.lines.findLast(canEdit);
  if (last === undefined) return;
  event.preventDefault();
  store.talk.draft.edit(last);
}

/** What becomes of what was written, for who does not see it. */
function saidOf({ status }: Store, editing: number): string {
  if (status.value.phase !== "live") return TEXTS.waitingToSend;
  return editing === 0 ? TEXTS.messageSent : TEXTS.messageEdited;
}

function sendWritten(store: Store, { text, reply, editing }: Written): void {
  const { speech } = store.client;
  if (editing !== 0) {
    speech.edit(editing, text);
    return;
  }
  const moment = store.moments.attached.value;
  const shot = store.snapshots.attached.value;
  store.moments.detach();
  store.snapshots.detach();
  const alone = moment === null && shot === null; // else, what is shown has the text for itself
  if (store.photos.send(alone ? text : "", alone ? reply : 0) && alone) return;
  let body: Body = { kind: "text", text, reply };
  if (shot !== null) body = { kind: "snapshot", ...shot, text, reply };
  else if (moment !== null) body = { kind: "moment", ...moment, text };
  speech.post(body);
}
