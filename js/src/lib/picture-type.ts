/** The media type by the first bytes; empty for what is neither PNG nor WebP. */
export function pictureType(data: Uint8Array): "image/png" | "image/webp" | "" {
  const begins = (at: number, text: string): boolean =>
    [...text].every((sign, n) => data[at + n] === sign.charCodeAt(0));
  if (begins(0, "\x89PNG\r\n\x1a\n")) return "image/png";
  return begins(0, "RIFF") && begins(8, "WEBP") ? "image/webp" : "";
}
