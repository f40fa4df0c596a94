/** The chat as lines: what the log holds, and what is on its way to it or did not get there. */
import type { Body, Bytes, LogEntry, Post } from "./protocol/frames";
import { type Act, isAct, type Message } from "./sync/messages";
import type { Replica } from "./sync/replica";

/** A time range of a chart that somebody shows, and a picture of how they saw it. Times are Unix seconds. */
export interface ChatMoment {
  share: string;
  start: number;
  end: number;
  picture: Bytes;
}

/** Who put an emoji on a line, in the order in which they did. */
export interface Reaction {
  emoji: string;
  peers: readonly string[];
  mine: boolean;
}

/** Why the room did not take a line. */
export type Fault = { slug: string; text: string };

/** `id` is the entry's offset, or below 0 while it is not in the log. A line that did not change stays the same object. */
export interface ChatLine {
  id: number;
  mine: boolean;
  by: string;
  name: string;
  color: string;
  timeMs: number;
  /** As it is after its edits. */
  body: Body;
  text: string;
  moment: ChatMoment | null;
  /** The offset of the entry that it answers; 0 is none. */
  reply: number;
  edited: boolean;
  reactions: readonly Reaction[];
  state: "sending" | "sent" | "failed";
  /** Of a line that failed. */
  fault: Fault | null;
}

/** What the room did not take. */
export interface Unsent {
  body: Body;
  timeMs: number;
  fault: Fault;
}

interface Failed {
  line: ChatLine;
  /** Null for one of an earlier life of the page. */
  push: number | null;
}

export class Chat {
  readonly #replica: Replica;
  /** Every peer that we were: a new one does not make our lines those of somebody else. */
  readonly #own = new Set<string>();
  readonly #names = new Map<string, { name: string; at: number }>();
  #drawn = new Drawn();
  #sentAt = new Map<number, number>();
  #failed: Failed[] = [];
  #failures = 0;
  #readAt = 0;

  constructor(replica: Replica) {
    this.#replica = replica;
  }

