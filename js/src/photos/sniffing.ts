/** What a file is, by its first bytes: names and declared types are what somebody wrote. */

/** `photos.refusal` of the relay knows the same slugs. */
export type Refused = "heic" | "svg" | "web-page" | "tiff" | "pdf" | "video" | "not-a-photo";

export interface Kind {
  mime: "image/jpeg" | "image/png" | "image/webp" | "image/gif" | "image/avif" | "image/bmp";
  /** It has several pictures, to be played. */
  moves: boolean;
  /** Parts of it may be transparent. */
  alpha: boolean;
}

/** What a browser may be able to decode, or why nobody should try. */
export type Sniffed = Kind | Refused;

const HEIC_BRANDS = /heic|heix|heim|heis|hevc|hevx|hevm|hevs|mif1|mif2|msf1/;
const HTML = /<(?:!doctype\s+html|html|head|body|script|title|iframe)\b/i;
const SVG = /<(?:[a-z_][\w.-]*:)?svg[\s>/]/i;
/** How far into a text its kind is looked for, behind comments and declarations. */
const TEXT_BYTES = 4096;

export function sniff(data: Uint8Array): Sniffed {
  const begins = (text: string, at = 0): boolean => latin(data, at, at + text.length) === text;
  if (begins("\xff\xd8\xff")) return { mime: "image/jpeg", moves: false, alpha: false };
  if (begins("\x89PNG\r\n\x1a\n")) return png(data);
  if (begins("GIF87a") || begins("GIF89a")) return gif(data);
  if (begins("RIFF")) {
    if (begins("WEBP", 8)) return webp(data);
    return begins("AVI ", 8) ? "video" : "not-a-photo";
  }
  if (begins("ftyp", 4)) return byBrands(data);
  if (begins("BM") && begins("\0\0\0\0", 6)) {
    return { mime: "image/bmp", moves: false, alpha: false };
  }
  if (/^(?:II[*+]\0|MM\0[*+])/.test(latin(data, 0, 4))) return "tiff";
  if (begins("%PDF")) return "pdf";
  if (begins("\x1aE\xdf\xa3")) return "video";
  const text = latin(data, 0, TEXT_BYTES);
  if (HTML.test(text)) return "web-page";
  return SVG.test(text) ? "svg" : "not-a-photo";
}

function png(data: Uint8Array): Kind {
  const colours = data[25] ?? 0;
  let [moves, alpha] = [false, colours === 4 || colours === 6];
  for (let at = 8; at + 8 <= data.length; at += 12 + uint32(data, at)) {
    const name = latin(data, at + 4, at + 8);
    if (name === "acTL") moves = uint32(data, at + 8) > 1;
    if (name === "tRNS") alpha = true;
    if (name === "IDAT") break;
  }
  return { mime: "image/png", moves, alpha };
}

function webp(data: Uint8Array): Kind {
  const flags = latin(data, 12, 16) === "VP8X" ? (data[20] ?? 0) : 0;
  const lossless = latin(data, 12, 16) === "VP8L";
  return { mime: "image/webp", moves: (flags & 2) > 0, alpha: lossless || (flags & 16) > 0 };
}

/** A GIF says how many pictures it has only to who walks through it. */
function gif(data: Uint8Array): Kind {
  let at = 13 + colourTable(data[10] ?? 0);
  let pictures = 0;
  while (at < data.length && pictures < 2) {
    const block = data[at];
    if (block === 0x21) at = afterBlocks(data, at + 2);
    else if (block === 0x2c) {
      pictures += 1;
      at = afterBlocks(data, at + 11 + colourTable(data[at + 9] ?? 0));
    } else break;
  }
  return { mime: "image/gif", moves: pictures > 1, alpha: true };
}

function colourTable(flags: number): number {
  return (flags & 0x80) > 0 ? 3 << ((flags & 7) + 1) : 0;
}

function afterBlocks(data: Uint8Array, start: number): number {
  let at = start;
  for (let size = data[at] ?? 0; size > 0; size = data[at] ?? 0) at += 1 + size;
  return at + 1;
}

function byBrands(data: Uint8Array): Sniffed {
  const brands = latin(data, 8, Math.min(uint32(data, 0), 256));
  const moves = brands.includes("avis");
  if (moves || brands.includes("avif")) return { mime: "image/avif", moves, alpha: true };
  return HEIC_BRANDS.test(brands) ? "heic" : "video";
}

function uint32(data: Uint8Array, at: number): number {
  const [a = 0, b = 0, c = 0, d = 0] = data.subarray(at, at + 4);
  return a * 2 ** 24 + (b << 16) + (c << 8) + d;
}

function latin(data: Uint8Array, from: number, to: number): string {
  return String.fromCharCode(...data.subarray(from, to));
}
