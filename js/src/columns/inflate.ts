/** Raw deflate by the browser itself. */
import { BlockError } from "./layout";

/** Of what a body inflates to, in bytes. */
const MAX_BODY = 1 << 22;

/**
 * The `head` as it is, and after it what the rest inflates to, 4 MiB at most.
 * Rejects with BlockError, also where the browser cannot inflate (Safari before 16.4).
 */
export async function inflate(bytes: Uint8Array, head: number): Promise<Uint8Array> {
  try {
    const { writable, readable } = new DecompressionStream("deflate-raw");
    // The stream is fed by hand: one out of a Blob goes by way of the browser's process, a millisecond each.
    const fed = feed(writable.getWriter(), bytes.slice(head));
    const [chunks] = await Promise.all([drain(readable.getReader()), fed]);
    return joined([bytes.subarray(0, head), ...chunks]);
  } catch (error) {
    throw new BlockError(`not inflated: ${error}`);
  }
}

async function feed(writer: WritableStreamDefaultWriter<BufferSource>, body: BufferSource) {
  await Promise.all([writer.write(body), writer.close()]);
}

async function drain(reader: ReadableStreamDefaultReader<Uint8Array>): Promise<Uint8Array[]> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for (let next = await reader.read(); !next.done; next = await reader.read()) {
    chunks.push(next.value);
    size += next.value.length;
    if (size <= MAX_BODY) continue;
    await reader.cancel();
    throw new BlockError("too much");
  }
  return chunks;
}

function joined(chunks: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(chunks.reduce((size, chunk) => size + chunk.length, 0));
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.length;
  }
  return whole;
}
