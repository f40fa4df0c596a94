/** One photo that fills the window, and the way to the others of the conversation. */
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import type { ChatLine } from "../client";
import type { Photo } from "../protocol/frames";
import { exactTime } from "./days";
import { Gestures } from "./gestures";
import { IconButton } from "./icon-button";
import { Icon } from "./icons";
import { altOf } from "./photo-grid";
import { type PhotoAddress, placeholderOf, usePhotoAddress } from "./photo-image";
import type { Store } from "./store";
import { TEXTS } from "./texts";
import { REST, type View } from "./zoom";

/** Steps of the keys for larger and smaller. */
const STEP = 1.5;

interface Exhibit {
  line: ChatLine;
  photo: Photo;
  alt: string;
}

/** All photos of the conversation, as far as it is here. */
function exhibitsOf(lines: readonly ChatLine[]): Exhibit[] {
  return lines.flatMap((line) => {
    if (line.body.kind !== "photos") return [];
    const { photos } = line.body;
    return photos.map((photo, at) => {
      return { line, photo, alt: altOf(photo, at, photos.length, line.name) };
    });
  });
}

/** Nothing, until somebody opens a photo; and when the message that shows it is gone. */
export function Lightbox({ store }: { store: Store }) {
  const shown = store.photos.shown.value;
  if (shown === null) return null;
  const exhibits = exhibitsOf(store.chat.value.lines);
  const at = exhibits.findIndex(
    ({ line, photo }) => line.id === shown.line && photo.sha256 === shown.sha256,
  );
  const exhibit = exhibits[at];
  if (exhibit === undefined) return null;
  const turn = (by: number): void => {
    const next = exhibits[at + by];
    if (next === undefined) return;
    store.photos.shown.value = { line: next.line.id, sha256: next.photo.sha256 };
  };
  const place = { at: at + 1, count: exhibits.length };
  return <Window store={store} exhibit={exhibit} place={place} onTurn={turn} />;
}

interface WindowProps {
  store: Store;
  exhibit: Exhibit;
  place: { at: number; count: number };
  onTurn(by: number): void;
}

function Window({ store, exhibit, place, onTurn }: WindowProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const gestures = useRef<Gestures | null>(null);
  const { line, photo } = exhibit;
  useEffect(() => {
    const { current } = dialog;
    current?.showModal();
    current?.focus();
    // Closed, it gives the focus back to where it was.
    return () => current?.close();
  }, []);
  useLayoutEffect(() => {
    const { current } = dialog;
    const root = current?.getRootNode();
    const focused = root instanceof ShadowRoot ? root.activeElement : document.activeElement;
    // What was pressed may have gone with the photo before, and keys would go nowhere.
    if (current?.open && !current.contains(focused)) current.focus();
  }, [photo]);
  const close = (): void => dialog.current?.close();
  const onClose = (): void => {
    store.photos.shown.value = null;
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "ArrowLeft") onTurn(-1);
    else if (event.key === "ArrowRight") onTurn(1);
    else if (event.key === "+" || event.key === "=") gestures.current?.zoom(STEP);
    else if (event.key === "-") gestures.current?.zoom(1 / STEP);
    else if (event.key === "0") gestures.current?.zoom(0);
    else return;
    event.preventDefault();
  };
  return (
    <dialog
      ref={dialog}
      class="lightbox"
      tabIndex={-1}
      aria-label={TEXTS.photo.photos}
      onClose={onClose}
      onKeyDown={onKeyDown}
    >
      <header class="lightbox-bar">
        <bdi class="lightbox-name">{line.name}</bdi>
        <time dateTime={new Date(line.timeMs).toISOString()}>{exactTime(line.timeMs)}</time>
        <span class="spring" />
        <span class="lightbox-place" aria-live="polite">
          {place.count > 1 && TEXTS.photo.place(place.at, place.count)}
        </span>
      </header>
      <Exhibition
        key={`${line.id} ${photo.sha256}`}
        store={store}
        exhibit={exhibit}
        gestures={gestures}
        onTurn={onTurn}
        onClose={close}
      />
      {place.at > 1 && (
        <IconButton
          icon="left"
          words={TEXTS.photo.previous}
          class="icon-button lightbox-turn"
          onClick={() => onTurn(-1)}
        />
      )}
      {place.at < place.count && (
        <IconButton
          icon="right"
          words={TEXTS.photo.next}
          class="icon-button lightbox-turn lightbox-next"
          onClick={() => onTurn(1)}
        />
      )}
      {photo.alt !== "" && (
        <p class="lightbox-caption" dir="auto">
          {photo.alt}
        </p>
      )}
    </dialog>
  );
}

