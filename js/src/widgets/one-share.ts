import { Client, type ClientOptions } from "../client";
import type { Share } from "../protocol/frames";

/** A room in which nothing is shared but this one, or all when there is no name. */
export class OneShareClient extends Client {
  readonly #only: string;

  constructor(options: ClientOptions, only: string) {
    super(options);
    this.#only = only;
  }

  override shares(): Share[] {
    const all = super.shares();
    return this.#only === "" ? all : all.filter(({ name }) => name === this.#only);
  }
}
