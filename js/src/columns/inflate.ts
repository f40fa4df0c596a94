/** Raw deflate by the browser itself. */
import { BlockError } from "./layout";

/** Of what a body inflates to, in bytes. */
const MAX_BODY = 1 << 22;

/**
 * The `head` as it is, and after it what the rest inflates to, 4 MiB at most.
 * Rejects with BlockError, also where the browser cannot inflate (Safari before 16.4).
 */
export async function inflate(bytes: Uint8Array, head: number): Promise<Uint8Array> {
  const chunks = [bytes.slice(0, head)];
  let size = head;
  try {
    const inflated = new DecompressionStream("deflate-raw");
    const reader = new Blob([bytes.slice(head)]).stream().pipeThrough(inflated).getReader();
    for (let next = await reader.read(); !next.done; next = await reader.read()) {
      chunks.push(next.value);
      size += next.value.length;
      if (size <= head + MAX_BODY) continue;
      await reader.cancel();
      throw new BlockError("too much");
    }
  } catch (error) {
    throw new BlockError(`not inflated: ${error}`);
  }
  return new Uint8Array(await new Blob(chunks).arrayBuffer());
}
