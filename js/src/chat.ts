/** The chat as lines: what the log holds, and what is on its way to it. */
import type { Body, Bytes, LogEntry, Post } from "./protocol/frames";
import type { Replica } from "./sync/replica";

/** A time range of a chart that somebody shows, and a picture of how they saw it. Times are Unix seconds. */
export interface ChatMoment {
  share: string;
  start: number;
  end: number;
  picture: Bytes;
}

/** `id` is the entry's offset, or below 0 while it is being sent. */
export interface ChatLine {
  id: number;
  mine: boolean;
  by: string;
  name: string;
  color: string;
  timeMs: number;
  text: string;
  moment: ChatMoment | null;
  state: "sending" | "sent";
}

export class Chat {
  readonly #replica: Replica;
  /** Every peer that we were: a new one does not make our lines those of somebody else. */
  readonly #own = new Set<string>();
  #sentAt = new Map<number, number>();
  #readAt = 0;

  constructor(replica: Replica) {
    this.#replica = replica;
  }

  read(): { lines: ChatLine[]; older: boolean; unread: number } {
    const { log, pushes, logOlder } = this.#replica;
    const sending = pushes.filter((push) => push.type === "post");
    const lines = [
      ...log.map((entry) => this.#line(entry)),
      ...sending.map((post) => this.#draft(post)),
    ];
    return { lines, older: logOlder, unread: log.filter((entry) => this.#isUnread(entry)).length };
  }

  /** The post that was made last was written at this time. */
  sent(timeMs: number): void {
    const last = this.#replica.pushes.at(-1);
    if (last?.type === "post") this.#sentAt.set(last.id, timeMs);
  }

  /** We are welcomed: under which peer, and which ids have changed. */
  welcomed(renumbered: ReadonlyMap<number, number>): void {
    this.#own.add(this.#replica.peer);
    const times = [...this.#sentAt].map(([id, time]) => [renumbered.get(id) ?? id, time] as const);
    this.#sentAt = new Map(times);
  }

  /** The log was read from the relay: what was there before we came is not news. */
  reset(): void {
    const last = this.#replica.log.at(-1)?.at ?? 0;
    if (this.#readAt === 0 || last < this.#readAt) this.#readAt = last;
  }

  /** Everything that is here has been seen; whether that changes anything. */
  markRead(): boolean {
    const last = this.#replica.log.at(-1)?.at ?? 0;
    const changed = this.#replica.log.some((entry) => this.#isUnread(entry));
    this.#readAt = last;
    return changed;
  }

  #isUnread({ at, by }: LogEntry): boolean {
    return at > this.#readAt && !this.#own.has(by);
  }

  #line({ at, by, name, color, time, body }: LogEntry): ChatLine {
    const who = { id: at, mine: this.#own.has(by), by, name, color };
    return { ...who, timeMs: time * 1000, ...contentOf(body), state: "sent" };
  }

  #draft({ id, body }: Post): ChatLine {
    const { peer, identity } = this.#replica;
    const who = { id: -id, mine: true, by: peer, name: identity.name, color: identity.color };
    return {
      ...who,
      timeMs: this.#sentAt.get(id) ?? Date.now(),
      ...contentOf(body),
      state: "sending",
    };
  }
}

function contentOf(body: Body): Pick<ChatLine, "text" | "moment"> {
  if (body.kind === "text") return { text: body.text, moment: null };
  const { text, share, start, end, picture } = body;
  return { text, moment: { share, start, end, picture } };
}
