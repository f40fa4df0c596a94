/**
 * What a panel gets when it needs it, so that a notebook does not carry it with each of its panels: the chat, and
 * the words of other languages.
 *
 * A relay of the same build has them as blobs, also while the kernel is busy; the kernel gives them by their names.
 */
import parts from "virtual:parts";
import type { Client } from "../client";
import type { Kernel } from "./kernel";

export type PartName = "chat" | `texts.${string}`;

/** Milliseconds; a kernel that runs a cell answers when it has ended. */
const KERNEL_TIMEOUT_MS = 60_000;
/** Milliseconds in which a kernel answers that does nothing else. */
const IDLE_KERNEL_MS = 1000;

export class Parts {
  readonly #client: Pick<Client, "blob">;
  readonly #kernel: Pick<Kernel, "askPart">;

  constructor(client: Pick<Client, "blob">, kernel: Pick<Kernel, "askPart">) {
    this.#client = client;
    this.#kernel = kernel;
  }

  /** The text of a part, from the relay if it can be. Rejects when neither gives it. */
  async get(name: PartName): Promise<string> {
    const sha256 = parts[name];
    if (sha256 === undefined) throw new Error(`this build has no ${name}`);
    const bytes = await this.#client
      .blob(sha256)
      .catch(() => this.#kernel.askPart(name, KERNEL_TIMEOUT_MS));
    return new TextDecoder().decode(bytes);
  }

  /** The same for what is wanted before there is a line to the relay: the kernel is asked first. */
  async getSoon(name: PartName): Promise<string> {
    try {
      return new TextDecoder().decode(await this.#kernel.askPart(name, IDLE_KERNEL_MS));
    } catch {
      return this.get(name); // it is busy: the relay comes later, but comes
    }
  }
}
