/** Who waits for which blob. */

interface Waiting {
  resolve(data: Uint8Array): void;
  reject(error: Error): void;
}

export class Awaited {
  readonly #waiting = new Map<string, Waiting[]>();

  /** Settles when the blob has arrived, or is known to be missing. */
  wait(sha256: string): Promise<Uint8Array> {
    return new Promise((resolve, reject) => {
      const waiting = this.#waiting.get(sha256) ?? [];
      this.#waiting.set(sha256, [...waiting, { resolve, reject }]);
    });
  }

  receiveArrived(sha256: string, data: Uint8Array): void {
    for (const { resolve } of this.#take(sha256)) resolve(data);
  }

  receiveMissing(sha256: string): void {
    const missing = new Error("The room does not have this file any more.");
    for (const { reject } of this.#take(sha256)) reject(missing);
  }

  #take(sha256: string): Waiting[] {
    const waiting = this.#waiting.get(sha256) ?? [];
    this.#waiting.delete(sha256);
    return waiting;
  }
}
