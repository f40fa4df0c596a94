/** Rows as an Arrow stream (IPC, version 5): one batch, times in microseconds UTC. */
import type { Row } from "../feeds/view";
import type { Column } from "../protocol/frames";
import { type Field, Flat } from "./flat";

// Arrow's numbers for what a message and a column are (Message.fbs, Schema.fbs).
const V5 = 4;
const SCHEMA = 1;
const BATCH = 3;
const INT = 2;
const FLOAT = 3;
const UTF8 = 5;
const TIMESTAMP = 10;

interface Part {
  name: string;
  type: number;
  buffers: Uint8Array[];
}

export function arrowOf(columns: readonly Column[], given: Iterable<Row>): Uint8Array {
  const rows = [...given];
  const times = rows.map(({ t }) => BigInt(Math.round(t * 1e6)));
  const time = { name: "time", type: TIMESTAMP, buffers: [bytesOf(BigInt64Array.from(times))] };
  const parts = [
    time,
    ...columns.map((column, at) =>
      partOf(
        column,
        rows.map(({ values }) => values[at]),
      ),
    ),
  ];
  const ending = new Uint8Array([255, 255, 255, 255, 0, 0, 0, 0]);
  return joined([message(SCHEMA, schemaOf(parts), []), batch(rows.length, parts), ending]);
}

function partOf({ name, type }: Column, values: readonly (number | string | undefined)[]): Part {
  if (type === "text") {
    const texts = values.map((value) => new TextEncoder().encode(String(value ?? "")));
    const ends = new Int32Array(texts.length + 1);
    texts.forEach((text, n) => {
      ends[n + 1] = (ends[n] ?? 0) + text.length;
    });
    return { name, type: UTF8, buffers: [bytesOf(ends), joined(texts)] };
  }
  const numbers = Float64Array.from(values, Number);
  if (type === "integer" && numbers.every(Number.isInteger)) {
    return { name, type: INT, buffers: [bytesOf(BigInt64Array.from(numbers, BigInt))] };
  }
  return { name, type: FLOAT, buffers: [bytesOf(numbers)] };
}

type Write = (flat: Flat) => () => number;

function schemaOf(parts: readonly Part[]): Write {
  return (flat) => {
    const fields = parts.map(({ name, type }) => () => {
      const detail: Record<number, Field[]> = {
        [INT]: [
          [4, 64],
          [1, 1],
        ],
        [FLOAT]: [[2, 2]],
        [TIMESTAMP]: [[2, 2], () => flat.text("UTC")],
      };
      const about = (): number => flat.table(...(detail[type] ?? []));
      return flat.table(
        () => flat.text(name),
        [1, 1],
        [1, type],
        about,
        null,
        () => flat.list([]),
      );
    });
    return () => flat.table([2, 0], () => flat.list(fields));
  };
}

/** Nothing is null: a gap is NaN. So the first buffer of each column, which would say so, is empty. */
function batch(length: number, parts: readonly Part[]): Uint8Array {
  let at = 0;
  const places = parts.flatMap(({ buffers }) =>
    [new Uint8Array(), ...buffers].map((buffer): [number, number] => {
      const place: [number, number] = [at, buffer.length];
      at += padded(buffer.length);
      return place;
    }),
  );
  const nodes = parts.map((): [number, number] => [length, 0]);
  const write: Write = (flat) => () =>
    flat.table(
      [8, length],
      () => flat.pairs(nodes),
      () => flat.pairs(places),
    );
  return message(
    BATCH,
    write,
    parts.flatMap(({ buffers }) => buffers),
  );
}

function message(kind: number, write: Write, body: readonly Uint8Array[]): Uint8Array {
  const size = body.reduce((sum, buffer) => sum + padded(buffer.length), 0);
  const flat = new Flat();
  const about = flat.finish(() => flat.table([2, V5], [1, kind], write(flat), [8, size]));
  const head = new DataView(new ArrayBuffer(8));
  head.setInt32(0, -1, true);
  head.setInt32(4, about.length, true);
  const whole = body.flatMap((buffer) => [
    buffer,
    new Uint8Array(padded(buffer.length) - buffer.length),
  ]);
  return joined([new Uint8Array(head.buffer), about, ...whole]);
}

function padded(length: number): number {
  return Math.ceil(length / 8) * 8;
}

function bytesOf({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array {
  return new Uint8Array(buffer as ArrayBuffer, byteOffset, byteLength);
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
