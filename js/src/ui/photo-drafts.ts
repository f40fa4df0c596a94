/** Photos between choosing and the chat: attached to the message that is written, and in messages on their way. */
import {
  computed,
  effect,
  type ReadonlySignal,
  type Signal,
  signal,
  untracked,
} from "@preact/signals";
import type { ChatLine } from "../client";
import { type Prepared, prepare } from "../photos/preparing";
import type { Body } from "../protocol/frames";
import { PhotoDraft, type Workshop } from "./photo-draft";
import type { RoomClient } from "./store";

/** U5: in one message. */
export const MOST_PHOTOS = 12;
/** Own pictures that are shown instead of what the room would send back. */
const KEPT_PICTURES = 24;

type Saying = Pick<RoomClient, "photos" | "self"> & {
  speech: Pick<RoomClient["speech"], "post">;
};

/** Makes a file ready to be sent; tests bring their own. */
type Ready = (file: Blob) => Promise<Prepared>;

/** A message whose photos are not all there. */
interface Outgoing {
  /** Below 0, and never that of a push or of what failed. */
  id: number;
  timeMs: number;
  text: string;
  reply: number;
  photos: readonly PhotoDraft[];
}

/** A photo of the conversation that fills the window. */
export interface ShownPhoto {
  line: number;
  sha256: string;
}

export class PhotoDrafts {
  /** The photo that is looked at. */
  readonly shown: Signal<ShownPhoto | null> = signal(null);
  readonly #client: Saying;
  readonly #workshop: Workshop;
  readonly #attached = signal<readonly PhotoDraft[]>([]);
  readonly #outgoing = signal<readonly Outgoing[]>([]);
  readonly #pictures = new Map<string, string>();
  #made = 0;
  #preparing: Promise<void> = Promise.resolve();

  constructor(client: Saying, until: AbortSignal, ready: Ready = prepare) {
    this.#client = client;
    this.#workshop = { prepare: ready, upload: (bytes) => client.photos.upload(bytes) };
    const stop = effect(() => {
      const ready = this.#outgoing.value.filter(({ photos }) =>
        photos.every(({ photo }) => photo !== null),
      );
      if (ready.length > 0) untracked(() => this.#post(ready));
    });
    const end = (): void => {
      stop();
      for (const draft of this.#attached.peek()) draft.leave();
    };
    until.addEventListener("abort", end, { once: true });
  }

  /** What goes with the next message. */
  get attached(): ReadonlySignal<readonly PhotoDraft[]> {
    return this.#attached;
  }

  /** The messages whose photos are still on their way, as lines of the chat. */
  readonly lines: ReadonlySignal<readonly ChatLine[]> = computed(() => {
    const { peer: by, name, color } = this.#client.self;
    return this.#outgoing.value.map(({ id, timeMs, text, reply }): ChatLine => {
      const who = { id, timeMs, mine: true, by, name, color };
      const body: Body = { kind: "photos", photos: [], text, reply };
      const rest = { moment: null, edited: false, reactions: [], fault: null };
      return { ...who, body, text, reply, ...rest, state: "sending" };
    });
  });

  /** Whether a message can be sent for the photos alone. */
  get ready(): boolean {
    return this.#attached.value.some(({ fit }) => fit);
  }

  /** Attach files; how many were too many. */
  add(files: Iterable<File>): number {
    const all = [...files];
    const room = Math.max(0, MOST_PHOTOS - this.#attached.peek().length);
    const drafts = all.slice(0, room).map((file) => {
      this.#made += 1;
      const draft = new PhotoDraft(this.#made, file.name);
      this.#preparing = this.#preparing.then(() => draft.begin(file, this.#workshop));
      return draft;
    });
    this.#attached.value = [...this.#attached.peek(), ...drafts];
    return all.length - drafts.length;
  }

  /** Leave one out, wherever it is. */
  remove(draft: PhotoDraft): void {
    draft.leave();
    this.#attached.value = this.#attached.peek().filter((each) => each !== draft);
    this.#outgoing.value = this.#outgoing.peek().flatMap((message) => {
      const photos = message.photos.filter((each) => each !== draft);
      if (photos.length > 0 || message.photos.length === 0) return [{ ...message, photos }];
      const { text, reply } = message;
      if (text !== "") this.#client.speech.post({ kind: "text", text, reply });
      return [];
    });
  }

  /** Send what is attached with this text; false if there is nothing. What cannot be sent stays. */
  send(text: string, reply: number, timeMs = Date.now()): boolean {
    const photos = this.#attached.peek().filter(({ fit }) => fit);
    if (photos.length === 0) return false;
    for (const draft of photos) draft.refresh(timeMs);
    this.#attached.value = this.#attached.peek().filter(({ fit }) => !fit);
    this.#made += 1;
    const message = { id: -this.#made - 0.25, timeMs, text, reply, photos };
    this.#outgoing.value = [...this.#outgoing.peek(), message];
    return true;
  }

  /** The photos of a message on its way; null if it is none of those. */
  draftsOf(line: number): readonly PhotoDraft[] | null {
    return this.#outgoing.value.find(({ id }) => id === line)?.photos ?? null;
  }

  /** Our own picture of a photo that we have sent; empty if there is none. */
  pictureOf(sha256: string): string {
    return this.#pictures.get(sha256) ?? "";
  }

  /** Say messages whose photos the room has. */
  #post(ready: readonly Outgoing[]): void {
    this.#outgoing.value = this.#outgoing.peek().filter((message) => !ready.includes(message));
    for (const { photos: drafts, text, reply } of ready) {
      // U5: a photo is shown once, however often it was chosen.
      const photos = new Map(
        drafts.flatMap(({ photo }) => (photo === null ? [] : [[photo.sha256, photo] as const])),
      );
      for (const draft of drafts) this.#keepPicture(draft);
      this.#client.speech.post({ kind: "photos", photos: [...photos.values()], text, reply });
    }
  }

  #keepPicture(draft: PhotoDraft): void {
    const sha256 = draft.photo?.sha256 ?? "";
    const known = this.#pictures.has(sha256);
    if (!known) this.#pictures.set(sha256, draft.picture.peek());
    draft.leave(!known);
    for (const [oldest, picture] of this.#pictures) {
      if (this.#pictures.size <= KEPT_PICTURES) break;
      this.#pictures.delete(oldest);
      URL.revokeObjectURL(picture);
    }
  }
}
