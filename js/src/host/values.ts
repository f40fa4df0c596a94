/** Trait values on their way into a widget and out of it, and whether two of them are the same. */

/** A copy of these bytes in an ArrayBuffer of their own: widgets read `view.buffer` from its start. */
export function ownBytes(view: ArrayBuffer | ArrayBufferView): Uint8Array<ArrayBuffer> {
  if (view instanceof ArrayBuffer) return new Uint8Array(view.slice(0));
  return new Uint8Array(new Uint8Array(view.buffer, view.byteOffset, view.byteLength));
}

function isBytes(value: unknown): value is ArrayBuffer | ArrayBufferView {
  return value instanceof ArrayBuffer || ArrayBuffer.isView(value);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !isBytes(value) && !Array.isArray(value);
}

/** The same value with every piece of bytes, at any depth, replaced by `change(bytes)`. */
function mapBytes(
  value: unknown,
  change: (bytes: ArrayBuffer | ArrayBufferView) => unknown,
): unknown {
  if (isBytes(value)) return change(value);
  if (Array.isArray(value)) return value.map((item) => mapBytes(item, change));
  if (!isRecord(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [name, mapBytes(item, change)]),
  );
}

/** As widgets expect it: bytes are DataViews, as in Jupyter. */
export function toWidget(value: unknown): unknown {
  return mapBytes(value, (bytes) => new DataView(ownBytes(bytes).buffer));
}

/** As the wire carries it: bytes of any kind are Uint8Arrays. */
export function toWire(value: unknown): unknown {
  return mapBytes(value, ownBytes);
}

function sameBytes(a: ArrayBufferView, b: ArrayBufferView): boolean {
  if (a.byteLength !== b.byteLength) return false;
  const left = new Uint8Array(a.buffer, a.byteOffset, a.byteLength);
  const right = new Uint8Array(b.buffer, b.byteOffset, b.byteLength);
  return left.every((byte, at) => byte === right[at]);
}

/** Equal by content, to any depth. */
export function same(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (ArrayBuffer.isView(a) && ArrayBuffer.isView(b)) return sameBytes(a, b);
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === b.length && a.every((item, at) => same(item, b[at]));
  }
  if (!isRecord(a) || !isRecord(b)) return false;
  const names = Object.keys(a);
  return (
    names.length === Object.keys(b).length &&
    names.every((name) => Object.hasOwn(b, name) && same(a[name], b[name]))
  );
}
