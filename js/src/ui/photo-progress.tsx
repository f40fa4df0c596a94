/** How far a photo is on its way, and what went wrong with it. */

import { percentage } from "./formats";
import { IconButton } from "./icon-button";
import { Icon } from "./icons";
import type { DraftState, PhotoDraft } from "./photo-draft";
import type { Store } from "./store";
import { TEXTS } from "./texts";

/** What may be otherwise the next time. */
const PASSING: ReadonlySet<string> = new Set(["busy", "failed", "hash", "quota", "too-slow"]);

/** From 0 to 1. The work before and after the sending takes time as well. */
function shareOf(state: DraftState): number {
  switch (state.phase) {
    case "sending":
      return 0.1 + (0.75 * state.sent) / Math.max(1, state.size);
    case "cleaning":
      return 0.9;
    case "done":
      return 1;
    default:
      return 0.05;
  }
}

function wordsOf(state: DraftState): string {
  switch (state.phase) {
    case "preparing":
      return TEXTS.photo.preparing;
    case "sending":
      return TEXTS.photo.sent(percentage(state.sent / Math.max(1, state.size)));
    case "cleaning":
      return TEXTS.photo.cleaning;
    default:
      return TEXTS.photo.waiting;
  }
}

/** Why it is not sent; empty if it is, or may be. */
function faultOf(state: DraftState): string {
  if (state.phase === "unfit") return TEXTS.photo.faults[state.slug] ?? TEXTS.photo.gone;
  if (state.phase !== "declined") return "";
  return TEXTS.photo.faults[state.slug] ?? state.text;
}

/** A ring that fills; nothing once the photo is there. */
function PhotoProgress({ draft }: { draft: PhotoDraft }) {
  const state = draft.state.value;
  if (!draft.fit || state.phase === "done") return null;
  const share = Math.round(100 * shareOf(state));
  return (
    <span
      class="photo-progress"
      role="progressbar"
      aria-label={draft.label}
      aria-valuenow={share}
      aria-valuetext={wordsOf(state)}
      title={wordsOf(state)}
    >
      <svg viewBox="0 0 36 36" aria-hidden="true">
        <circle cx="18" cy="18" r="14" />
        <circle cx="18" cy="18" r="14" pathLength={100} stroke-dasharray={`${share} 100`} />
      </svg>
    </span>
  );
}

/** What is on this machine, how far it is, and a way to leave it out. */
export function DraftPicture({ store, draft }: { store: Store; draft: PhotoDraft }) {
  const picture = draft.picture.value;
  return (
    <>
      <span class="photo-image">
        {picture !== "" && <img decoding="async" src={picture} alt={draft.label} />}
      </span>
      <PhotoProgress draft={draft} />
      {draft.fit && <Remove store={store} draft={draft} class="photo-button photo-cancel" />}
    </>
  );
}

interface RemoveProps {
  store: Store;
  draft: PhotoDraft;
  class: string;
}

function Remove({ store, draft, ...rest }: RemoveProps) {
  const words = TEXTS.photo.remove(draft.name || TEXTS.photo.someFile);
  const remove = (): void => store.photos.remove(draft);
  return <IconButton icon="close" words={words} class={rest.class} onClick={remove} />;
}

/** A sentence, and what can be done. */
export function PhotoFault({ store, draft }: { store: Store; draft: PhotoDraft }) {
  const state = draft.state.value;
  const fault = faultOf(state);
  if (fault === "") return null;
  const again = state.phase === "declined" && PASSING.has(state.slug);
  return (
    <div class="photo-fault" role="alert">
      <Icon name="alert" />
      <div>
        {draft.name !== "" && <bdi>{draft.name}</bdi>}
        <p>{fault}</p>
        {again && (
          <button type="button" class="link-button" onClick={() => draft.retry()}>
            {TEXTS.tryAgain}
          </button>
        )}
      </div>
      <Remove store={store} draft={draft} class="icon-button" />
    </div>
  );
}
