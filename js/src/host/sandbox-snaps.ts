/** Inside the sandbox: answers how a share looks, with a picture where one can be had. */
import { report } from "../lib/report";
import { portraitOf } from "./portrait";
import type { FromSnap, ToSnap } from "./snap";

type Ask = Extract<ToSnap, { type: "snap" }>;
type Values = Record<string, unknown>;

/** What is known of shares. */
export interface Shares {
  /** Where the share is drawn; null if it has no place. */
  boxOf(share: string): HTMLElement | null;
  /** The local values that its models show. */
  lookOf(share: string): Values;
  /** Asks its chart for a moment; false if there is no chart in it. */
  askMoment(share: string): boolean;
}

export class SandboxSnaps {
  readonly #tell: (message: FromSnap) => void;
  readonly #shares: Shares;

  constructor(tell: (message: FromSnap) => void, shares: Shares) {
    this.#tell = tell;
    this.#shares = shares;
  }

  async receive({ share, ticket }: Ask): Promise<void> {
    if (this.#shares.askMoment(share)) return;
    const local = sendable(this.#shares.lookOf(share));
    const box = this.#shares.boxOf(share);
    const picture = box === null ? new Uint8Array() : await pictureOf(box);
    this.#tell({ type: "snapped", share, ticket, picture, local });
  }
}

/** A canvas that holds pixels of elsewhere cannot be read: then the values have to do. */
async function pictureOf(box: HTMLElement): Promise<Uint8Array> {
  try {
    return await portraitOf(box);
  } catch (error) {
    report(error);
    return new Uint8Array();
  }
}

/** Without what a widget has put there that cannot travel, such as a function. */
function sendable(values: Values): Values {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => isSendable(value)));
}

function isSendable(value: unknown): boolean {
  try {
    structuredClone(value);
    return true;
  } catch {
    return false;
  }
}
