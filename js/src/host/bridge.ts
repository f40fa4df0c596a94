/**
 * Between the client and a sandbox: shares, values and messages inwards, writes and messages outwards.
 *
 * A share is posted once its code has come and every value that the room holds for it is known.
 */
import type { Client } from "../client";
import { browserClock } from "../connection/clock";
import type { Share } from "../protocol/frames";
import type { Range } from "./annotations";
import { Cursors } from "./cursors";
import { FeedGate } from "./feed-gate";
import { type MarkEvents, Marks } from "./marks";
import {
  type Failure,
  type FromSandbox,
  isHousekeeping,
  type Message,
  splitKey,
  type Theme,
  type ToSandbox,
} from "./messages";
import { type OfferEvents, Offers } from "./offers";
import { Pace, type Sent } from "./pace";
import { hashesOf, keysOf, specOf } from "./specs";
import { Texts } from "./texts";

/** The part of the client that widgets need. */
export type WidgetClient = Pick<
  Client,
  | "shares"
  | "value"
  | "state"
  | "keys"
  | "people"
  | "blob"
  | "set"
  | "emit"
  | "present"
  | "fail"
  | "on"
  | "feeds"
  | "self"
>;

/** What a page tells of its widgets' failures. One that throws at every move has nothing new to say. */
const MAX_FAILURES = 20;
/** Messages of one share that wait for its code. */
const MAX_EARLY = 1000;

export interface BridgeEvents extends MarkEvents, OfferEvents {
  onFailure(failure: Failure): void;
  onHeight(height: number): void;
  /** How many shares are on the stage. */
  onStaged(count: number): void;
  /** Somebody who may only look has moved something, or changed a mark. */
  onViewOnly(): void;
  /** Where the chart is that was to be seen, in the frame's pixels. */
  onReveal(top: number, height: number): void;
  /** A widget wanted to send what cannot travel, such as a function, or more than the room takes. */
  onUnsendable(error: unknown): void;
}

/** A share that the sandbox has: what may be written, and the texts that it has brought. */
interface Staged {
  description: string;
  keys: ReadonlySet<string>;
  models: ReadonlySet<string>;
  texts: readonly string[];
  hidden: boolean;
}

type Annotation = Extract<FromSandbox, { type: "cursor" | "mark" | "moment" }>;

interface Outgoing {
  post(message: ToSandbox): void;
}

export class Bridge {
  readonly #client: WidgetClient;
  readonly #outgoing: Outgoing;
  readonly #events: BridgeEvents;
  readonly #signal: AbortSignal;
  /** What is on its way to the stage or on it: share name to the description that was taken. */
  readonly #taken = new Map<string, string>();
  readonly #staged = new Map<string, Staged>();
  /** What has been said to the models of a share that is still on its way. */
  readonly #early = new Map<string, ToSandbox[]>();
  readonly #texts: Texts;
  readonly #failures = new Set<string>();
  readonly #pace: Pace;
  readonly #feeds: FeedGate;
  readonly #marks: Marks;
  readonly #cursors: Cursors;
  readonly #offers: Offers;
  readonly #touched = new Set<string>();
  #theme: Theme = { dark: false, tokens: {} };
  #turn = 0;
  #generation = 0;
  #ready = false;
  #flooded = false;
  #incomplete = false;

