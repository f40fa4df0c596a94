/**
 * Opens the connection of a guest's panel: where its kernel has dialled, or through the kernel.
 *
 * What it shows there is the proof of a session, which the client has; so the credential is always empty.
 */
import type { Dial } from "../client";
import type { Kernel } from "./kernel";
import { adopt, openProven } from "./opening";
import { openTunnel } from "./tunnel";
import { guestWaysTo } from "./ways";

export class GuestReach {
  readonly #kernel: Kernel;
  readonly #base: string | null;
  readonly #location: Location;
  #direct = true;

  constructor(kernel: Kernel, base: string | null, location: Location) {
    this.#kernel = kernel;
    this.#base = base;
    this.#location = location;
  }

  /** Whether there is still a way that is not the kernel's; from now on there is none. */
  giveUpDirect(): boolean {
    const before = this.#direct;
    this.#direct = false;
    return before;
  }

  readonly dial: Dial = async (events, signal) => {
    for (const way of this.#ways()) {
      const socket = await openProven(way, null, signal);
      if (socket instanceof WebSocket) return adopt(socket, events, signal);
    }
    return openTunnel(this.#kernel, events, signal);
  };

  #ways(): string[] {
    if (!this.#direct) return [];
    return guestWaysTo({
      port: this.#kernel.number("port"),
      relay: this.#kernel.text("relay"),
      base: this.#base,
      location: this.#location,
    });
  }
}
