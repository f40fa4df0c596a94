// Blocks that both languages read. To regenerate: python tools/generate_blocks.py
import { base64 } from "@scure/base";
import { describe, expect, test } from "vitest";
import { BlockError, checksum, decode, decodeNow } from ".";

interface Piece {
  column: number;
  part: "columns" | "low" | "high";
  type: "float64" | "float32" | "int64" | "text";
  values: (number | string)[];
}

interface Golden {
  block: string;
  kind: string;
  level: number;
  first: number;
  count: number;
  sent: number;
  checksum: number | null;
  pieces: Piece[];
}

const FILES = import.meta.glob<Golden | Record<string, string>>(
  "../../../tests/wire/blocks/*.json",
  { eager: true, import: "default" },
);
const ALL = Object.entries(FILES).map(
  ([path, golden]) => [path.replace(/.*\/|\.json$/g, ""), golden] as const,
);
const BLOCKS = ALL.filter((each): each is [string, Golden] => each[0] !== "hostile");
const HOSTILE = ALL.flatMap(([name, bytes]) => (name === "hostile" ? Object.entries(bytes) : []));

function values({ type, values }: Piece): Float64Array | Float32Array | (number | string)[] {
  if (type === "text") return values;
  return new (type === "float32" ? Float32Array : Float64Array)(values.map(Number));
}

describe.each(BLOCKS)("[F3] %s", (_, golden) => {
  test("holds what Python says", async () => {
    const { kind, level, first, count, sent, ...parts } = await decode(base64.decode(golden.block));
    expect({ kind, level, first, count, sent }).toEqual({
      kind: golden.kind,
      level: golden.level,
      first: golden.first,
      count: golden.count,
      sent: golden.sent,
    });
    for (const piece of golden.pieces) {
      expect(parts[piece.part].get(piece.column)).toEqual(values(piece));
    }
    const found = parts.columns.size + parts.low.size + parts.high.size;
    expect(found).toBe(golden.pieces.length);
  });

  test("is read at once unless it is deflated", async () => {
    const bytes = base64.decode(golden.block);
    expect(decodeNow(bytes)).toEqual(bytes[1] === 1 ? null : await decode(bytes));
  });
});

test.each(BLOCKS.filter(([, { kind }]) => kind === "rows"))(
  "%s has Python's checksum",
  async (_, golden) => {
    const { first, columns } = await decode(base64.decode(golden.block));
    expect(checksum(first, columns)).toBe(golden.checksum);
  },
);

test.each(HOSTILE)("[F3] %s is refused", async (_, bytes) => {
  await expect(decode(base64.decode(bytes))).rejects.toThrow(BlockError);
});
