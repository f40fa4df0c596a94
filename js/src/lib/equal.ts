/** Whether two values that came over the wire, or are about to, are the same. */
export function equal(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  if (a instanceof Uint8Array || b instanceof Uint8Array) return equalBytes(a, b);
  if (Array.isArray(a) || Array.isArray(b)) return equalArrays(a, b);
  if (a instanceof Date || b instanceof Date) {
    return a instanceof Date && b instanceof Date && a.getTime() === b.getTime();
  }
  const [left, right] = [Object.entries(a), new Map(Object.entries(b))];
  return (
    left.length === right.size &&
    left.every(([key, value]) => right.has(key) && equal(value, right.get(key)))
  );
}

function equalBytes(a: unknown, b: unknown): boolean {
  return a instanceof Uint8Array && b instanceof Uint8Array && equalItems(a, b);
}

function equalArrays(a: unknown, b: unknown): boolean {
  return Array.isArray(a) && Array.isArray(b) && equalItems(a, b);
}

function equalItems(a: ArrayLike<unknown>, b: ArrayLike<unknown>): boolean {
  if (a.length !== b.length) return false;
  for (let n = 0; n < a.length; n += 1) if (!equal(a[n], b[n])) return false;
  return true;
}
