/** 128 random bits in hex. Not `crypto.randomUUID`: a page on `http://<LAN address>` has none. */
export function token(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
