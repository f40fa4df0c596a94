import { Decoder, Encoder } from "@msgpack/msgpack";
import { utf8 } from "@scure/base";

const encoder = new Encoder({ ignoreUndefined: true });

// A participant may write `{"__proto__": …}`. The decoder would refuse the whole message, for everybody and
// for ever; so that key gets a name nearby. Keys of other lengths go the decoder's own way.
const PROTO = "__proto__";
const keyDecoder = {
  canBeCached: (length: number): boolean => length === PROTO.length,
  decode(bytes: Uint8Array, at: number, length: number): string {
    const key = utf8.encode(bytes.subarray(at, at + length));
    return key === PROTO ? `${PROTO} ` : key;
  },
};

const decoder = new Decoder({ keyDecoder, mapKeyConverter: String });

/** MessagePack of a value. Throws when it holds what MessagePack does not know (a function). */
export function pack(value: unknown): Uint8Array<ArrayBuffer> {
  return encoder.encode(value);
}

/** The value of one MessagePack document; bytes in it have buffers of their own, so that they can be transferred. */
export function unpack(data: Uint8Array): unknown {
  return owned(decoder.decode(data));
}

// The decoder's bytes are views of the message: to keep one would keep the whole message.
function owned(value: unknown): unknown {
  if (value instanceof Uint8Array) return value.slice();
  if (Array.isArray(value)) {
    value.forEach((item, n) => {
      if (typeof item === "object") value[n] = owned(item);
    });
  } else if (isPlain(value)) {
    for (const [key, item] of Object.entries(value)) {
      if (typeof item === "object") value[key] = owned(item);
    }
  }
  return value;
}

function isPlain(value: unknown): value is Record<string, unknown> {
  return (
    typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype
  );
}
