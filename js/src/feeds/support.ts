/** For tests: blocks as relays send them, and time that the test moves. */
import type { Bytes, FeedSpec } from "../protocol/frames";
import type { Timing } from "./store";

const CODEC = { raw: 0, text: 7 } as const;

type Values = readonly number[] | Float64Array | readonly string[];
type Part = readonly [column: number, part: 0 | 1 | 2, values: Values];

/** Rows from `first` on; column 0 is the time. */
export function rowsBlock(first: number, columns: readonly Values[], sent = 0): Bytes {
  const parts = columns.map((values, column): Part => [column, 0, values]);
  return encoded(1, 0, first, sent, parts);
}

/** Bins from that of row `first` on; each column has a minimum and a maximum. */
export function binsBlock(
  level: number,
  first: number,
  time: Values,
  extremes: readonly (readonly [low: Values, high: Values])[],
): Bytes {
  const parts = extremes.flatMap(([low, high], n): Part[] => [
    [n + 1, 1, low],
    [n + 1, 2, high],
  ]);
  return encoded(2, level, first, 0, [[0, 0, time], ...parts]);
}

/** The same block as relays keep it. */
export async function deflated(block: Bytes): Promise<Bytes> {
  const body = new Blob([block.slice(24)]).stream();
  const packed = body.pipeThrough(new CompressionStream("deflate-raw"));
  const bytes = new Uint8Array(await new Response(packed).arrayBuffer());
  const whole = new Uint8Array(24 + bytes.length);
  whole.set(block.subarray(0, 24));
  whole[1] = 1;
  whole.set(bytes, 24);
  return whole;
}

export function feedSpec(over: Partial<FeedSpec> = {}): FeedSpec {
  const columns = [{ name: "price", type: "number" as const, unit: "" }];
  return { columns, keep_rows: 2_000_000, keep_seconds: 0, title: "", ...over };
}

export class TestTiming implements Timing {
  #now = 0;
  #due: { at: number; callback: () => void }[] = [];

  now(): number {
    return this.#now;
  }

  after(ms: number, callback: () => void): void {
    this.#due.push({ at: this.#now + ms, callback });
  }

  pass(ms: number): void {
    this.#now += ms;
    const due = this.#due.filter(({ at }) => at <= this.#now);
    this.#due = this.#due.filter(({ at }) => at > this.#now);
    for (const { callback } of due) callback();
  }
}

function encoded(
  kind: number,
  level: number,
  first: number,
  sent: number,
  parts: readonly Part[],
): Bytes {
  const payloads = parts.map(([, , values]) => payloadOf(values));
  const header = 24 + 12 * parts.length;
  let size = header;
  for (const payload of payloads) {
    if (payload.codec === CODEC.raw) size += -size & 7;
    size += payload.bytes.length;
  }
  const whole = new Uint8Array(size);
  const view = new DataView(whole.buffer);
  whole.set([kind, 0, parts.length, level]);
  view.setUint32(4, parts[0]?.[2].length ?? 0, true);
  view.setFloat64(8, first, true);
  view.setFloat64(16, sent, true);
  let at = header;
  for (const [n, payload] of payloads.entries()) {
    const [column = 0, part = 0] = parts[n] ?? [];
    whole.set([column, part, payload.codec, payload.codec === CODEC.text ? 1 : 0], 24 + 12 * n);
    if (payload.codec === CODEC.raw) at += -at & 7;
    whole.set(payload.bytes, at);
    at += payload.bytes.length;
  }
  return whole;
}

function payloadOf(values: Values): { codec: number; bytes: Uint8Array } {
  if (typeof values[0] !== "string") {
    const numbers = Float64Array.from(values as readonly number[]);
    return { codec: CODEC.raw, bytes: new Uint8Array(numbers.buffer) };
  }
  const texts = values as readonly string[];
  const words = [...new Set(texts)];
  const json = new TextEncoder().encode(JSON.stringify(words));
  const codes = Uint16Array.from(texts, (word) => words.indexOf(word));
  const bytes = new Uint8Array(4 + json.length + codes.byteLength);
  new DataView(bytes.buffer).setUint32(0, json.length, true);
  bytes.set(json, 4);
  bytes.set(new Uint8Array(codes.buffer), 4 + json.length);
  return { codec: CODEC.text, bytes };
}
