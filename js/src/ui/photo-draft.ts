/** A photo that somebody has chosen, from then until it is in the chat. */
import { type ReadonlySignal, type Signal, signal } from "@preact/signals";
import { report } from "../lib/report";
import type { Photos, PhotoUpload, UploadState } from "../photos/photos";
import { type Fault, type Prepared, UnfitPhoto } from "../photos/preparing";
import type { Photo } from "../protocol/frames";
import { TEXTS } from "./texts";

export type DraftState =
  | { phase: "preparing" }
  /** Nothing that can be sent, as this browser saw. */
  | { phase: "unfit"; slug: Fault }
  | UploadState;

/** U6: after an hour the room has dropped what nobody has posted. */
const DROPPED_MS = 55 * 60_000;
/** U4: characters. */
export const LONGEST_ALT = 500;
const LONGEST_NAME = 120;

/** What makes a file ready, and what sends it. */
export interface Workshop {
  prepare(file: Blob): Promise<Prepared>;
  upload: Photos["upload"];
}

export class PhotoDraft {
  /** Different in every one of this page. */
  readonly key: number;
  readonly name: string;
  readonly alt: Signal<string> = signal("");
  readonly #state = signal<DraftState>({ phase: "preparing" });
  readonly #picture = signal("");
  readonly #size = signal<readonly [width: number, height: number] | null>(null);
  readonly #leaving = new AbortController();
  #upload: PhotoUpload | null = null;
  #send: () => void = () => undefined;
  #doneMs = 0;

  constructor(key: number, name: string) {
    this.key = key;
    this.name = [...name].slice(0, LONGEST_NAME).join("");
  }

  get state(): ReadonlySignal<DraftState> {
    return this.#state;
  }

  /** What it is called for who cannot see it. */
  get label(): string {
    return this.alt.value.trim() || this.name || TEXTS.photo.someFile;
  }

  /** The address of what is on this machine; empty until there is something to show. */
  get picture(): ReadonlySignal<string> {
    return this.#picture;
  }

  /** Of what is sent, in pixels; null until it is known. */
  get size(): ReadonlySignal<readonly [width: number, height: number] | null> {
    return this.#size;
  }

  /** What the room has; null until it does. */
  get photo(): Photo | null {
    const state = this.#state.value;
    if (state.phase !== "done") return null;
    return { ...state.photo, alt: this.alt.value.trim(), name: this.name };
  }

  /** Whether it may still come into the chat. */
  get fit(): boolean {
    return this.#state.value.phase !== "unfit" && this.#state.value.phase !== "declined";
  }

  /** Make it ready and send it. The work of one photo at a time is what a phone can bear: await it. */
  async begin(file: Blob, workshop: Workshop): Promise<void> {
    if (this.#leaving.signal.aborted) return;
    try {
      const prepared = await workshop.prepare(file);
      if (!this.#leaving.signal.aborted) this.#show(prepared, workshop);
    } catch (error) {
      if (!(error instanceof UnfitPhoto)) report(error);
      const slug = error instanceof UnfitPhoto ? error.slug : "broken";
      this.#state.value = { phase: "unfit", slug };
    }
  }

  retry(): void {
    this.#upload?.retry();
  }

  /** It is about to be posted: send it anew if the room has it no longer. */
  refresh(nowMs: number): void {
    if (this.#state.peek().phase === "done" && nowMs - this.#doneMs > DROPPED_MS) this.#send();
  }

  /** Give it up; its picture stays good when somebody else shows it. */
  leave(keepsPicture = false): void {
    this.#leaving.abort();
    this.#upload?.cancel();
    if (!keepsPicture) URL.revokeObjectURL(this.#picture.peek());
  }

  #show({ file, bytes, width, height }: Prepared, workshop: Workshop): void {
    this.#size.value = [width, height];
    this.#picture.value = URL.createObjectURL(file);
    this.#send = () => {
      this.#upload?.cancel();
      const upload = workshop.upload(bytes);
      this.#upload = upload;
      this.#state.value = upload.state;
      upload.on((state) => this.#receive(state), this.#leaving.signal);
    };
    this.#send();
  }

  #receive(state: UploadState): void {
    if (state.phase === "done") this.#doneMs = Date.now();
    this.#state.value = state;
  }
}
