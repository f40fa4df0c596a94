/**
 * The client half of a room: what it shows, and what it still has to tell. No clock, no random, no I/O.
 *
 * The shell opens connections and reports `receiveOpened`, `receive` per frame and `receiveClosed`; the
 * application calls the pushes. Each returns effects, to be run in order: `transmit` for the shell, the
 * others are notes for the application. `core/replica.py` is the same machine in Python, owners' pushes
 * included; `tests/wire/scenarios` holds both to it.
 */
import { assertNever } from "../lib/assert";
import { nextStep } from "../protocol/closing";
import { FrameError } from "../protocol/codec";
import type * as frames from "../protocol/frames";
import { faultOf, wellFormedBody } from "./bodies";
import type { Identity, Stored } from "./identity";
import type { Message } from "./messages";
import { type Effect, refused, stateChanged } from "./notes";
import { MAX_EMIT_BYTES, packFailure } from "./packing";
import { endingOf, type Happening, nextPhase, type Phase } from "./phase";
import { packPortable } from "./portable";
import { Pushes } from "./pushes";
import { Roster } from "./roster";
import { type Said, Standing } from "./standing";
import { Transcript } from "./transcript";
import { View } from "./view";

/** What a replica takes: feeds and photos are other matters. */
export type RoomFrame = Exclude<frames.RelayFrame, frames.FeedNews | frames.PhotoNews>;
/** What may come before the welcome. */
const EARLY: ReadonlySet<string> = new Set(["welcome", "proof", "pong", "ending"]);
type Of<T extends frames.RelayFrame["type"]> = Extract<frames.RelayFrame, { type: T }>;

/** A room as one client has it. It goes through `away → greeting → joined` and back, for as long as it takes. */
export class Replica {
  #phase: Phase = "away";
  #lastEvent = 0;
  readonly #standing: Standing;
  readonly #view = new View();
  readonly #pushes = new Pushes(this.#view);
  readonly #transcript = new Transcript();
  readonly #roster = new Roster();

  constructor(identity: Identity) {
    this.#standing = new Standing(identity);
  }

  // What is known.

  get phase(): Phase {
    return this.#phase;
  }

  get identity(): Identity {
    return this.#standing.identity;
  }

  get peer(): string {
    return this.#standing.peer;
  }

  get role(): frames.Role | null {
    return this.#standing.role;
  }

  get invitations(): readonly frames.Invitation[] {
    return this.#standing.invitations;
  }

  /** Everybody here, by peer, ourselves included. */
  get people(): ReadonlyMap<string, frames.Person> {
    return this.#roster.people;
  }

  /** Participants only look on, until a host unlocks the room (P10). */
  get locked(): boolean {
    return this.#standing.locked;
  }

  /** The shared widgets by name. */
  get shares(): ReadonlyMap<string, frames.Share> {
    return this.#view.picture.shares;
  }

  /** The part of the log that is here: one run without gaps. */
  get log(): readonly frames.LogEntry[] {
    return this.#transcript.entries;
  }

  /** Its texts and moments as they are after all acts, our own unacknowledged ones included. */
  get messages(): Message[] {
    return this.#transcript.shown(this.peer, this.#pushes.waiting);
  }

  /** What a message answers that is before this part: undefined until `quote` has brought it, null for nothing. */
  quoted(at: number): Message | null | undefined {
    return this.#transcript.quoted(at);
  }

  /** Whether `pageBack` would bring more. */
  get logOlder(): boolean {
    return this.#transcript.older;
  }

  /** Pushes that the room has not acknowledged. */
  get waiting(): number {
    return this.#pushes.size;
  }

  /** These pushes, in order; the one made last has the highest id. */
  get pushes(): frames.Push[] {
    return this.#pushes.waiting;
  }

  /** The value to show: our own until the room has it, then the room's; undefined when there is none. */
  value(key: string): unknown {
    return this.#view.value(key);
  }

  /** What the room holds for a key, whatever we show. */
  state(key: string): frames.KeyState | undefined {
    return this.#view.state(key);
  }

  /** The keys that have a value to show, sorted. */
  keys(prefix = ""): string[] {
    return this.#view.keys(prefix);
  }

  /** Whether a set of ours of this key is not acknowledged yet. */
  outstanding(key: string): boolean {
    return this.#view.outstanding(key);
  }

  // The connection.

  /** A connection is open: say who we are. `secret` may be empty once we have a proof (S6). */
  receiveOpened(secret: string): Effect[] {
    this.#move("opened");
    const { picture } = this.#view;
    const hello = this.#standing.hello(secret, picture.position, this.#transcript.position);
    return [{ type: "transmit", frames: [hello] }];
  }

