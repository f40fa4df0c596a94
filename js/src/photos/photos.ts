/** The photos of a room, for those who send and who see them. */
import type { Clock } from "../connection/clock";
import { Emitter } from "../lib/emitter";
import { digestInSlices } from "../lib/hash";
import type { Bytes, Photo, PhotoNews, RelayFrame } from "../protocol/frames";
import { type UploadFrame, type UploadState, Uploads } from "../sync/uploads";
import { Addresses } from "./addresses";

export type { UploadState } from "../sync/uploads";

export interface PhotosOptions {
  clock: Clock;
  /** Where the room's photos are served to this page, without a slash at the end; empty where they are not. */
  base: string;
  send(frames: readonly UploadFrame[]): void;
  pull(sha256: string): Promise<Uint8Array>;
}

/** Bytes on their way to the room, from the moment somebody wants to send them. */
export class PhotoUpload {
  readonly #news = new Emitter<UploadState>();
  readonly #wants: { retry(): void; cancel(): void };
  #state: UploadState = { phase: "waiting" };

  constructor(wants: { retry(): void; cancel(): void }) {
    this.#wants = wants;
  }

  get state(): UploadState {
    return this.#state;
  }

  on(listener: (state: UploadState) => void, signal: AbortSignal): void {
    this.#news.on(listener, signal);
  }

  /** Send again what was declined. */
  retry(): void {
    this.#wants.retry();
  }

  /** Give it up: it is not sent any further. */
  cancel(): void {
    this.#wants.cancel();
  }

  receive(state: UploadState): void {
    if (state === this.#state) return;
    this.#state = state;
    this.#news.emit(state);
  }
}

export class Photos {
  readonly #options: PhotosOptions;
  readonly #uploads = new Uploads();
  readonly #addresses: Addresses;
  /** Who waits for which bytes: the same photo may be chosen twice. */
  readonly #waiting = new Map<string, Set<PhotoUpload>>();
  #pass = "";
  #cancelTimer: () => void = () => undefined;

  constructor(options: PhotosOptions) {
    this.#options = options;
    this.#addresses = new Addresses(options.pull);
  }

  /** Send bytes; the state tells what becomes of them. They must not be changed afterwards. */
  upload(bytes: Bytes): PhotoUpload {
    const begun = new AbortController();
    let blob = "";
    const upload = new PhotoUpload({
      retry: () => this.#run(this.#uploads.retry(blob)),
      cancel: () => {
        begun.abort();
        this.#leave(blob, upload);
      },
    });
    const pause = (): Promise<void> => new Promise((go) => this.#options.clock.after(0, go));
    void digestInSlices(bytes, pause).then((digest) => {
      if (begun.signal.aborted) return;
      blob = digest;
      this.#waiting.set(blob, (this.#waiting.get(blob) ?? new Set()).add(upload));
      this.#run(this.#uploads.add(blob, bytes));
    });
    return upload;
  }

  /** Where to get a photo; empty where it has to come over the connection: then `borrow` it. */
  url({ sha256 }: Pick<Photo, "sha256">): string {
    return this.#address(sha256);
  }

  /** Where to get its small one. */
  thumbUrl({ thumb }: Pick<Photo, "thumb">): string {
    return this.#address(thumb);
  }

  /** An address of bytes that come over the connection, good until `signal` is aborted. Rejects if there are none. */
  borrow(sha256: string, mime: Photo["mime"], signal: AbortSignal): Promise<string> {
    return this.#addresses.borrow(sha256, mime, signal);
  }

  // The connection.

  /** A welcome opens the line, and whatever ends it closes it. */
  receiveLine(open: boolean): void {
    if (open) this.#run(this.#uploads.receiveOpened());
    else this.#uploads.receiveClosed();
    this.#arm();
  }

  /** Whether this frame was for nobody else: news of photos, or a pull of what is being sent. */
  receive(frame: RelayFrame): frame is PhotoNews {
    switch (frame.type) {
      case "welcome":
        this.#pass = frame.photo_pass;
        return false;
      case "pass":
        this.#pass = frame.photos;
        return true;
      case "pull": {
        const chunks = this.#uploads.receivePull(frame);
        this.#run(chunks ?? []);
        return chunks !== null;
      }
      case "uploaded":
        this.#run(this.#uploads.receiveUploaded(frame));
        return true;
      case "declined":
        this.#run(this.#uploads.receiveDeclined(frame, this.#options.clock.now()));
        return true;
      default:
        return false;
    }
  }

  #address(sha256: string): string {
    const { base } = this.#options;
    if (base === "" || this.#pass === "") return "";
    return `${base}/${sha256}?pass=${encodeURIComponent(this.#pass)}`;
  }

  #leave(blob: string, upload: PhotoUpload): void {
    upload.receive({ phase: "cancelled" });
    const waiting = this.#waiting.get(blob);
    waiting?.delete(upload);
    if (waiting === undefined || waiting.size > 0) return;
    this.#waiting.delete(blob);
    this.#run(this.#uploads.forget(blob));
  }

  #run(frames: readonly UploadFrame[]): void {
    if (frames.length > 0) this.#options.send(frames);
    for (const [blob, waiting] of [...this.#waiting]) {
      const state = this.#uploads.state(blob);
      if (state !== undefined) for (const upload of [...waiting]) upload.receive(state);
    }
    this.#arm();
  }

  #arm(): void {
    this.#cancelTimer();
    const { clock } = this.#options;
    const { deadline } = this.#uploads;
    if (deadline === null) return;
    const tick = (): void => this.#run(this.#uploads.tick(clock.now()));
    this.#cancelTimer = clock.after(Math.max(deadline - clock.now(), 0), tick);
  }
}
