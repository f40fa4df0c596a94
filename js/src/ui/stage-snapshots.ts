/** How widgets look, asked of one frame: for a message, and to be looked like again. */
import { MAX_PICTURE } from "../client";
import { browserClock, type Clock } from "../connection/clock";
import type { ToSandbox } from "../host/messages";
import type { FromSnap } from "../host/snap";
import { pictureType } from "../lib/picture-type";
import { isEmpty } from "./applying";
import { shownValues } from "./shown-values";
import type { StageWish } from "./snapshots";
import type { Store } from "./store";
import { TEXTS } from "./texts";

/** Milliseconds. A widget that is busy for longer gives no picture; its values are known here. */
const PATIENCE_MS = 3000;

interface Framed {
  post(message: ToSandbox): void;
}

/** What was asked, until it is answered. */
interface Asked {
  share: string;
  ticket: number;
  forget(): void;
}

export class StageSnapshots {
  readonly #store: Store;
  readonly #frame: Framed;
  readonly #clock: Pick<Clock, "after">;
  #asked: Asked | null = null;
  #tickets = 0;

  constructor(
    store: Store,
    frame: Framed,
    until: AbortSignal,
    clock: Pick<Clock, "after"> = browserClock,
  ) {
    this.#store = store;
    this.#frame = frame;
    this.#clock = clock;
    store.snapshots.serve((wish) => this.#receiveWish(wish), until);
    until.addEventListener("abort", () => this.#forget(), { once: true });
  }

  /** What nobody has asked for is passed over: widget code puts nothing into a message. */
  receive({ share, ticket, picture, local }: FromSnap): void {
    if (this.#asked?.share !== share || this.#asked.ticket !== ticket) return;
    this.#forget();
    const kept = new Uint8Array(picture);
    const fits = kept.length <= MAX_PICTURE && pictureType(kept) !== "";
    this.#attach(share, local, fits ? kept : new Uint8Array());
  }

  /** A chart answers with a moment. */
  receiveMoment(share: string): void {
    if (this.#asked?.share === share) this.#forget();
    this.#store.snapshots.detach();
  }

  #receiveWish(wish: StageWish): void {
    if (wish.type === "snap") this.#ask(wish.share);
    else this.#frame.post(wish);
  }

  #ask(share: string): void {
    this.#forget();
    this.#tickets += 1;
    const ticket = this.#tickets;
    const forget = this.#clock.after(PATIENCE_MS, () => {
      this.#asked = null;
      this.#attach(share, {}, new Uint8Array());
    });
    this.#asked = { share, ticket, forget };
    this.#frame.post({ type: "snap", share, ticket });
  }

  #forget(): void {
    this.#asked?.forget();
    this.#asked = null;
  }

  #attach(name: string, local: Record<string, unknown>, picture: Uint8Array<ArrayBuffer>): void {
    const { client, snapshots, moments, toasts } = this.#store;
    const share = client.shares().find((one) => one.name === name);
    if (share === undefined) return;
    const values = shownValues(client, share, local);
    if (isEmpty(values)) {
      toasts.show("plain", TEXTS.card.nothingToSend(moments.titleOf(name) ?? name));
      return;
    }
    moments.detach();
    snapshots.attach({ share: name, values, picture });
  }
}