interface ExhibitionProps {
  store: Store;
  exhibit: Exhibit;
  gestures: { current: Gestures | null };
  onTurn(by: number): void;
  onClose(): void;
}

/** The photo itself, with what can be done to it. */
function Exhibition({ store, exhibit, gestures, onTurn, onClose }: ExhibitionProps) {
  const stage = useRef<HTMLDivElement>(null);
  const box = useRef<HTMLDivElement>(null);
  const [lying, setLying] = useState<{ view: View; dragged: boolean }>({
    view: REST,
    dragged: false,
  });
  const does = useRef({ onTurn, onClose });
  does.current = { onTurn, onClose };
  // Before the next key: it is meant for this photo.
  useLayoutEffect(() => {
    if (stage.current === null || box.current === null) return;
    const closing = new AbortController();
    const events = {
      onView: (view: View, dragged: boolean) => setLying({ view, dragged }),
      onSwipe: (way: "next" | "previous" | "away") => {
        if (way === "away") does.current.onClose();
        else does.current.onTurn(way === "next" ? 1 : -1);
      },
      onOutside: () => does.current.onClose(),
    };
    gestures.current = new Gestures(stage.current, box.current, events, closing.signal);
    return () => closing.abort();
  }, [gestures]);
  const { photo } = exhibit;
  const whole = usePhotoAddress(store, photo.sha256, photo.mime, true);
  const { view, dragged } = lying;
  const { scale, x, y } = view;
  const { width, height } = photo;
  return (
    <>
      <div ref={stage} class="lightbox-stage" data-large={scale > 1} data-dragged={dragged}>
        <div
          ref={box}
          class="lightbox-photo"
          style={{
            inlineSize: `min(${width}px, 100cqw, ${(100 * width) / height}cqh)`,
            aspectRatio: `${width} / ${height}`,
            transform: `translate(${x}px, ${y}px) scale(${scale})`,
          }}
        >
          <Layers store={store} exhibit={exhibit} whole={whole} />
        </div>
      </div>
      <Tools
        photo={photo}
        address={whole.address}
        large={scale > 1}
        onZoom={() => gestures.current?.toggle()}
        onClose={onClose}
      />
    </>
  );
}

interface LayersProps extends Pick<ExhibitionProps, "store" | "exhibit"> {
  whole: PhotoAddress;
}

/** What is here already first, and over it the photo when it has come. */
function Layers({ store, exhibit: { photo, alt }, whole }: LayersProps) {
  const [loaded, setLoaded] = useState(false);
  const small = usePhotoAddress(store, photo.thumb, "image/webp", true);
  const before = small.failed || small.address === "" ? placeholderOf(photo) : small.address;
  return (
    <>
      {!loaded && before !== "" && (
        <img class="lightbox-before" src={before} alt="" onError={small.fail} />
      )}
      {whole.address !== "" && !whole.failed && (
        <img
          class="lightbox-whole"
          src={whole.address}
          alt={alt}
          draggable={false}
          onLoad={() => setLoaded(true)}
          onError={whole.fail}
        />
      )}
      {whole.failed && (
        <span class="photo-gone" role="alert">
          {TEXTS.photo.gone}
        </span>
      )}
    </>
  );
}

interface ToolsProps {
  photo: Photo;
  address: string;
  large: boolean;
  onZoom(): void;
  onClose(): void;
}

function Tools({ photo, address, large, onZoom, onClose }: ToolsProps) {
  return (
    <div class="lightbox-tools">
      <IconButton
        icon="zoom"
        words={large ? TEXTS.photo.zoomOut : TEXTS.photo.zoomIn}
        onClick={onZoom}
      />
      {/* A link of the page's own: notebooks without downloads take its click for themselves. */}
      <a
        class="icon-button"
        {...(address === "" ? {} : { href: address })}
        download={fileNameOf(photo)}
        title={TEXTS.photo.download}
      >
        <Icon name="download" />
        <span class="only-read">{TEXTS.photo.download}</span>
      </a>
      <IconButton icon="close" words={TEXTS.close} onClick={onClose} />
    </div>
  );
}

/** With the ending of what it has become. */
export function fileNameOf({ name, sha256, mime }: Photo): string {
  const stem = name
    .replace(/\.\w{1,5}$/, "")
    .replace(/[^\p{L}\p{N} _()+,=-]+/gu, "-")
    .replace(/^[\s-]+|[\s-]+$/g, "");
  const ending = { "image/jpeg": "jpg", "image/png": "png", "image/webp": "webp" }[mime];
  return `${stem || `photo-${sha256.slice(0, 8)}`}.${ending}`;
}