  read(): { lines: ChatLine[]; older: boolean; unread: number } {
    const { messages, pushes, logOlder } = this.#replica;
    const lines = this.#drawn.of(messages, (message) => this.#line(message));
    for (const push of pushes) {
      if (push.type === "post" && isSpoken(push.body)) lines.push(this.#draft(push));
    }
    for (const { line } of this.#failed) lines.push(line);
    return { lines, older: logOlder, unread: this.#unread(messages) };
  }

  /** What a line answers that is before the first one; undefined while it is not here, null if it is gone. */
  quoted(id: number): ChatLine | null | undefined {
    const message = this.#replica.quoted(id);
    return message && this.#line(message);
  }

  /** What this peer was last called in the log; empty if nothing of theirs is here. */
  nameOf(peer: string): string {
    return this.#names.get(peer)?.name ?? "";
  }

  /** The post that was made last was written at this time. */
  sent(timeMs: number): void {
    const last = this.#replica.pushes.at(-1);
    if (last?.type === "post") this.#sentAt.set(last.id, timeMs);
  }

  /** We are welcomed: under which peer, and which ids have changed. */
  welcomed(renumbered: ReadonlyMap<number, number>): void {
    if (!this.#own.has(this.#replica.peer)) this.#drawn = new Drawn(); // some lines may be ours now
    this.#own.add(this.#replica.peer);
    const times = [...this.#sentAt].map(([id, time]) => [renumbered.get(id) ?? id, time] as const);
    this.#sentAt = new Map(times);
  }

  /** These entries have come, or with `reset`, these are all. What was there before we came is not news. */
  grown(entries: readonly LogEntry[], reset: boolean): void {
    for (const { by, name, at } of entries) {
      if (at >= (this.#names.get(by)?.at ?? 0)) this.#names.set(by, { name, at });
    }
    const last = this.#replica.log.at(-1)?.at ?? 0;
    if (reset && (this.#readAt === 0 || last < this.#readAt)) this.#readAt = last;
  }

  /** Everything that is here has been seen; whether that changes anything. */
  markRead(): boolean {
    const { log } = this.#replica;
    const last = log.at(-1)?.at ?? 0;
    const fresh = log.slice(log.findLastIndex(({ at }) => at <= this.#readAt) + 1);
    const changed = fresh.some((entry) => this.#isUnread(entry));
    this.#readAt = last;
    return changed;
  }

  // What the room did not take.

  /** Keep what a refused post said. What only changes other lines is not worth keeping, but a new wording is. */
  fail(post: Post, { slug, text }: Fault): void {
    const { body } = post;
    if (isAct(body) && body.kind !== "edit") return;
    const again: Body = body.kind === "edit" ? { kind: "text", text: body.text, reply: 0 } : body;
    this.#keep({ body: again, timeMs: this.#timeOf(post), fault: { slug, text } }, post.id);
  }

  /** What `restore` needs to show it again. */
  get unsent(): Unsent[] {
    return this.#failed.flatMap(({ line: { body, timeMs, fault } }) =>
      fault === null ? [] : { body, timeMs, fault },
    );
  }

  /** Show what an earlier life of the page could not send. */
  restore(unsent: readonly Unsent[]): void {
    for (const each of unsent) this.#keep(each, null);
  }

  /** Whether this refused push is shown as a line that failed. */
  hasFailed(push: number): boolean {
    return this.#failed.some((each) => each.push === push);
  }

  /** Take a line that failed out; what it said, or null if there is none. */
  drop(id: number): Body | null {
    const found = this.#failed.find(({ line }) => line.id === id);
    this.#failed = this.#failed.filter((each) => each !== found);
    return found?.line.body ?? null;
  }

  #keep({ body, timeMs, fault }: Unsent, push: number | null): void {
    this.#failures += 1;
    const id = -this.#failures - 0.5; // never that of a push
    const line: ChatLine = { ...this.#ours(body, timeMs), id, state: "failed", fault };
    this.#failed = [...this.#failed, { line, push }];
  }

  // Lines.

  #isUnread({ at, by, body }: LogEntry): boolean {
    return at > this.#readAt && !this.#own.has(by) && isSpoken(body);
  }

  #unread(messages: readonly Message[]): number {
    let unread = 0;
    for (let n = messages.length - 1; n >= 0; n -= 1) {
      const entry = messages[n]?.entry;
      if (entry === undefined || entry.at <= this.#readAt) break;
      if (this.#isUnread(entry)) unread += 1;
    }
    return unread;
  }

  #line({ entry, edited, reactions }: Message): ChatLine | null {
    const { at, by, name, color, time, body } = entry;
    if (!isSpoken(body)) return null;
    return {
      ...{ id: at, mine: this.#own.has(by), by, name, color, timeMs: time * 1000 },
      ...contentOf(body),
      edited,
      reactions: this.#reactions(reactions),
      state: "sent",
      fault: null,
    };
  }

  #reactions(reactions: Message["reactions"]): Reaction[] {
    return [...reactions].map(([emoji, peers]) => {
      return { emoji, peers, mine: peers.some((peer) => this.#own.has(peer)) };
    });
  }

  #draft(post: Post): ChatLine {
    return { ...this.#ours(post.body, this.#timeOf(post)), id: -post.id };
  }

  #timeOf({ id }: Post): number {
    return this.#sentAt.get(id) ?? Date.now();
  }

  /** A line of ours that is on its way, without an id. */
  #ours(body: Body, timeMs: number): Omit<ChatLine, "id"> {
    const { peer, identity } = this.#replica;
    const { name, color } = identity;
    return {
      ...{ mine: true, by: peer, name, color, timeMs },
      ...contentOf(body),
      ...{ edited: false, reactions: [], state: "sending", fault: null },
    };
  }
}

/** The lines of messages. Of a hundred thousand, only those are made anew whose message is another. */
class Drawn {
  #messages: readonly Message[] = [];
  #lines: readonly (ChatLine | null)[] = [];

  of(messages: readonly Message[], draw: (message: Message) => ChatLine | null): ChatLine[] {
    const shift = this.#shift(messages);
    const lines = messages.map((message, n) => {
      const known = this.#messages[n - shift] === message ? this.#lines[n - shift] : undefined;
      return known === undefined ? draw(message) : known;
    });
    this.#messages = messages;
    this.#lines = lines;
    return lines.filter((line) => line !== null);
  }

  /** How many have come before those that were here. */
  #shift(messages: readonly Message[]): number {
    const firstAt = this.#messages[0]?.entry.at;
    const found = messages.findIndex(({ entry }) => entry.at === firstAt);
    return Math.max(0, found);
  }
}

/** Whether this is a line of the chat: acts are none, and nothing is left of what is erased. */
function isSpoken(body: Body): body is Exclude<Body, Act | { kind: "erased" }> {
  return !isAct(body) && body.kind !== "erased";
}

function contentOf(body: Body): Pick<ChatLine, "body" | "text" | "moment" | "reply"> {
  const text = "text" in body ? body.text : "";
  const reply = "reply" in body ? body.reply : 0;
  if (body.kind !== "moment") return { body, text, moment: null, reply };
  const { share, start, end, picture } = body;
  return { body, text, moment: { share, start, end, picture }, reply };
}
