/** The texts that shares bring as blobs: UTF-8, compressed with gzip (D11). */

/**
 * Bytes of one text. Plotly's code has 5 MB, the largest bundles 20: more is a mistake, or made to fill the
 * memory of everybody who looks.
 */
const MAX_BYTES = 64 << 20;

export class Texts {
  readonly #blob: (sha256: string) => Promise<Uint8Array>;
  readonly #texts = new Map<string, Promise<string>>();

  constructor(blob: (sha256: string) => Promise<Uint8Array>) {
    this.#blob = blob;
  }

  /** The text of this blob, inflated once. Rejects when it does not arrive, or is no compressed text. */
  get(sha256: string): Promise<string> {
    let text = this.#texts.get(sha256);
    if (text === undefined) {
      text = this.#blob(sha256).then(inflate);
      this.#texts.set(sha256, text);
      text.catch(() => this.#texts.delete(sha256)); // asked for again, it may arrive
    }
    return text;
  }

  /** Begins to fetch these, and forgets all others. */
  want(hashes: ReadonlySet<string>): void {
    for (const hash of [...this.#texts.keys()]) if (!hashes.has(hash)) this.#texts.delete(hash);
    for (const hash of hashes) void this.get(hash).catch(() => undefined); // whoever needs it is told
  }
}

async function inflate(data: Uint8Array): Promise<string> {
  const inflating = new DecompressionStream("gzip");
  const writer = inflating.writable.getWriter();
  const reader = inflating.readable.getReader();
  const writing = writer.write(new Uint8Array(data)).then(() => writer.close());
  try {
    const [text] = await Promise.all([read(reader), writing]);
    return text;
  } catch (error) {
    await reader.cancel().catch(() => undefined); // it may have failed already
    if (error instanceof RangeError) throw error;
    // The other texts differ from browser to browser, and say "header".
    throw new Error("it is not text that is compressed with gzip", { cause: error });
  }
}

async function read(reader: ReadableStreamDefaultReader<Uint8Array>): Promise<string> {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let text = "";
  let bytes = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return text + decoder.decode();
    bytes += value.byteLength;
    if (bytes > MAX_BYTES) throw new RangeError(`it has more than ${MAX_BYTES} bytes`);
    text += decoder.decode(value, { stream: true });
  }
}
