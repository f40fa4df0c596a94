/** A photo of the room as an image: its placeholder at once, its bytes when they are near and here. */
import type { RefObject } from "preact";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import type { Photo } from "../protocol/frames";
import { Icon } from "./icons";
import type { Store } from "./store";
import { TEXTS } from "./texts";

/** Photos this far outside of what is seen begin to come. */
const NEAR = "400px";

export interface PhotoAddress {
  address: string;
  failed: boolean;
  /** The image could not be loaded from there. */
  fail(): void;
}

/** Our own picture, or where the room serves it; else, or if that fails, an address of bytes that are pulled. */
export function usePhotoAddress(
  store: Store,
  sha256: string,
  mime: Photo["mime"],
  near: boolean,
): PhotoAddress {
  const { photos } = store.client;
  // Not asked again: an address with a newer pass would load the same photo once more.
  const [direct, setDirect] = useState(
    () => store.photos.pictureOf(sha256) || photos.url({ sha256 }),
  );
  const [pulled, setPulled] = useState("");
  const [failed, setFailed] = useState(false);
  useEffect(() => {
    if (direct !== "" || !near) return;
    const closing = new AbortController();
    const arrive = (address: string): void => {
      if (!closing.signal.aborted) setPulled(address);
    };
    const miss = (): void => {
      if (!closing.signal.aborted) setFailed(true);
    };
    photos.borrow(sha256, mime, closing.signal).then(arrive, miss);
    return () => closing.abort();
  }, [photos, sha256, mime, direct, near]);
  const fail = (): void => {
    if (direct === "") setFailed(true);
    else setDirect("");
  };
  return { address: direct || pulled, failed, fail };
}

/** Whether it has ever been near what is seen. */
function useNear(box: RefObject<Element | null>): boolean {
  const [near, setNear] = useState(false);
  useEffect(() => {
    const { current } = box;
    if (near || current === null) return;
    if (typeof IntersectionObserver === "undefined") {
      setNear(true);
      return;
    }
    const sights = new IntersectionObserver(
      (seen) => seen.some(({ isIntersecting }) => isIntersecting) && setNear(true),
      { rootMargin: NEAR },
    );
    sights.observe(current);
    return () => sights.disconnect();
  }, [box, near]);
  return near;
}

/** The placeholder travels in the message; it is WebP whatever it says (U4), and an image runs nothing. */
export function placeholderOf({ placeholder }: Pick<Photo, "placeholder">): string {
  if (placeholder.length === 0) return "";
  return `data:image/webp;base64,${btoa(String.fromCharCode(...placeholder))}`;
}

interface PhotoImageProps {
  store: Store;
  photo: Photo;
  /** Which bytes: those of the photo, or of its thumbnail. */
  sha256: string;
  alt: string;
}

/** Fills the box around it, which has a size of its own: nothing moves when the bytes come. */
export function PhotoImage({ store, photo, sha256, alt }: PhotoImageProps) {
  const box = useRef<HTMLSpanElement>(null);
  const near = useNear(box);
  const [loaded, setLoaded] = useState(false);
  const mime = sha256 === photo.thumb ? "image/webp" : photo.mime;
  const { address, failed, fail } = usePhotoAddress(store, sha256, mime, near);
  const placeholder = useMemo(() => placeholderOf(photo), [photo]);
  return (
    <span ref={box} class="photo-image" data-loaded={loaded}>
      {placeholder !== "" && !loaded && <img class="photo-blur" src={placeholder} alt="" />}
      {address !== "" && !failed && (
        <img
          class="photo-full"
          // Before the address, or a browser begins to load at once.
          loading="lazy"
          decoding="async"
          width={photo.width}
          height={photo.height}
          src={address}
          alt={alt}
          draggable={false}
          onLoad={() => setLoaded(true)}
          onError={fail}
        />
      )}
      {failed && (
        <span class="photo-gone">
          <Icon name="alert" />
          {TEXTS.photo.gone}
        </span>
      )}
    </span>
  );
}
