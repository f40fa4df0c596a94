/** What a log entry may hold (L4); `core/bodies.py` says the same, and the relay goes by it. */
import type { Body, Bytes, Moment } from "../protocol/frames";

/** Characters of a chat message, as `text` admits, and of a share's name. */
const MAX_TEXT = 8000;
const MAX_SHARE = 64;
export const MAX_PICTURE = 128 << 10;

/** Why this cannot be posted, as a sentence; empty if it can. */
export function faultOf(body: Body): string {
  const length = [...body.text].length;
  if (length > MAX_TEXT || (body.kind === "text" && length < 1)) {
    return `A message has 1 to ${MAX_TEXT} characters.`;
  }
  return body.kind === "moment" ? faultOfMoment(body) : "";
}

function faultOfMoment({ share, start, end, picture }: Moment): string {
  const name = [...share].length;
  if (name < 1 || name > MAX_SHARE) return "A moment is one of a shared chart.";
  if (!(Number.isFinite(start) && Number.isFinite(end) && start <= end)) {
    return "A moment has a beginning and an end.";
  }
  if (picture.length > MAX_PICTURE) {
    return `A moment's picture holds at most ${MAX_PICTURE >> 10} KiB.`;
  }
  if (picture.length > 0 && pictureType(picture) === "") {
    return "A moment's picture is PNG or WebP.";
  }
  return "";
}

/** The media type by the first bytes; empty for what is neither PNG nor WebP. */
export function pictureType(data: Bytes): "image/png" | "image/webp" | "" {
  const begins = (at: number, text: string): boolean =>
    [...text].every((sign, n) => data[at + n] === sign.charCodeAt(0));
  if (begins(0, "\x89PNG\r\n\x1a\n")) return "image/png";
  return begins(0, "RIFF") && begins(8, "WEBP") ? "image/webp" : "";
}