  constructor(
    client: WidgetClient,
    outgoing: Outgoing,
    events: BridgeEvents,
    signal: AbortSignal,
    clock = browserClock,
  ) {
    this.#client = client;
    this.#outgoing = outgoing;
    this.#events = events;
    this.#signal = signal;
    this.#texts = new Texts((hash) => client.blob(hash));
    this.#pace = new Pace(clock, (sent) => this.#send(sent));
    const post = (message: ToSandbox): void => outgoing.post(message);
    this.#feeds = new FeedGate(client.feeds, post, clock, signal);
    this.#marks = new Marks(client, post, events, clock);
    this.#cursors = new Cursors(client, post, signal);
    this.#offers = new Offers(events);
    signal.addEventListener("abort", () => this.#pace.clear(), { once: true });
    client.on((note) => {
      if (note.type === "shares") this.#bringShares();
      else if (note.type === "state") this.#touch(note.keys);
      else if (note.type === "people") this.#cursors.touch();
      else if (note.type === "refused") this.#touch(note.keys);
      else if (note.type === "event" && note.model !== "") {
        const { model, content, buffers, trait, count } = note;
        this.#bringMessage(model, { content, buffers, trait, count });
      }
    }, signal);
  }

  /** A new, empty sandbox has greeted. */
  receiveReady(): void {
    this.#ready = true;
    this.#generation += 1;
    this.#turn = 0;
    this.#pace.clear();
    this.#flooded = false;
    this.#taken.clear();
    this.#staged.clear();
    this.#early.clear();
    this.#marks.clear();
    this.#outgoing.post({ type: "theme", theme: this.#theme });
    this.#cursors.begin();
    this.#feeds.begin();
    this.#bringShares();
  }

  receive(message: FromSandbox): void {
    switch (message.type) {
      case "set":
      case "emit":
        this.#take(message);
        break;
      case "failure":
        this.#receiveFailure(message.failure);
        break;
      case "size":
        this.#events.onHeight(message.height);
        break;
      case "reveal":
        this.#events.onReveal(message.top, message.height);
        break;
      case "feed":
        this.#feeds.receive(message.wish);
        break;
      case "save":
        this.#offers.receiveFile(message.name, message.mime, message.bytes);
        break;
      case "cursor":
      case "mark":
      case "moment":
        if (this.#staged.has(message.share)) this.#receiveAnnotation(message);
        break;
    }
  }

  /** Somebody wants to see this range of a chart; `onReveal` tells where it is. */
  focus(share: string, range: Range): void {
    if (this.#staged.has(share)) this.#outgoing.post({ type: "focus", share, range });
  }

  /** The mouse is outside the frame. */
  leave(): void {
    this.#cursors.leave();
  }

  dress(theme: Theme): void {
    this.#theme = theme;
    if (this.#ready) this.#outgoing.post({ type: "theme", theme });
  }

  #receiveAnnotation(message: Annotation): void {
    try {
      if (message.type === "cursor") this.#cursors.receive(message.share, message.cursor);
      else if (message.type === "mark")
        this.#marks.receive(message.share, message.id, message.mark);
      else this.#offers.receiveMoment(message.share, message.moment);
    } catch (error) {
      this.#events.onUnsendable(error);
    }
  }

  #take(sent: Sent): void {
    if (this.#pace.push(sent) || this.#flooded) return;
    this.#flooded = true;
    this.#events.onUnsendable(new Error("a widget sends more than the room takes"));
  }

  #sendSet(turn: number, values: Record<string, unknown>): void {
    this.#turn = turn;
    const known = Object.entries(values).filter(([key]) => this.#isWritten(key));
    if (known.length === 0) return;
    if (this.#client.self.role === "viewer") {
      this.#events.onViewOnly();
      this.#touch(known.map(([key]) => key));
    } else {
      this.#client.set(Object.fromEntries(known));
    }
  }

  #sendEmit(model: string, content: unknown, buffers: Uint8Array[]): void {
    // Messages without a model are between the interface and the kernel; a widget has no say there.
    const isStaged = [...this.#staged.values()].some(({ models }) => models.has(model));
    if (isStaged) this.#client.emit(model, content, buffers);
  }

  #send(sent: Sent): void {
    try {
      if (sent.type === "set") this.#sendSet(sent.turn, sent.values);
      else this.#sendEmit(sent.model, sent.content, sent.buffers);
    } catch (error) {
      this.#events.onUnsendable(error);
    }
  }

  #receiveFailure(failure: Failure): void {
    const { model, phase, text } = failure;
    const told = JSON.stringify([model, phase, text]);
    if (this.#failures.has(told) || this.#failures.size >= MAX_FAILURES) return;
    this.#failures.add(told);
    this.#events.onFailure(failure);
    this.#client.fail(model, phase, text);
  }

  #bringShares(): void {
    const shares = this.#client.shares();
    // The code comes while the sandbox is still starting.
    this.#texts.want(new Set(shares.flatMap((share) => [...hashesOf(share)])));
    if (!this.#ready) return;
    const names = new Set(shares.map(({ name }) => name));
    for (const name of [...this.#taken.keys(), ...this.#early.keys()]) {
      if (!names.has(name)) this.#drop(name);
    }
    this.#incomplete = false;
    for (const share of shares) this.#bring(share);
    this.#tellStaged();
  }

  #drop(name: string): void {
    this.#taken.delete(name);
    this.#early.delete(name);
    this.#marks.drop(name);
    this.#cursors.drop(name);
    if (this.#staged.delete(name)) this.#outgoing.post({ type: "gone", share: name });
  }

  #tellStaged(): void {
    const shown = [...this.#staged.values()].filter(({ hidden }) => !hidden);
    this.#events.onStaged(shown.length);
  }

  #bring(share: Share): void {
    const description = JSON.stringify(share);
    if (this.#taken.get(share.name) === description) {
      // It may have been another for a moment, of which not all had come.
      if (this.#staged.get(share.name)?.description === description) this.#release(share.name);
      return;
    }
    if (!this.#early.has(share.name)) this.#early.set(share.name, []);
    if (!this.#isComplete(share)) {
      this.#incomplete = true;
      return;
    }
    this.#taken.set(share.name, description);
    void this.#stage(share, description, this.#generation);
  }

  async #stage(share: Share, description: string, generation: number): Promise<void> {
    const spec = await specOf(share, this.#texts);
    const outdated = generation !== this.#generation || this.#taken.get(share.name) !== description;
    if (outdated || this.#signal.aborted) return;
    const keys = keysOf(share);
    const known = keys.filter((key) => this.#client.value(key) !== undefined);
    const values = Object.fromEntries(known.map((key) => [key, this.#client.value(key)]));
    // The sandbox keeps the texts of what it has.
    const held = new Set([...this.#staged.values()].flatMap(({ texts }) => texts));
    const texts = Object.fromEntries(
      Object.entries(spec.texts).filter(([hash]) => !held.has(hash)),
    );
    this.#outgoing.post({ type: "share", turn: this.#turn, share: { ...spec, values, texts } });
    this.#staged.set(share.name, {
      description,
      keys: new Set(keys),
      models: new Set(spec.models.map(({ id }) => id)),
      texts: Object.keys(spec.texts),
      hidden: spec.hidden,
    });
    this.#marks.bring(share.name);
    this.#release(share.name);
    this.#tellStaged();
  }

  #release(share: string): void {
    for (const message of this.#early.get(share) ?? []) this.#outgoing.post(message);
    this.#early.delete(share);
  }

  #bringMessage(model: string, message: Message): void {
    if (!this.#ready) return;
    const [share = ""] = model.split("/", 1);
    const early = this.#early.get(share);
    const posted: ToSandbox = { type: "message", model, message };
    if (early === undefined) {
      this.#flush(); // what has changed before is seen before
      this.#outgoing.post(posted);
    } else if (early.push(posted) > MAX_EARLY) early.shift();
  }

  /** Whether each value that the room holds for the share has come, blobs included. */
  #isComplete(share: Share): boolean {
    return keysOf(share).every(
      (key) => this.#client.state(key) === undefined || this.#client.value(key) !== undefined,
    );
  }

  #isStaged(key: string): boolean {
    for (const { keys } of this.#staged.values()) if (keys.has(key)) return true;
    return false;
  }

  /** What a view keeps to itself goes nowhere, whoever writes it: the room would refuse it aloud. */
  #isWritten(key: string): boolean {
    return this.#isStaged(key) && !isHousekeeping(splitKey(key)[1]);
  }

  /** Collects what changed in one go of the client, so that widgets see it together. */
  #touch(keys: readonly string[]): void {
    this.#marks.touch(keys);
    if (this.#touched.size === 0) queueMicrotask(() => this.#flush());
    for (const key of keys) this.#touched.add(key);
  }

  #flush(): void {
    const keys = [...this.#touched];
    this.#touched.clear();
    if (!this.#ready || this.#signal.aborted) return;
    const values: Record<string, unknown> = {};
    for (const key of keys) {
      const value = this.#client.value(key);
      if (value !== undefined && this.#isStaged(key)) values[key] = value;
    }
    if (Object.keys(values).length > 0) {
      this.#outgoing.post({ type: "state", turn: this.#turn, values });
    }
    if (this.#incomplete) this.#bringShares();
  }
}
