/** What we say in the chat, and what becomes of it: shown at once, kept until the room has it. */
import { Chat, type ChatLine, type Unsent } from "./chat";
import type { Note } from "./notes";
import type { Body, LogEntry } from "./protocol/frames";
import type { Effect } from "./sync/notes";
import type { Replica } from "./sync/replica";

/** The client around it. */
export interface Surroundings {
  /** Run effects; with `keep`, the memory has them before the line. */
  run(effects: readonly Effect[], keep: boolean): void;
  tell(note: Note): void;
}

export class Speech {
  readonly #replica: Replica;
  readonly #chat: Chat;
  readonly #around: Surroundings;

  constructor(replica: Replica, around: Surroundings) {
    this.#replica = replica;
    this.#chat = new Chat(replica);
    this.#around = around;
  }

  read(): { lines: ChatLine[]; older: boolean; unread: number } {
    return this.#chat.read();
  }

  /** What a line answers that is before the first one; undefined until `quote` has brought it, null if it is gone. */
  quoted(id: number): ChatLine | null | undefined {
    return this.#chat.quoted(id);
  }

  /** What somebody who may have left was called; empty if nothing of theirs is here. */
  nameOf(peer: string): string {
    return this.#chat.nameOf(peer);
  }

  /** Whether this refused push is shown as a line that failed. */
  hasFailed(push: number): boolean {
    return this.#chat.hasFailed(push);
  }

  // What we say. What the room does not take is told by a `refused` note.

  /** Say something. */
  post(body: Body): void {
    const before = this.#replica.waiting;
    const effects = this.#replica.post(body);
    if (this.#replica.waiting > before) this.#chat.sent(Date.now());
    this.#around.run(effects, true);
    this.#around.tell({ type: "chat" });
  }

  edit(entry: number, text: string): void {
    this.post({ kind: "edit", entry, text });
  }

  erase(entry: number): void {
    this.post({ kind: "erase", entry });
  }

  react(entry: number, emoji: string, on: boolean): void {
    this.post({ kind: "react", entry, emoji, on });
  }

  /** Say again what failed. A new wording whose message is gone becomes a message of its own. */
  retry(id: number): void {
    const body = this.#chat.drop(id);
    if (body !== null) this.post(body);
  }

  /** Give up what failed. */
  discard(id: number): void {
    if (this.#chat.drop(id) === null) return;
    this.#around.run([], true);
    this.#around.tell({ type: "chat" });
  }

  // Over a reload.

  get unsent(): Unsent[] {
    return this.#chat.unsent;
  }

  restore(unsent: readonly Unsent[]): void {
    this.#chat.restore(unsent);
  }

  // What we read.

  /** Get older lines; nothing happens when there are none or they are on their way. */
  pageBack(count?: number): void {
    this.#around.run(this.#replica.pageBack(count), false);
  }

  /** Get what a line answers, which is before the first one: a `chat` note later. Asked twice, it comes once. */
  quote(id: number): void {
    this.#around.run(this.#replica.quote(id), false);
  }

  /** Find messages that hold these words; a `found` note later, or never when the line breaks. */
  search(query: string, before: number | null): void {
    this.#around.run(this.#replica.search(query, before), false);
  }

  markRead(): void {
    if (this.#chat.markRead()) this.#around.tell({ type: "chat" });
  }

  // What happens to the replica.

  welcomed(renumbered: ReadonlyMap<number, number>): void {
    this.#chat.welcomed(renumbered);
  }

  grown(entries: readonly LogEntry[], reset: boolean): void {
    this.#chat.grown(entries, reset);
  }

  /** Before the replica forgets what was refused. */
  receiveRefused(refused: { id: number; slug: string; text: string }): void {
    const push = this.#replica.pushes.find(({ id }) => id === refused.id);
    if (push?.type === "post") this.#chat.fail(push, refused);
  }
}
