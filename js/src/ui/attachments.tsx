/** Photos of the message that is being written, and the ways in which they come: chosen, taken, pasted, dropped. */
import { effect } from "@preact/signals";
import { useEffect, useRef, useState } from "preact/hooks";
import { IconButton } from "./icon-button";
import { Icon } from "./icons";
import { Lightbox } from "./lightbox";
import { LONGEST_ALT, type PhotoDraft } from "./photo-draft";
import { MOST_PHOTOS } from "./photo-drafts";
import { DraftPicture, PhotoFault } from "./photo-progress";
import type { Store } from "./store";
import { TEXTS } from "./texts";

/** Without HEIC: a Mac then makes a JPEG of it. */
const ACCEPT = "image/jpeg,image/png,image/webp,image/gif,image/avif";

function attach(store: Store, files: Iterable<File>): void {
  const left = store.photos.add(files);
  if (left > 0) store.toasts.show("plain", TEXTS.photo.tooMany(MOST_PHOTOS));
}

/** Files among what is pasted or dragged. A table's cells come with a picture of them: there, the text is meant. */
function filesIn(data: DataTransfer | null): File[] {
  return data === null || data.types.includes("text/plain") ? [] : [...data.files];
}

function holdsFiles({ dataTransfer }: DragEvent): boolean {
  return dataTransfer?.types.includes("Files") ?? false;
}

/** Takes what is pasted and dropped anywhere in the chat. */
function takeFiles(store: Store, chat: HTMLElement, signal: AbortSignal): void {
  const stop = effect(() => {
    chat.dataset.drop = TEXTS.photo.drop;
  });
  signal.addEventListener("abort", stop, { once: true });
  const show = (over: boolean): void => {
    chat.toggleAttribute("data-dropping", over);
  };
  const over = (event: DragEvent): void => {
    if (!holdsFiles(event) || event.dataTransfer === null) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = "copy";
    show(true);
  };
  const leave = ({ relatedTarget }: DragEvent): void => {
    if (!(relatedTarget instanceof Node && chat.contains(relatedTarget))) show(false);
  };
  const drop = (event: DragEvent): void => {
    show(false);
    if (!holdsFiles(event)) return;
    event.preventDefault();
    attach(store, event.dataTransfer?.files ?? []);
  };
  const paste = (event: ClipboardEvent): void => {
    const files = filesIn(event.clipboardData);
    if (files.length === 0) return;
    event.preventDefault();
    attach(store, files);
  };
  chat.addEventListener("dragenter", over, { signal });
  chat.addEventListener("dragover", over, { signal });
  chat.addEventListener("dragleave", leave, { signal });
  chat.addEventListener("drop", drop, { signal });
  chat.addEventListener("paste", paste, { signal });
}

/** A photo that misses the chat would take the page's place. In a notebook, the rest is not ours. */
function keepPage(page: Element, signal: AbortSignal): void {
  const stay = (event: DragEvent): void => {
    if (!event.defaultPrevented && holdsFiles(event)) event.preventDefault();
  };
  if (!page.classList.contains("page")) return;
  document.addEventListener("dragover", stay, { signal });
  document.addEventListener("drop", stay, { signal });
}

/** Above the field. */
export function Attachments({ store }: { store: Store }) {
  const place = useRef<HTMLDivElement>(null);
  const [described, setDescribed] = useState<PhotoDraft | null>(null);
  const drafts = store.photos.attached.value;
  useEffect(() => {
    const chat = place.current?.closest<HTMLElement>(".chat");
    const page = place.current?.closest(".app");
    const closing = new AbortController();
    if (chat) takeFiles(store, chat, closing.signal);
    if (page) keepPage(page, closing.signal);
    return () => closing.abort();
  }, [store]);
  const count = useRef(0);
  useEffect(() => {
    const more = drafts.length > count.current;
    count.current = drafts.length;
    // Whoever has a keyboard on the screen wants to see the picture first.
    if (!more || matchMedia("(pointer: coarse)").matches) return;
    place.current?.closest(".composer")?.querySelector("textarea")?.focus();
  }, [drafts]);
  const fit = drafts.filter((draft) => draft.fit);
  const writing = described !== null && fit.includes(described) ? described : null;
  return (
    <div ref={place} class="attachments">
      {fit.length > 0 && (
        <ul class="photo-strip" aria-label={TEXTS.photo.attached}>
          {fit.map((draft) => (
            <Attached
              key={draft.key}
              store={store}
              draft={draft}
              open={draft === writing}
              onDescribe={() => setDescribed(draft === writing ? null : draft)}
            />
          ))}
        </ul>
      )}
      {writing !== null && (
        <Description key={writing.key} draft={writing} onDone={() => setDescribed(null)} />
      )}
      {drafts.map((draft) => (
        <PhotoFault key={draft.key} store={store} draft={draft} />
      ))}
      <Lightbox store={store} />
    </div>
  );
}

interface AttachedProps {
  store: Store;
  draft: PhotoDraft;
  open: boolean;
  onDescribe(): void;
}

function Attached({ store, draft, open, onDescribe }: AttachedProps) {
  const words = TEXTS.photo.describe(draft.name || TEXTS.photo.someFile);
  return (
    <li class="photo-attached">
      <DraftPicture store={store} draft={draft} />
      <button
        type="button"
        class="photo-button photo-alt"
        aria-expanded={open}
        title={words}
        onClick={onDescribe}
      >
        {draft.alt.value.trim() !== "" && <Icon name="check" />}
        {TEXTS.photo.alt} <span class="only-read">{words}</span>
      </button>
    </li>
  );
}

function Description({ draft, onDone }: { draft: PhotoDraft; onDone(): void }) {
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => field.current?.focus(), []);
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.isComposing || (event.key !== "Enter" && event.key !== "Escape")) return;
    event.preventDefault(); // the message is not sent yet
    event.stopPropagation();
    onDone();
  };
  return (
    <div class="photo-description">
      <label>
        {TEXTS.photo.describeLabel}
        <input
          ref={field}
          class="field"
          maxLength={LONGEST_ALT}
          value={draft.alt.value}
          onInput={(event) => {
            draft.alt.value = event.currentTarget.value;
          }}
          onKeyDown={onKeyDown}
        />
      </label>
      <button type="button" class="button" onClick={onDone}>
        {TEXTS.photo.done}
      </button>
    </div>
  );
}

/** Beside the field: choose files, and on a phone, take a photo. */
export function AttachButtons({ store }: { store: Store }) {
  return (
    <span class="attach-buttons">
      <AttachButton store={store} icon="image" words={TEXTS.photo.add} multiple />
      <AttachButton store={store} icon="camera" words={TEXTS.photo.take} capture="environment" />
    </span>
  );
}

interface AttachButtonProps {
  store: Store;
  icon: "image" | "camera";
  words: string;
  multiple?: boolean;
  capture?: "environment";
}

function AttachButton({ store, icon, words, ...how }: AttachButtonProps) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <span class={`attach-${icon}`}>
      <input
        ref={input}
        type="file"
        accept={ACCEPT}
        hidden
        {...how}
        onChange={({ currentTarget }) => {
          attach(store, currentTarget.files ?? []);
          currentTarget.value = ""; // the same file may be chosen again
        }}
      />
      <IconButton icon={icon} words={words} onClick={() => input.current?.click()} />
    </span>
  );
}
