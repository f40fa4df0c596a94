/** The conversation beside its lines: what is being written, who writes, what is read out, where to go. */
import {
  type ReadonlySignal,
  type Signal,
  signal,
  untracked,
  useSignalEffect,
} from "@preact/signals";
import type { ChatLine, Note } from "../client";
import { Draft } from "./draft";
import { gistOf } from "./gist";
import type { Kept } from "./kept";
import { calls } from "./mentions";
import type { Conversation, RoomClient } from "./store";
import { TEXTS } from "./texts";
import type { Toasts } from "./toasts";
import { OwnTyping, TypingPeople } from "./typing";

/** More at once are counted, not read out one by one. */
const MOST_READ_OUT = 3;
/** Milliseconds in which whoever sees the chat has read what came; who has not is told that they were called. */
const SEEN_MS = 400;

export class Talk {
  readonly draft: Draft;
  readonly typing: TypingPeople;
  readonly ownTyping: OwnTyping;
  /** The message that somebody wants to see; 0 for none. */
  readonly jump: Signal<number> = signal(0);
  readonly #client: RoomClient;
  readonly #toasts: Toasts;
  readonly #voice = signal("");
  #heard = 0;

  constructor(client: RoomClient, toasts: Toasts, kept: Kept, until: AbortSignal) {
    this.#client = client;
    this.#toasts = toasts;
    this.draft = new Draft(kept);
    this.typing = new TypingPeople(until);
    this.ownTyping = new OwnTyping((typing) => client.present({ typing }));
    until.addEventListener("abort", () => this.ownTyping.stop(), { once: true });
  }

  /** What a screen reader says next, politely. */
  get voice(): ReadonlySignal<string> {
    return this.#voice;
  }

  say(words: string): void {
    // The same words twice are two events, and only a change is read out.
    this.#voice.value = words === this.#voice.peek() ? `${words}\u00a0` : words;
  }

  /** What somebody is called who is here, or has said something. */
  nameOf(peer: string): string {
    const person = this.#client.people().find((one) => one.peer === peer);
    return person?.name || this.#client.speech.nameOf(peer) || TEXTS.somebody;
  }

  /** Tells of what has come since the last time, and of who has called us while we did not look. */
  hear(conversation: Conversation, until: AbortSignal): void {
    const fresh = unreadOf(conversation).filter(({ id }) => id > this.#heard);
    this.#heard = Math.max(this.#heard, ...fresh.map(({ id }) => id));
    for (const { by } of fresh) this.typing.leave(by);
    if (fresh.length > MOST_READ_OUT) this.say(TEXTS.unread(fresh.length));
    else if (fresh.length > 0) {
      this.say(fresh.map(({ name, body }) => TEXTS.says(name, gistOf(body))).join("\n"));
    }
    const call = fresh.findLast(({ text }) => calls(text, this.#client.self.name));
    if (call === undefined) return;
    const asking = setTimeout(() => this.#tellCall(call), SEEN_MS);
    until.addEventListener("abort", () => clearTimeout(asking), { once: true });
  }

  receive(note: Extract<Note, { type: "people" }>): void {
    const others = this.#client.people().filter(({ peer }) => peer !== this.#client.self.peer);
    const before = this.typing.shown.peek();
    this.typing.receive(others, note.moved ?? []);
    for (const peer of this.typing.shown.peek()) {
      if (!before.includes(peer)) this.say(TEXTS.typing(this.nameOf(peer)));
    }
  }

  #tellCall({ id, name }: ChatLine): void {
    if (!unreadOf(this.#client.chat()).some((line) => line.id === id)) return;
    const show = (): void => {
      this.jump.value = id;
    };
    this.#toasts.show("plain", TEXTS.calledYou(name), "", { label: TEXTS.showMessage, run: show });
  }
}

/** Calls `open` when a message is to be shown: the chat may be closed. */
export function useWanted(talk: Talk, open: () => void): void {
  useSignalEffect(() => {
    if (talk.jump.value !== 0) untracked(open);
  });
}

/** The lines of others that have not been read. */
export function unreadOf({ lines, unread }: Pick<Conversation, "lines" | "unread">): ChatLine[] {
  const found: ChatLine[] = [];
  for (let at = lines.length - 1; at >= 0 && found.length < unread; at -= 1) {
    const line = lines[at];
    if (line !== undefined && !line.mine) found.unshift(line);
  }
  return found;
}

/** The conversation as it is now. */
export function conversationOf(client: Pick<RoomClient, "chat" | "self">): Conversation {
  const read = client.chat();
  const { name } = client.self;
  return { ...read, calls: unreadOf(read).filter(({ text }) => calls(text, name)).length };
}
