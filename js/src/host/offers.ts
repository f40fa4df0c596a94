/** What a widget offers to its person: a moment for the chat, a file to save. Nothing is done before they say so. */
import { MAX_PICTURE } from "../client";
import { pictureType } from "../lib/picture-type";
import type { Shown } from "./annotations";

export interface SavedFile {
  name: string;
  mime: string;
  bytes: Uint8Array<ArrayBuffer>;
}

/** A moment of a share, with a picture that a browser takes for nothing else. */
export interface OfferedMoment {
  share: string;
  start: number;
  end: number;
  picture: Uint8Array<ArrayBuffer>;
}

export interface OfferEvents {
  onMoment(moment: OfferedMoment): void;
  onFile(file: SavedFile): void;
}

const MAX_FILE = 32 << 20;
const LONGEST_NAME = 100;
/** None of them runs when it is opened. */
const ENDINGS: Readonly<Record<string, string>> = {
  "image/png": "png",
  "image/webp": "webp",
  "text/csv": "csv",
  "application/json": "json",
  "application/vnd.apache.arrow.file": "arrow",
  "application/vnd.apache.arrow.stream": "arrows",
};

/**
 * Whether the person has just done something here or in a frame of this page: a click in a frame activates the
 * pages around it. A browser that does not tell has asked the sandbox's code to behave.
 */
function hasActed(): boolean {
  return navigator.userActivation?.isActive ?? true;
}

export class Offers {
  readonly #events: OfferEvents;
  readonly #isWanted: () => boolean;

  constructor(events: OfferEvents, isWanted: () => boolean = hasActed) {
    this.#events = events;
    this.#isWanted = isWanted;
  }

  receiveMoment(share: string, { start, end, picture }: Shown): void {
    if (!this.#isWanted() || start > end) return;
    const kept = own(picture);
    const fits = kept.length <= MAX_PICTURE && pictureType(kept) !== "";
    this.#events.onMoment({ share, start, end, picture: fits ? kept : new Uint8Array() });
  }

  /** The name loses what a path or a trick needs, and gets the ending of its type. */
  receiveFile(name: string, mime: string, bytes: Uint8Array): void {
    const ending = ENDINGS[mime];
    if (ending === undefined || bytes.length > MAX_FILE || !this.#isWanted()) return;
    this.#events.onFile({ name: `${stemOf(name, ending)}.${ending}`, mime, bytes: own(bytes) });
  }
}

function stemOf(name: string, ending: string): string {
  const stem = name.toLowerCase().endsWith(`.${ending}`) ? name.slice(0, -ending.length - 1) : name;
  const plain = stem.replace(/[^\p{L}\p{N} _()+,=-]+/gu, "-").replace(/^[\s-]+|[\s-]+$/g, "");
  return [...plain].slice(0, LONGEST_NAME).join("") || "chart";
}

/** Bytes in a buffer of their own size: a blob takes no other. */
function own(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return new Uint8Array(bytes);
}