  /** Take one frame of the relay. Throws a `FrameError` when it cannot come now: close the connection. */
  receive(frame: RoomFrame): Effect[] {
    // What was still in the pipe of a closed connection means nothing.
    if (this.#phase === "away" || this.#phase === "ended") return [];
    if (this.#phase === "greeting" && !EARLY.has(frame.type)) {
      throw new FrameError("unexpected", `${frame.type} before the welcome`);
    }
    return this.#receive(frame);
  }

  /** The connection has ended, or could not be opened (any code outside the table). */
  receiveClosed(code: number): Effect[] {
    this.#pushes.cut();
    this.#transcript.cut();
    this.#view.blobs.cut();
    const step = nextStep(code);
    if (step === "retry" || step === "retry-slowly") {
      this.#move("cut");
      return [];
    }
    this.#move("stopped");
    return [{ type: "ended", closing: endingOf(code) }];
  }

  // Pushes: shown or queued at once, sent when we are joined.

  /**
   * Set keys together and show them at once; `DELETED` removes one.
   * Sets that wait are joined, the newest value per key. More than 1000 keys are several pushes.
   * Throws when a value cannot travel (M4); then nothing has changed.
   */
  set(values: Readonly<Record<string, unknown>>): Effect[] {
    this.#pushes.set(Object.entries(values));
    return [...stateChanged(Object.keys(values)), ...this.#flush()];
  }

  /**
   * Send a model's message. One that is too large is refused here, with id 0 (M5).
   * Throws when its content cannot travel (M4).
   */
  emit(model: string, content: unknown, buffers: frames.Bytes[] = [], to = ""): Effect[] {
    const size = buffers.reduce((sum, { length }) => sum + length, packPortable(content).length);
    if (size > MAX_EMIT_BYTES) {
      return refused("too-large", `A message holds at most ${MAX_EMIT_BYTES >> 10} KiB.`);
    }
    return this.#push((id) => ({ type: "emit", id, model, content, buffers, to }));
  }

  /** Add an entry to the log. One that it cannot hold is refused here, with id 0 (L4). */
  post(said: frames.Body): Effect[] {
    const body = wellFormedBody(said);
    const fault = faultOf(body);
    if (fault !== "") return refused("invalid", fault);
    const changed = this.#transcript.changed([body]);
    return [...changed, ...this.#push((id) => ({ type: "post", id, body }))];
  }

  /** Let people in. */
  grant(invitation: frames.Invitation): Effect[] {
    return this.#push((id) => ({ type: "grant", id, invitation }));
  }

  /** Withdraw an invitation. */
  revoke(invitation: string): Effect[] {
    return this.#push((id) => ({ type: "revoke", id, invitation }));
  }

  /** End the room for everybody. */
  stop(): Effect[] {
    return this.#push((id) => ({ type: "stop", id }));
  }

  /** Lock or unlock the room, as its host. */
  lock(on: boolean): Effect[] {
    return this.#push((id) => ({ type: "lock", id, on }));
  }

  /** Send somebody away, as a host. */
  remove(peer: string): Effect[] {
    return this.#push((id) => ({ type: "remove", id, peer }));
  }

  /** Give somebody another role, as a host. */
  entrust(peer: string, role: frames.Trust): Effect[] {
    return this.#push((id) => ({ type: "entrust", id, peer, role }));
  }

  // What is not kept: presence, pages, blobs.

  /**
   * Tell about ourselves, now or at the welcome; entries are merged, null removes one.
   * Throws when one cannot travel (M4); then nothing has changed.
   */
  present(said: Said): Effect[] {
    const presence = this.#standing.present(said);
    if (this.#phase !== "joined") return [];
    const transmit: Effect = { type: "transmit", frames: [presence] };
    const changed: Effect = { type: "people-changed", joined: [], left: [], moved: [this.peer] };
    return this.#roster.move({ ...presence, peer: this.peer }) ? [changed, transmit] : [transmit];
  }

  /** Tell the owner that a model's code threw here (E5). Not kept: it may be lost. */
  fail(model: string, phase: frames.Failed["phase"], text: string): Effect[] {
    return this.#transmit(() => packFailure(model, phase, text) ?? []);
  }

  /** Ask for older log entries; nothing happens when there are none or they are on their way. */
  pageBack(count = 50): Effect[] {
    return this.#transmit(() => this.#transcript.pageBack(count));
  }

  /** Get what a message answers that is before the log's part here: `messages-changed` later. */
  quote(at: number): Effect[] {
    this.#transcript.quote(at);
    return this.#pull();
  }

  /** Ask for messages that hold these words; `search-answered` later. Nothing happens while we are away. */
  search(query: string, before: number | null = null, count = 20): Effect[] {
    return this.#transmit(() => ({ type: "search", query, before, count }));
  }

  /** Get bytes: `blob-arrived` at once or later, or `blob-missing`. */
  needBlob(sha256: string): Effect[] {
    return [...this.#view.needBlob(sha256), ...this.#pull()];
  }

  // Over a reload.

  /** What `load` needs to go on as the same peer. */
  dump(): Stored {
    const { lastId, tried, waiting: pushes } = this.#pushes;
    const { identity, peer, proof } = this.#standing;
    const blobs = Object.fromEntries(this.#view.blobs.offered);
    return { instance: identity.instance, peer, proof, lastId, tried, pushes, blobs };
  }

  /** Go on where another life of this client was; before the first opening. */
  load(stored: Stored): void {
    this.#standing.restore(stored);
    this.#pushes.restore(stored);
  }

  // Frames of the relay, by type.

  #receive(frame: RoomFrame): Effect[] {
    switch (frame.type) {
      case "welcome":
        return this.#receiveWelcome(frame);
      case "patch":
        return [...this.#view.receivePatch(frame), ...this.#pull()];
      case "event":
        return this.#receiveEvent(frame);
      case "said":
        return this.#receiveSaid(frame);
      case "found":
        return [{ type: "search-answered", found: frame }];
      case "people":
        return [this.#roster.receive(frame)];
      case "room":
        return this.#standing.receiveRoom(frame);
      case "ack":
        return this.#receiveAck(frame);
      case "refused":
        return this.#receiveRefused(frame);
      case "notice":
        return [{ type: "notice-received", notice: frame }];
      case "pull":
        return [{ type: "transmit", frames: this.#view.blobs.receivePull(frame) }];
      case "chunk":
        return [...this.#view.receiveChunk(frame), ...this.#pull()];
      case "absent":
        return [...this.#view.receiveAbsent(frame), ...this.#pull()];
      case "proof":
      case "pong":
      case "ending":
        return []; // the shell's matter
      default:
        return assertNever(frame, "frame");
    }
  }

  #receiveWelcome(welcome: frames.Welcome): Effect[] {
    if (this.#phase !== "greeting") throw new FrameError("unexpected", "a second welcome");
    this.#move("welcomed");
    const { reset, missed, acked } = welcome;
    const samePeer = this.#standing.welcome(welcome);
    const [renumbered, resumed] = this.#pushes.resume(acked, samePeer);
    const effects: Effect[] = [
      { type: "welcomed", reset, missed, resent: this.#pushes.size, renumbered },
      this.#roster.welcome(welcome.people),
      ...this.#standing.receiveRoom(welcome),
      ...resumed,
      ...this.#transcript.open(welcome.log[0]),
    ];
    if (this.#view.welcome(welcome.state)) this.#lastEvent = 0;
    effects.push(...this.#view.release(acked), ...this.#flush());
    const { presence } = this.#standing;
    if (presence !== null) {
      this.#roster.move({ ...presence, peer: this.peer });
      effects.push({ type: "transmit", frames: [presence] });
    }
    return [...effects, ...this.#pull()];
  }

  #receiveEvent(event: Of<"event">): Effect[] {
    if (event.at <= this.#lastEvent) return [];
    this.#lastEvent = event.at;
    this.#view.picture.passEvent(event.at);
    return [{ type: "event-received", event }];
  }

  #receiveSaid(said: frames.Said): Effect[] {
    const { entries, effects } = this.#transcript.receive(said);
    for (const entry of entries) if (entry.by === this.peer) this.#pushes.forget(entry.id);
    return [...effects, ...this.#pull()];
  }

  #receiveAck({ id }: Of<"ack">): Effect[] {
    this.#standing.acknowledge(this.#pushes.acknowledge(id));
    return [...this.#view.release(id), { type: "acked", id }, ...this.#flush()];
  }

  #receiveRefused(refused: Of<"refused">): Effect[] {
    const push = this.#pushes.waiting.find(({ id }) => id === refused.id);
    const changed = push?.type === "post" ? this.#transcript.changed([push.body]) : [];
    const fallen = [...this.#pushes.refuse(refused), ...changed];
    return [...fallen, { type: "refused-push", refused }, ...this.#flush()];
  }

  // Parts of the above.

  #move(happening: Happening): void {
    this.#phase = nextPhase(this.#phase, happening);
  }

  #push(make: (id: number) => frames.Push): Effect[] {
    this.#pushes.add(make);
    return this.#flush();
  }

  #flush(): Effect[] {
    return this.#transmit(() => this.#pushes.take());
  }

  /** Ask for the blobs and quotes that are needed. */
  #pull(): Effect[] {
    return this.#transmit(() => [...this.#view.blobs.pulls(), ...this.#transcript.quotePages()]);
  }

  /** These frames, if there are any, while we are joined; otherwise they are not even made. */
  #transmit(make: () => frames.ClientFrame | frames.ClientFrame[]): Effect[] {
    const made = this.#phase === "joined" ? [make()].flat() : [];
    return made.length > 0 ? [{ type: "transmit", frames: made }] : [];
  }
}
