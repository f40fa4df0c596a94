/** Photos without pixels, for the tests of the interface. */
import type { ChatLine } from "../client";
import type { Photo } from "../protocol/frames";
import { line } from "./support";

/** One whose hash is made of this sign. */
export function photoOf(sign: string, over: Partial<Photo> = {}): Photo {
  return {
    sha256: sign.repeat(64),
    thumb: `${sign}0`.repeat(32),
    mime: "image/webp",
    width: 1600,
    height: 1200,
    size: 40_000,
    placeholder: new Uint8Array([1, 2, 3]),
    frames: 1,
    alt: "",
    name: "",
    ...over,
  };
}

export function photoLine(id: number, by: string, photos: Photo[], text = ""): ChatLine {
  return { ...line(id, by, text), body: { kind: "photos", photos, text, reply: 0 } };
}
