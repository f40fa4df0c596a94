/** The message that is being written: it survives the closing of the chat and a reload. */
import { type ReadonlySignal, type Signal, signal } from "@preact/signals";
import type { ChatLine } from "../client";
import type { Kept } from "./kept";

/** Characters that a message holds, counted as the relay does. */
export const LONGEST = 8000;

/** What was written. With `editing`, it is the new wording of that entry. */
export interface Written {
  text: string;
  reply: number;
  editing: number;
}

const NOTHING: Written = { text: "", reply: 0, editing: 0 };

export class Draft {
  readonly #kept: Kept;
  readonly #written: Signal<Written>;
  /** What was being written when an edit began. */
  #aside: Written = NOTHING;

  constructor(kept: Kept) {
    this.#kept = kept;
    this.#written = signal(parse(kept.read()));
  }

  get written(): ReadonlySignal<Written> {
    return this.#written;
  }

  /** How many characters are too many; 0 if it may be sent. */
  get excess(): number {
    const { text } = this.#written.value;
    // Counted only where it may matter: a sign has at most two units.
    return text.length <= LONGEST ? 0 : Math.max(0, [...text.trim()].length - LONGEST);
  }

  write(text: string): void {
    this.#set({ ...this.#written.peek(), text });
  }

  /** What is written answers this entry; 0 for none. */
  answer(reply: number): void {
    if (this.#written.peek().editing !== 0) this.leave();
    this.#set({ ...this.#written.peek(), reply });
  }

  /** Give a message that was sent another wording. */
  edit({ id, text }: Pick<ChatLine, "id" | "text">): void {
    const written = this.#written.peek();
    if (written.editing === 0) this.#aside = written;
    this.#set({ text, reply: 0, editing: id });
  }

  /** Leave the edit, back to what was being written before; or else the reply, with what is written. */
  leave(): void {
    const { editing, text } = this.#written.peek();
    this.#set(editing === 0 ? { ...NOTHING, text } : this.#aside);
    this.#aside = NOTHING;
  }

  /** Begin anew: what was written is on its way. */
  take(): Written {
    const written = this.#written.peek();
    this.#set(written.editing === 0 ? NOTHING : this.#aside);
    this.#aside = NOTHING;
    return { ...written, text: written.text.trim() };
  }

  #set(written: Written): void {
    this.#written.value = written;
    // An edit that was not sent is no draft: after a reload its message is still there.
    const { text, reply } = written.editing === 0 ? written : this.#aside;
    this.#kept.write(text === "" && reply === 0 ? "" : JSON.stringify({ text, reply }));
  }
}

// Only this page's own code writes there; a text of an older version is as good as none.
function parse(kept: string): Written {
  try {
    const { text, reply }: Partial<Written> = JSON.parse(kept || "{}");
    return {
      ...NOTHING,
      text: typeof text === "string" ? text : "",
      reply: typeof reply === "number" ? reply : 0,
    };
  } catch {
    return NOTHING;
  }
}
