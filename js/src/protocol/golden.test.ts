import { base64, utf8 } from "@scure/base";
import { describe, expect, test } from "vitest";
import { unpack } from "../lib/msgpack";
import { decodeRelay, encode, join, markBytes, unmarkBytes } from "./codec";
import { CLIENT_TYPES, type ClientFrame, RELAY_TYPES } from "./frames";

interface Golden {
  sentBy: ("client" | "relay")[];
  json: string;
  msgpack: string;
}

const FILES = import.meta.glob<Golden>("../../../tests/wire/golden/*.json", {
  eager: true,
  import: "default",
});
const ALL = Object.entries(FILES).map(
  ([path, golden]) => [path.replace(/.*\/|\.json$/g, ""), golden] as const,
);
const by = (side: "client" | "relay") => ALL.filter(([, { sentBy }]) => sentBy.includes(side));

test("every frame type has a golden message", () => {
  const types = new Set<string>([...CLIENT_TYPES, ...RELAY_TYPES]);
  expect(new Set(ALL.map(([type]) => type))).toEqual(types);
});

describe.each(by("client"))("%s of a client", (_, { json, msgpack }) => {
  const packed = base64.decode(msgpack);
  const frames = unpack(packed) as ClientFrame[];

  test("is encoded to the same bytes", () => {
    const encoded = frames.map((frame) => encode(frame, "cowidget.1.msgpack"));
    expect(join(encoded, "cowidget.1.msgpack")).toEqual(new Uint8Array(packed));
  });

  test("is encoded to the same JSON", () => {
    const encoded = frames.map((frame) => encode(frame, "cowidget.1.json"));
    expect(JSON.parse(utf8.encode(join(encoded, "cowidget.1.json")))).toEqual(JSON.parse(json));
  });
});

describe.each(by("relay"))("%s of a relay", (type, { json, msgpack }) => {
  const frames = decodeRelay(base64.decode(msgpack), "cowidget.1.msgpack");
  const [frame] = frames;

  test("is the same frame in both encodings", () => {
    expect(decodeRelay(utf8.decode(json), "cowidget.1.json")).toEqual(frames);
    expect(frame?.type).toBe(type);
  });

  test("has every field that was sent", () => {
    expect(frame).toMatchObject((unmarkBytes(JSON.parse(json)) as object[])[0] ?? {});
  });
});

describe("[M3] bytes in JSON", () => {
  test.each([
    [{ $bytes: "no bytes" }],
    [{ $$bytes: 1 }],
    [{ a: [{ $bytes: { $bytes: 2 } }] }],
    [{ $bytes: 1, other: 2 }],
    [new Uint8Array([1, 2])],
  ])("%j survives", (value) => {
    expect(unmarkBytes(JSON.parse(JSON.stringify(markBytes(value))))).toEqual(value);
  });
});

test.each([['{"$bytes":1}'], ['{"a":[{"$bytes":{}}]}'], ['{"$bytes":"?"}']])(
  "[M3] %s is an error",
  (json) => {
    expect(() => unmarkBytes(JSON.parse(json))).toThrow();
  },
);

describe("[M4] a message that is none", () => {
  const refusal = (json: string): string => {
    try {
      decodeRelay(utf8.decode(json), "cowidget.1.json");
      return "taken";
    } catch (error) {
      return (error as { slug: string }).slug;
    }
  };

  test.each([
    ["{", "undecodable"],
    ["{}", "undecodable"],
    ["[1]", "undecodable"],
    ['[{"type":"ack"}]', "undecodable"],
    ['[{"type":"ack","id":"1"}]', "undecodable"],
    ['[{"type":"absent","blob":"../x"}]', "undecodable"],
    ['[{"type":"nonsense"}]', "unknown-frame"],
    ['[{"type":"hello"}]', "unknown-frame"],
    ['[{"type":"ack","id":1,"later":true}]', "taken"],
  ])("%s is %s", (json, slug) => {
    expect(refusal(json)).toBe(slug);
  });
});
