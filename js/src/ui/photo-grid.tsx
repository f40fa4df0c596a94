/** The photos of a message. Their boxes are as large before the bytes come as after. */
import type { ChatLine } from "../client";
import type { Photo } from "../protocol/frames";
import type { PhotoDraft } from "./photo-draft";
import { PhotoImage } from "./photo-image";
import { DraftPicture, PhotoFault } from "./photo-progress";
import type { Store } from "./store";
import { TEXTS } from "./texts";

/** CSS pixels: of a photo alone, at most; at least, so that a finger finds it. */
const [MOST_WIDE, MOST_HIGH, LEAST] = [320, 360, 72];
/** What is much longer than wide is cut: a panorama would be a line. */
const LONGEST_SHAPE = 3;
/** Bytes. On a sharp screen, a photo alone is shown itself, if it is not much more than its thumbnail. */
const MOST_SHARP = 250_000;

/** The box of a photo alone: never enlarged, and its shape kept as far as it is no line. */
export function boxOf(width: number, height: number): { width: number; shape: number } {
  const shape = Math.min(LONGEST_SHAPE, Math.max(1 / LONGEST_SHAPE, width / height));
  const wide = Math.min(MOST_WIDE, MOST_HIGH * shape, Math.max(width, LEAST));
  return { width: Math.round(wide), shape: Math.round(shape * 1000) / 1000 };
}

/** Among others, photos are squares; what their row looks like is in photos.css, by their number. */
function styleOf(size: readonly [number, number] | null, count: number) {
  if (count > 1) return {};
  const { width, shape } = boxOf(...(size ?? [4 * LEAST, 3 * LEAST]));
  return { inlineSize: `${width}px`, aspectRatio: `${shape}` };
}

/** What moves is shown moving, where that is welcome; a photo alone is as sharp as the screen. */
function shownBytes(photo: Photo, count: number): string {
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  if (photo.frames > 1) return still ? photo.thumb : photo.sha256;
  const sharp = count === 1 && devicePixelRatio > 1.25 && photo.size <= MOST_SHARP;
  return sharp ? photo.sha256 : photo.thumb;
}

/** What a photo is called that nobody has described. */
export function altOf({ alt }: Photo, at: number, count: number, name: string): string {
  if (alt !== "") return alt;
  return count === 1 ? TEXTS.photo.by(name) : TEXTS.photo.oneBy(at + 1, count, name);
}

/** Nothing, in a message without photos. */
export function PhotoGrid({ store, line }: { store: Store; line: ChatLine }) {
  const drafts = store.photos.draftsOf(line.id);
  if (drafts !== null) return <DraftGrid store={store} drafts={drafts} />;
  if (line.body.kind !== "photos") return null;
  const { photos } = line.body;
  const count = photos.length;
  return (
    <div class="photo-grid" {...layoutOf(count)}>
      {photos.map((photo, at) => (
        <button
          key={photo.sha256}
          type="button"
          class="photo-tile"
          style={styleOf([photo.width, photo.height], count)}
          onClick={() => {
            store.photos.shown.value = { line: line.id, sha256: photo.sha256 };
          }}
        >
          <PhotoImage
            store={store}
            photo={photo}
            sha256={shownBytes(photo, count)}
            alt={altOf(photo, at, count, line.name)}
          />
        </button>
      ))}
    </div>
  );
}

/** Full rows: of three, after as many of two as are needed for that. */
function layoutOf(count: number) {
  const wide = count === 3 ? "big" : `${{ 0: 0, 1: 4, 2: 2 }[count % 3]}`;
  return { "data-count": Math.min(count, 4), "data-wide": wide };
}

function DraftGrid({ store, drafts }: { store: Store; drafts: readonly PhotoDraft[] }) {
  return (
    <>
      <div class="photo-grid" {...layoutOf(drafts.length)}>
        {drafts.map((draft) => (
          <DraftTile key={draft.key} store={store} draft={draft} count={drafts.length} />
        ))}
      </div>
      {drafts.map((draft) => (
        <PhotoFault key={draft.key} store={store} draft={draft} />
      ))}
    </>
  );
}

interface DraftTileProps {
  store: Store;
  draft: PhotoDraft;
  count: number;
}

function DraftTile({ store, draft, count }: DraftTileProps) {
  return (
    <span class="photo-tile" style={styleOf(draft.size.value, count)} data-fit={draft.fit}>
      <DraftPicture store={store} draft={draft} />
    </span>
  );
}
