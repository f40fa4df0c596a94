/** A room for an application: joins the replica with a connection, and tells what changed. */
import { Awaited } from "./awaited";
import type { ChatLine, ChatMoment } from "./chat";
import type { ClientOptions, Self } from "./client-options";
import { browserClock, type Clock } from "./connection/clock";
import { Connection } from "./connection/connection";
import { browserHints } from "./connection/hints";
import type { Link } from "./connection/link";
import { Feeding, isFeedNews } from "./feeding";
import { Emitter } from "./lib/emitter";
import { equal } from "./lib/equal";
import { token } from "./lib/random";
import { report } from "./lib/report";
import { type Note, notesOf } from "./notes";
import { Photos } from "./photos/photos";
import { isLooking, isWatched, PresenceThrottle } from "./presence";
import { closingOf, nextStep } from "./protocol/closing";
import {
  decodeRelay,
  FrameError,
  messagesOf,
  SUBPROTOCOLS,
  type Subprotocol,
} from "./protocol/codec";
import type {
  ClientFrame,
  Failed,
  KeyState,
  Person,
  RelayFrame,
  Share,
  Trust,
} from "./protocol/frames";
import { Speech } from "./speech";
import { changesIn, type Ending, ownerOf, phaseOf, type Status } from "./status";
import type { Effect } from "./sync/notes";
import { Replica } from "./sync/replica";
import { Undecided } from "./undecided";

export type { ChatLine, ChatMoment, Reaction } from "./chat";
export type { ClientOptions, Self } from "./client-options";
export type { Dial, Link, LinkEvents } from "./connection/link";
export { type Memory, openPageMemory, plainMemory, type Stored } from "./memory";
export type { Note } from "./notes";
export type { Ending, Phase, Status } from "./status";
export { MAX_PICTURE } from "./sync/bodies";
export { DELETED } from "./sync/overlay";

/** With this much before it on the line, a pointer would arrive where it no longer is. */
const CONGESTED_BYTES = 64 << 10;
/** Sets come 60 times a second; a crash within this time loses those of it, a reload none. */
const SAVE_MS = 100;
/** The relay's bytes make no sense: page and relay are of different versions. */
const VERSION_CODE = 4514;

export class Client {
  readonly feeds: Feeding;
  readonly photos: Photos;
  /** The chat. */
  readonly speech: Speech;
  readonly #options: ClientOptions;
  readonly #clock: Clock;
  readonly #replica: Replica;
  readonly #connection: Connection;
  readonly #presence: PresenceThrottle;
  readonly #notes = new Emitter<Note>();
  readonly #undecided: Undecided;
  readonly #blobs = new Awaited();
  #secret = "";
  #subprotocol: Subprotocol = "cowidget.1.msgpack";
  #ending: Ending | null = null;
  #joinedBefore = false;
  #failedBefore = false;
  #told: Status | null = null;
  #queue: Effect[] = [];
  #running = false;
  #saveDue = false;

