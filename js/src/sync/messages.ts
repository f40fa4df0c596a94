/** The messages of a log as they are after all acts that are held (L6, L8); `core/messages.py` says the same. */
import type { Body, Edit, Erase, Erased, LogEntry, React } from "../protocol/frames";

export type Act = Edit | Erase | React;
export type Speech = Exclude<Body, Act | Erased>;

/** What people read as one message, or what is left of it. */
export interface Message {
  /** Its entry, with the body as it is now. */
  entry: LogEntry;
  edited: boolean;
  /** It is gone; the entry tells offset, author and time only. */
  erased: boolean;
  /** Who reacted with which emoji, both in the order in which that began. */
  reactions: ReadonlyMap<string, readonly string[]>;
}

/** Messages in the order of their offsets. Acts on what is not held wait until it is. */
export class Messages {
  /** A list, because a long history comes page by page before its first one. */
  #messages: Message[] = [];
  readonly #acts = new Map<number, LogEntry[]>();

  has(at: number): boolean {
    return this.#indexOf(at) >= 0;
  }

  /** Take entries that follow what is held, or come before it; the offsets of what is gone (L8). */
  add(entries: readonly LogEntry[], older = false): number[] {
    const come = new Map<number, LogEntry>();
    const touched = new Set<number>();
    for (const entry of entries) {
      if (isAct(entry.body)) {
        this.#keep(entry, entry.body.entry);
        touched.add(entry.body.entry);
      } else if (entry.body.kind !== "erased" || entry.body.entry === 0) come.set(entry.at, entry);
    }
    const fresh = [...come].map(([at, entry]) => made(entry, signed(this.#acts.get(at))));
    if (older) this.#messages = [...fresh, ...this.#messages];
    else for (const message of fresh) this.#messages.push(message);
    for (const at of touched) {
      const index = come.has(at) ? -1 : this.#indexOf(at);
      const held = this.#messages[index];
      if (held !== undefined) this.#messages[index] = made(held.entry, signed(this.#acts.get(at)));
    }
    return [...new Set([...come.keys(), ...touched])].flatMap((at) => this.#forget(at));
  }

  /** What the acts that are held make of an entry that is not. */
  amended(entry: LogEntry): Message {
    return made(entry, signed(this.#acts.get(entry.at)));
  }

  /** All messages in order, as they would be with these acts of ours. */
  shown(peer: string, own: readonly Act[]): Message[] {
    const shown = [...this.#messages];
    for (const at of new Set(own.map(({ entry }) => entry))) {
      const index = this.#indexOf(at);
      const message = shown[index];
      if (message === undefined) continue;
      const ours = own.filter(({ entry }) => entry === at).map((act) => [peer, act] as const);
      shown[index] = made(message.entry, [...signed(this.#acts.get(at)), ...ours]);
    }
    return shown;
  }

  /** Where the message of this offset is, or -1. */
  #indexOf(at: number): number {
    let [low, high] = [0, this.#messages.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#messages[middle]?.entry.at ?? at) < at) low = middle + 1;
      else high = middle;
    }
    return this.#messages[low]?.entry.at === at ? low : -1;
  }

  #keep(entry: LogEntry, target: number): void {
    const acts = [...(this.#acts.get(target) ?? []), entry];
    this.#acts.set(
      target,
      acts.sort((a, b) => a.at - b.at),
    );
  }

  /** What an erase leaves nothing of: the entry and its edits. */
  #forget(at: number): number[] {
    const acts = this.#acts.get(at) ?? [];
    const erases = acts.filter(({ body }) => body.kind === "erase");
    if (erases.length === 0) return [];
    this.#acts.set(at, erases);
    return [at, ...acts.filter(({ body }) => body.kind === "edit").map((edit) => edit.at)];
  }
}

/** Whether this says what becomes of an earlier entry. */
export function isAct(body: Body): body is Act {
  return body.kind === "edit" || body.kind === "erase" || body.kind === "react";
}

/** Whether people read this as a message of its own, with a text that an edit changes. */
export function isSpeech(body: Body): body is Speech {
  return !isAct(body) && body.kind !== "erased";
}

/** What is left of an erased entry, or of an edit to one. */
export function blanked(entry: LogEntry): LogEntry {
  const about = entry.body.kind === "edit" ? entry.body.entry : 0;
  return { ...entry, body: { kind: "erased", entry: about } };
}

function signed(acts: readonly LogEntry[] = []): (readonly [string, Act])[] {
  return acts.flatMap(({ by, body }) => (isAct(body) ? [[by, body] as const] : []));
}

/** What all acts on a message make of it; each comes with who it is by. */
function made(entry: LogEntry, acts: readonly (readonly [string, Act])[]): Message {
  let { body } = entry;
  let edited = false;
  const reactions = new Map<string, string[]>();
  for (const [by, act] of acts) {
    if (act.kind === "erase") body = { kind: "erased", entry: 0 };
    else if (act.kind === "react") react(reactions, by, act);
    else if (isSpeech(body)) {
      body = { ...body, text: act.text };
      edited = true;
    }
  }
  const erased = body.kind === "erased";
  if (erased) return { entry: blanked(entry), edited: false, erased, reactions: new Map() };
  return { entry: { ...entry, body }, edited, erased, reactions };
}

function react(reactions: Map<string, string[]>, by: string, { emoji, on }: React): void {
  const others = (reactions.get(emoji) ?? []).filter((peer) => peer !== by);
  const had = others.length < (reactions.get(emoji)?.length ?? 0);
  if (on && !had) reactions.set(emoji, [...others, by]);
  else if (!on && others.length > 0) reactions.set(emoji, others);
  else if (!on) reactions.delete(emoji);
}
