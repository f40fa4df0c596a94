import { afterEach, describe, expect, test, vi } from "vitest";
import { BlockError, type Decoded, decode, decodeNow, head } from ".";

const HEADER_BYTES = 24;

/** Two rows: time as the codec's raw float64, and in column 1 the word "a" and no word. */
function block(): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(76);
  const view = new DataView(bytes.buffer);
  bytes.set([1, 0, 2, 0, 2]);
  view.setFloat64(8, 41, true);
  bytes.set([1, 0, 7], 36);
  view.setFloat64(48, 1.5, true);
  view.setFloat64(56, 2.25, true);
  bytes.set([8, 0, 0, 0, ...new TextEncoder().encode('["a",""]')], 64);
  return Uint8Array.of(...bytes, 0, 1);
}

async function deflated(body: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  const header = block().slice(0, HEADER_BYTES);
  header[1] = 1;
  const stream = new Blob([body]).stream().pipeThrough(new CompressionStream("deflate-raw"));
  const packed = await new Response(stream).arrayBuffer();
  return new Uint8Array(await new Blob([header, packed]).arrayBuffer());
}

function columnsOf(decoded: Decoded | null): unknown {
  return decoded && [...decoded.columns.values()].map((values) => [...values]);
}

const VALUES = [
  [1.5, 2.25],
  ["a", ""],
];

afterEach(() => vi.unstubAllGlobals());

describe("a block that is not deflated", () => {
  test("is read at once", () => {
    expect(columnsOf(decodeNow(block()))).toEqual(VALUES);
  });

  test("is read wherever it begins in its buffer", () => {
    const bytes = block();
    const message = new Uint8Array(bytes.length + 3);
    message.set(bytes, 3);
    expect(columnsOf(decodeNow(message.subarray(3)))).toEqual(VALUES);
  });

  test("does not share memory with its columns", () => {
    const bytes = block();
    const decoded = decodeNow(bytes);
    bytes.fill(0);
    expect(columnsOf(decoded)).toEqual(VALUES);
  });

  test("needs no browser that inflates", async () => {
    vi.stubGlobal("DecompressionStream", undefined);
    expect(columnsOf(await decode(block()))).toEqual(VALUES);
  });
});

describe("a deflated block", async () => {
  const bytes = await deflated(block().slice(HEADER_BYTES));

  test("is read in time", async () => {
    expect(columnsOf(await decode(bytes))).toEqual(VALUES);
  });

  test("is not read at once", () => {
    expect(decodeNow(bytes)).toBeNull();
  });

  test("says what it is about", () => {
    expect(head(bytes)).toMatchObject({ kind: "rows", first: 41, count: 2, deflated: true });
  });

  test("is an error in a browser that cannot inflate", async () => {
    vi.stubGlobal("DecompressionStream", undefined);
    await expect(decode(bytes)).rejects.toThrow(BlockError);
  });

  test("inflates to 4 MiB at most", async () => {
    const bomb = await deflated(new Uint8Array(1 << 26));
    await expect(decode(bomb)).rejects.toThrow("too much");
  });
});

test("a block of half a row too many is an error", () => {
  expect(() => decodeNow(Uint8Array.of(...block(), 0, 0, 0, 0))).toThrow(BlockError);
});
