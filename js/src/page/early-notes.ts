/** What a client tells before there is an interface to hear it: a toast may be waiting in it. */
import type { Client, Note } from "../client";

export class EarlyNotes {
  readonly #notes: Note[] = [];
  readonly #listening = new AbortController();

  constructor(client: Pick<Client, "on">) {
    client.on((note) => this.#notes.push(note), this.#listening.signal);
  }

  /** All of them; who takes them listens from now on. */
  take(): Note[] {
    this.#listening.abort();
    return this.#notes.splice(0);
  }
}
