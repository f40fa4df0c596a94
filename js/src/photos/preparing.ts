/** A photo made ready to be sent, by what browsers bring: decoded, put upright, reduced, encoded anew. */
import type { Bytes } from "../protocol/frames";
import { type Kind, type Refused, sniff } from "./sniffing";

/** Longest side of what is sent: the relay keeps no more. */
const MAX_SIDE = 2048;
/** Of 1: below, edges show; above, bytes grow and nobody sees why. */
const QUALITY = 0.82;
/** Lines and letters are worth this many times the bytes, because a lossy format smears them. */
const CRISP_WORTH = 2;
/** As few as this are not worth a blurred letter. */
const CRISP_BYTES = 400_000;
/** What moves is sent as it is: nothing in a browser writes animations. The relay keeps no larger ones. */
const MAX_MOVING_BYTES = 4_000_000;
/** Of a file that is decoded at all; the largest phones write 25 MB. More eats a phone's memory. */
const MAX_FILE_BYTES = 64 << 20;
/** U1: what the relay takes. */
const MAX_BYTES = 10_000_000;

/** Why a file cannot be sent. */
export type Fault = Refused | "too-large" | "too-heavy" | "broken";

export class UnfitPhoto extends Error {
  readonly slug: Fault;

  constructor(slug: Fault) {
    super(slug);
    this.slug = slug;
  }
}

export interface Prepared {
  /** What is sent; it can also be shown. */
  file: Blob;
  bytes: Bytes;
  width: number;
  height: number;
}

/** Throws an `UnfitPhoto` for what is no photo, or none that this browser can read. */
export async function prepare(file: Blob): Promise<Prepared> {
  if (file.size > MAX_FILE_BYTES) throw new UnfitPhoto("too-large");
  const data = new Uint8Array(await file.arrayBuffer());
  const kind = sniff(data);
  // Safari reads HEIC, and what it makes of it can be sent.
  if (typeof kind === "string" && kind !== "heic") throw new UnfitPhoto(kind);
  const mime = kind === "heic" ? "image/heic" : kind.mime;
  const picture = await decoded(file.slice(0, file.size, mime), kind);
  try {
    const { width, height } = picture;
    if (kind !== "heic" && kind.moves) {
      if (data.length > MAX_MOVING_BYTES) throw new UnfitPhoto("too-heavy");
      return { file: file.slice(0, file.size, mime), bytes: data, width, height };
    }
    const canvas = drawn(picture);
    const encoded = await encode(canvas, kind === "heic" ? null : kind);
    if (encoded.size > MAX_BYTES) throw new UnfitPhoto("too-large");
    const bytes = new Uint8Array(await encoded.arrayBuffer());
    return { file: encoded, bytes, width: canvas.width, height: canvas.height };
  } finally {
    picture.close();
  }
}

/** The size reduced, never enlarged, so that its longest side is `side`. */
export function within(width: number, height: number, side: number): [number, number] {
  const factor = Math.min(1, side / Math.max(width, height));
  return [Math.max(1, Math.round(width * factor)), Math.max(1, Math.round(height * factor))];
}

/**
 * Such photos are sent as JPEG. WebP has a quarter fewer bytes, and costs a browser five times the work and the relay
 * four times: on a busy laptop, a second until others see it.
 */
export function isOfCamera(kind: Pick<Kind, "mime" | "alpha"> | null): kind is null {
  // HEIC has no kind; cameras write nothing transparent.
  return kind === null || (kind.mime === "image/jpeg" && !kind.alpha);
}

/** Which of two encodings to send: exact ones are for what was exact, while that costs little. */
export function better<T extends Pick<Blob, "size" | "type">>(
  lossy: T,
  exact: T,
  { mime, alpha }: Pick<Kind, "mime" | "alpha">,
): T {
  const wasExact = mime === "image/png" || mime === "image/gif" || mime === "image/bmp";
  if (wasExact && exact.size <= Math.max(lossy.size * CRISP_WORTH, CRISP_BYTES)) return exact;
  // JPEG has no alpha: what was transparent would be black.
  return alpha && lossy.type === "image/jpeg" && exact.size <= MAX_BYTES ? exact : lossy;
}

/** Upright: browsers apply the orientation that a camera wrote. */
async function decoded(file: Blob, kind: Kind | "heic"): Promise<ImageBitmap> {
  try {
    return await createImageBitmap(file);
  } catch {
    throw new UnfitPhoto(kind === "heic" ? "heic" : "broken");
  }
}

function drawn(picture: ImageBitmap): HTMLCanvasElement {
  const [width, height] = within(picture.width, picture.height, MAX_SIDE);
  const canvas = document.createElement("canvas");
  canvas.width = width;
  canvas.height = height;
  const pen = canvas.getContext("2d");
  // A browser that is out of memory has none.
  if (pen === null) throw new UnfitPhoto("too-large");
  pen.imageSmoothingQuality = "high";
  pen.drawImage(picture, 0, 0, width, height);
  return canvas;
}

async function encode(canvas: HTMLCanvasElement, kind: Kind | null): Promise<Blob> {
  if (isOfCamera(kind)) return written(canvas, "image/jpeg");
  let lossy = await written(canvas, "image/webp");
  // What a browser cannot write it silently writes as PNG.
  if (lossy.type !== "image/webp") lossy = await written(canvas, "image/jpeg");
  return better(lossy, await written(canvas, "image/png"), kind);
}

function written(canvas: HTMLCanvasElement, type: string): Promise<Blob> {
  return new Promise((resolve, reject) => {
    const done = (file: Blob | null): void =>
      file === null ? reject(new UnfitPhoto("too-large")) : resolve(file);
    canvas.toBlob(done, type, QUALITY);
  });
}