  constructor(options: ClientOptions) {
    this.#options = options;
    this.#clock = options.clock ?? browserClock;
    const { room, kind, name, color, instance = token() } = options;
    this.#replica = new Replica({ room, kind, name, color, instance });
    this.speech = new Speech(this.#replica, {
      run: (effects, keep) => (keep ? this.#kept(effects) : this.#run(effects)),
      tell: (note) => this.#notes.emit(note),
    });
    this.feeds = new Feeding((wishes) => this.#send(wishes));
    this.photos = new Photos({
      clock: this.#clock,
      base: options.photos ?? "",
      send: (frames) => this.#send(frames),
      // Past heirs, who may keep what they get: only code may outlive a visit.
      pull: (sha256) => Client.prototype.blob.call(this, sha256),
    });
    this.#undecided = new Undecided(this.#clock, () => this.#tellStatus());
    const isFree = (): boolean => this.#connection.bufferedBytes < CONGESTED_BYTES;
    const isSeen = (): boolean => isLooking() && isWatched(this.people(), this.#replica.peer);
    const size = (): number => this.#replica.people.size;
    this.#presence = new PresenceThrottle(this.#clock, { isFree, isSeen, size }, (about) =>
      this.#run(this.#replica.present({ about })),
    );
    this.#connection = new Connection({
      dial: async (events, signal) => {
        this.#secret = await options.credential();
        return options.dial(events, signal);
      },
      events: {
        opened: (link) => this.#opened(link),
        message: (bytes) => this.#received(bytes),
        closed: (code, reason) => this.#closed(code, reason),
        ping: (sent) => this.#send([{ type: "ping", sent }]),
        changed: () => this.#tellStatus(),
      },
      stepOf: nextStep,
      clock: this.#clock,
      hints: options.hints ?? browserHints,
    });
  }

  /** Go on where the memory left off, and connect until the signal is aborted. */
  start(signal: AbortSignal): void {
    const stored = this.#options.memory.load();
    if (stored !== null) this.#replica.load(stored);
    this.speech.restore(stored?.failed ?? []);
    // A reload or a closed tab; what is in flight is kept with the rest.
    globalThis.addEventListener?.("pagehide", () => this.#save(), { signal });
    signal.addEventListener("abort", () => this.#save(), { once: true });
    this.#connection.start(signal);
  }

  on(listener: (note: Note) => void, signal: AbortSignal): void {
    this.#notes.on(listener, signal);
  }

  // What is known.

  get self(): Self {
    const { peer, role, identity } = this.#replica;
    return { peer, role: role ?? "viewer", name: identity.name, color: identity.color };
  }

  status(): Status {
    const { machine } = this.#connection;
    return {
      phase: phaseOf(machine, this.#failedBefore),
      latencyMs: machine.latency,
      retryAtMs: this.#wallTime(machine.retryAt),
      waiting: changesIn(this.#replica.pushes),
      closing: this.#ending,
      ...ownerOf(this.#replica, this.#undecided.late),
    };
  }

  /** Everybody, kernels and ourselves included. */
  people(): Person[] {
    return [...this.#replica.people.values()];
  }

  /** Whether participants only look on, until a host unlocks the room; a `room` note tells when it changes. */
  locked(): boolean {
    return this.#replica.locked;
  }

  shares(): Share[] {
    const shares = [...this.#replica.shares.values()];
    return shares.sort((a, b) => a.order - b.order || (a.name < b.name ? -1 : 1));
  }

  /** The shown value: our own until the room has it; undefined if unknown or its blob is on its way. */
  value(key: string): unknown {
    return this.#replica.value(key);
  }

  /** What the room holds. */
  state(key: string): KeyState | undefined {
    return this.#replica.state(key);
  }

  keys(prefix: string): string[] {
    return this.#replica.keys(prefix);
  }

  chat(): { lines: ChatLine[]; older: boolean; unread: number } {
    return this.speech.read();
  }

  /** Code and style of models: pulled, checked and cached. Rejects when the relay does not have it. */
  blob(sha256: string): Promise<Uint8Array> {
    const blob = this.#blobs.wait(sha256);
    this.#run(this.#replica.needBlob(sha256));
    return blob;
  }

  // What we say.

  /** Shown at once; unsent sets of the same key are joined. Throws when a value cannot travel. */
  set(values: Record<string, unknown>): void {
    this.#run(this.#replica.set(values));
    this.#saveSoon();
  }

  emit(model: string, content: unknown, buffers: Uint8Array[] = []): void {
    const own = buffers.map((buffer) => new Uint8Array(buffer));
    this.#kept(this.#replica.emit(model, content, own));
  }

  /** Write in the chat; with a moment, the text may be empty. */
  post(text: string, moment: ChatMoment | null = null): void {
    this.speech.post(
      moment === null ? { kind: "text", text, reply: 0 } : { kind: "moment", ...moment, text },
    );
  }

  /** About us: entries are merged, null removes one; told at most 20 times a second. */
  present(about: Record<string, unknown>): void {
    this.#presence.present(about);
  }

  rename(name: string, color?: string): void {
    this.#run(this.#replica.present({ name, color: color ?? null }));
    this.#notes.emit({ type: "people" });
  }

  // What hosts do; the answer to who may not is a `refused` note.

  lock(on: boolean): void {
    this.#kept(this.#replica.lock(on));
  }

  remove(peer: string): void {
    this.#kept(this.#replica.remove(peer));
  }

  entrust(peer: string, role: Trust): void {
    this.#kept(this.#replica.entrust(peer, role));
  }

  /** A widget's code threw here: for its kernel to know. While we are not joined, nobody is told. */
  fail(model: string, phase: Failed["phase"], text: string): void {
    this.#run(this.#replica.fail(model, phase, text));
  }

  /** Try to connect now. */
  retry(): void {
    this.#connection.retry();
  }

  // The connection's events.

  #opened(link: Link): void {
    this.#subprotocol = subprotocolOf(link);
    this.#run(this.#replica.receiveOpened(this.#secret));
  }

  #received(bytes: Uint8Array): void {
    try {
      for (const frame of decodeRelay(bytes, this.#subprotocol)) this.#receive(frame);
    } catch (error) {
      if (!(error instanceof FrameError)) throw error;
      report(error);
      this.#connection.fail(VERSION_CODE, error.slug);
    }
  }

  #receive(frame: RelayFrame): void {
    if (frame.type === "ending") {
      this.#connection.fail(frame.code, frame.slug);
      return;
    }
    if (isFeedNews(frame)) {
      this.feeds.receive(frame);
      return;
    }
    if (this.photos.receive(frame)) return;
    if (frame.type === "pong") this.#connection.pong(frame.sent);
    if (frame.type === "refused" && frame.keys.length === 0) frame.keys = this.#keysOf(frame.id);
    if (frame.type === "refused") this.speech.receiveRefused(frame);
    this.#run(this.#replica.receive(frame));
    if (frame.type === "patch") this.#undecided.receive(frame);
    if (frame.type === "ack" || frame.type === "refused" || frame.type === "welcome")
      this.#saveSoon();
  }

  #closed(code: number, reason: string): void {
    const closing = closingOf(code);
    this.#ending = closing === undefined ? null : { ...closing };
    this.#failedBefore = true;
    if (closing === undefined && reason !== "")
      console.debug("cowidget: connection closed", code, reason);
    this.feeds.receiveLine(false);
    this.photos.receiveLine(false);
    this.#run(this.#replica.receiveClosed(code));
  }

  // The replica's effects.

  // A listener may push again: its effects come after those that made it listen, or ids would be sent out
  // of order and their pushes be taken for duplicates (S3).
  #run(effects: readonly Effect[]): void {
    this.#queue.push(...effects);
    if (this.#running) return;
    this.#running = true;
    try {
      for (let next = this.#queue.shift(); next !== undefined; next = this.#queue.shift()) {
        this.#runOne(next);
      }
    } finally {
      this.#running = false;
    }
  }

  #runOne(effect: Effect): void {
    switch (effect.type) {
      case "transmit":
        this.#send(effect.frames);
        break;
      case "welcomed":
        this.#welcomed(effect);
        break;
      case "ended":
        this.#ending = { ...effect.closing };
        break;
      case "log-grown":
        this.speech.grown(effect.entries, effect.reset);
        break;
      case "blob-arrived":
        this.#blobs.receiveArrived(effect.sha256, effect.data);
        break;
      case "blob-missing":
        this.#blobs.receiveMissing(effect.sha256);
        break;
      default:
        break;
    }
    for (const note of notesOf(effect)) this.#notes.emit(note);
    if (effect.type === "people-changed") this.#presence.look();
    if (effect.type === "shares-changed" || effect.type === "people-changed") this.#tellStatus();
  }

  #send(frames: readonly ClientFrame[]): void {
    for (const message of messagesOf(frames, this.#subprotocol)) this.#connection.send(message);
  }

  #welcomed({ reset, missed, renumbered }: Extract<Effect, { type: "welcomed" }>): void {
    const sent = changesIn(this.#replica.pushes);
    this.#ending = null;
    this.speech.welcomed(renumbered);
    this.#connection.welcomed();
    // Who we are to the relay must survive even a crash.
    this.#save();
    this.feeds.receiveLine(true);
    this.photos.receiveLine(true);
    if (this.#joinedBefore) this.#notes.emit({ type: "resumed", reset, missed, sent });
    this.#joinedBefore = true;
  }

  #keysOf(id: number): string[] {
    const push = this.#replica.pushes.find((each) => each.id === id);
    return push?.type === "set" ? push.changes.map(({ key }) => key) : [];
  }

  #tellStatus(): void {
    const status = this.status();
    if (equal(status, this.#told)) return;
    this.#told = status;
    this.#notes.emit({ type: "status" });
  }

  // Events and posts done twice are seen by everybody, so the memory has them before the line.
  #kept(effects: readonly Effect[]): void {
    this.#save();
    this.#run(effects);
    this.#tellStatus();
  }

  #saveSoon(): void {
    this.#tellStatus();
    if (this.#saveDue) return;
    this.#saveDue = true;
    this.#clock.after(SAVE_MS, () => {
      this.#saveDue = false;
      this.#save();
    });
  }

  #save(): void {
    this.#options.memory.save({ ...this.#replica.dump(), failed: this.speech.unsent });
  }

  /** A time of the connection's clock, on that of `Date.now()`; whole, so that it does not jitter. */
  #wallTime(at: number | null): number | null {
    return at === null ? null : Math.round((Date.now() + at - this.#clock.now()) / 10) * 10;
  }
}

function subprotocolOf(link: Link): Subprotocol {
  return SUBPROTOCOLS.find((known) => known === link.subprotocol) ?? "cowidget.1.msgpack";
}
