/** Bytes to frames and back (PROTOCOL.md M2-M4): frames enter as unknown and leave typed. */
import { base64, utf8 } from "@scure/base";
import * as v from "valibot";
import { pack, unpack } from "../lib/msgpack";
import { type ClientFrame, RELAY_SCHEMAS, RELAY_TYPES, type RelayFrame } from "./frames";

export type Subprotocol = "cowidget.1.msgpack" | "cowidget.1.json";

export const SUBPROTOCOLS: readonly Subprotocol[] = ["cowidget.1.msgpack", "cowidget.1.json"];

/** A message of the relay that this client cannot take; `slug` is that of the closing it deserves. */
export class FrameError extends Error {
  override readonly name = "FrameError";
  readonly slug: "undecodable" | "unknown-frame" | "unexpected";

  constructor(slug: FrameError["slug"], text: string, options?: ErrorOptions) {
    super(text, options);
    this.slug = slug;
  }
}

/** One frame; not a message yet. */
export function encode(frame: ClientFrame, subprotocol: Subprotocol): Uint8Array<ArrayBuffer> {
  if (subprotocol === "cowidget.1.msgpack") return pack(frame);
  return text(JSON.stringify(markBytes(frame)));
}

/** A message of frames that `encode` made, in this order. */
export function join(
  encoded: readonly Uint8Array[],
  subprotocol: Subprotocol,
): Uint8Array<ArrayBuffer> {
  if (subprotocol === "cowidget.1.msgpack") return concat([header(encoded.length), ...encoded]);
  const parts = encoded.flatMap((frame, n) => (n === 0 ? [frame] : [text(","), frame]));
  return concat([text("["), ...parts, text("]")]);
}

/** A message below the limit of M5 with room to spare; a frame that is larger travels alone. */
const MESSAGE_BYTES = 256 << 10;

/** Frames, in order, as few messages. */
export function messagesOf(
  frames: readonly ClientFrame[],
  subprotocol: Subprotocol,
): Uint8Array<ArrayBuffer>[] {
  const messages: Uint8Array<ArrayBuffer>[] = [];
  let [part, bytes]: [Uint8Array[], number] = [[], 0];
  for (const frame of frames.map((each) => encode(each, subprotocol))) {
    if (part.length > 0 && bytes + frame.length > MESSAGE_BYTES) {
      messages.push(join(part, subprotocol));
      [part, bytes] = [[], 0];
    }
    part.push(frame);
    bytes += frame.length;
  }
  return part.length > 0 ? [...messages, join(part, subprotocol)] : messages;
}

/** The frames of a relay's message. Throws a `FrameError`. */
export function decodeRelay(message: Uint8Array, subprotocol: Subprotocol): RelayFrame[] {
  const frames = parse(message, subprotocol);
  if (!Array.isArray(frames)) throw new FrameError("undecodable", "not an array of frames");
  return frames.map(typed);
}

function parse(message: Uint8Array, subprotocol: Subprotocol): unknown {
  try {
    if (subprotocol === "cowidget.1.msgpack") return unpack(message);
    return unmarkBytes(JSON.parse(utf8.encode(message)));
  } catch (error) {
    throw new FrameError("undecodable", "not a message of this subprotocol", { cause: error });
  }
}

function typed(frame: unknown): RelayFrame {
  const type = typeOf(frame);
  if (!isRelayType(type)) throw new FrameError("unknown-frame", `unknown frame ${type}`);
  const result = v.safeParse(RELAY_SCHEMAS[type], frame);
  if (result.success) return result.output;
  const [issue] = result.issues;
  throw new FrameError("undecodable", `${type}.${v.getDotPath(issue) ?? ""}: ${issue.message}`);
}

function typeOf(frame: unknown): string {
  if (typeof frame === "object" && frame !== null && "type" in frame) return String(frame.type);
  throw new FrameError("undecodable", "a frame without a type");
}

function isRelayType(type: string): type is RelayFrame["type"] {
  return RELAY_TYPES.some((known) => known === type);
}

// MessagePack's array headers: fixarray, array 16, array 32.
function header(count: number): Uint8Array {
  if (count < 16) return Uint8Array.of(0x90 | count);
  if (count < 0x10000) return Uint8Array.of(0xdc, count >> 8, count & 0xff);
  return Uint8Array.of(0xdd, count >>> 24, (count >> 16) & 0xff, (count >> 8) & 0xff, count & 0xff);
}

function text(json: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(utf8.decode(json));
}

function concat(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

// Bytes in JSON (M3).

const MARK = /^\$+bytes$/;

function onlyKey(value: object): string | undefined {
  const [key, ...others] = Object.keys(value);
  return others.length === 0 ? key : undefined;
}

/** A value in which bytes are written as M3 says. */
export function markBytes(value: unknown): unknown {
  if (value instanceof Uint8Array) return { $bytes: base64.encode(value) };
  if (Array.isArray(value)) return value.map(markBytes);
  if (typeof value !== "object" || value === null || value instanceof Date) return value;
  const key = onlyKey(value);
  const marked = key !== undefined && MARK.test(key);
  return mapped(value, (name) => (marked ? `$${name}` : name), markBytes);
}

/** The value that `markBytes` wrote. Throws when the base64 is none. */
export function unmarkBytes(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(unmarkBytes);
  if (typeof value !== "object" || value === null) return value;
  const key = onlyKey(value);
  if (key === undefined || !MARK.test(key)) return mapped(value, (name) => name, unmarkBytes);
  const inner: unknown = Object.values(value)[0];
  if (key === "$bytes") {
    if (typeof inner !== "string") throw new TypeError("bytes that are not base64");
    return new Uint8Array(base64.decode(inner));
  }
  return mapped(value, (name) => name.slice(1), unmarkBytes);
}

function mapped(
  value: object,
  name: (key: string) => string,
  convert: (inner: unknown) => unknown,
): Record<string, unknown> {
  const entries = Object.entries(value).map(([key, inner]) => [name(key), convert(inner)]);
  return Object.fromEntries(entries);
}
