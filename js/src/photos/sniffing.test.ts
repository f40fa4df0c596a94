import { expect, test } from "vitest";
import { sniff } from "./sniffing";

function file(...parts: (string | number[])[]): Uint8Array {
  return Uint8Array.from(
    parts.flatMap((part) =>
      typeof part === "string" ? [...part].map((sign) => sign.charCodeAt(0)) : part,
    ),
  );
}

function pngChunk(name: string, body: number[]): (string | number[])[] {
  return [[0, 0, 0, body.length], name, body, [0, 0, 0, 0]];
}

function png(colours: number, ...chunks: (string | number[])[]): Uint8Array {
  const head = [0, 0, 0, 1, 0, 0, 0, 1, 8, colours, 0, 0, 0];
  return file(
    "\x89PNG\r\n\x1a\n",
    ...pngChunk("IHDR", head),
    ...chunks,
    ...pngChunk("IDAT", [1, 2]),
  );
}

function heif(...brands: string[]): Uint8Array {
  return file(
    [0, 0, 0, 16 + 4 * (brands.length - 1)],
    "ftyp",
    brands[0] ?? "",
    "\0\0\0\0",
    brands.slice(1).join(""),
  );
}

const PICTURE = [0x2c, 0, 0, 0, 0, 1, 0, 1, 0, 0, 2, 2, 0x4c, 1, 0];
const PAUSE = [0x21, 0xf9, 4, 0, 10, 0, 0, 0];
const GIF = ["GIF89a", [1, 0, 1, 0, 0x80, 0, 0, 0, 0, 0, 255, 255, 255]];

test("a JPEG neither moves nor has alpha", () => {
  expect(sniff(file("\xff\xd8\xff\xe0"))).toEqual({
    mime: "image/jpeg",
    moves: false,
    alpha: false,
  });
});

test("a PNG tells of its alpha, and whether it moves", () => {
  expect(sniff(png(2))).toEqual({ mime: "image/png", moves: false, alpha: false });
  expect(sniff(png(6))).toMatchObject({ alpha: true });
  expect(sniff(png(3, ...pngChunk("tRNS", [0])))).toMatchObject({ alpha: true });
  expect(sniff(png(2, ...pngChunk("acTL", [0, 0, 0, 2, 0, 0, 0, 0])))).toMatchObject({
    moves: true,
  });
});

test("a WebP tells it in its flags", () => {
  const extended = (flags: number) => sniff(file("RIFF\0\0\0\0WEBPVP8X", [10, 0, 0, 0, flags]));
  expect(extended(0)).toEqual({ mime: "image/webp", moves: false, alpha: false });
  expect(extended(2)).toMatchObject({ moves: true });
  expect(extended(16)).toMatchObject({ alpha: true });
  expect(sniff(file("RIFF\0\0\0\0WEBPVP8 "))).toMatchObject({ moves: false, alpha: false });
});

test("a GIF moves if it has two pictures", () => {
  expect(sniff(file(...GIF, PICTURE, [0x3b]))).toMatchObject({ mime: "image/gif", moves: false });
  expect(sniff(file(...GIF, PAUSE, PICTURE, PAUSE, PICTURE, [0x3b]))).toMatchObject({
    moves: true,
  });
});

test("a GIF that ends early, or loops nowhere, is looked through once", () => {
  expect(sniff(file(...GIF, PICTURE.slice(0, 12)))).toMatchObject({ moves: false });
  expect(sniff(file(...GIF, Array<number>(1000).fill(0)))).toMatchObject({ moves: false });
});

test("an AVIF is one by any of its brands", () => {
  expect(sniff(heif("avif", "mif1"))).toMatchObject({ mime: "image/avif", moves: false });
  expect(sniff(heif("avis", "msf1", "mif1"))).toMatchObject({ mime: "image/avif", moves: true });
});

test.each([
  ["heic", heif("heic", "mif1", "heic")],
  ["heic", heif("mif1", "heix")],
  ["video", heif("isom", "mp42")],
  ["video", file("RIFF\0\0\0\0AVI LIST")],
  ["video", file("\x1aE\xdf\xa3webm")],
  ["not-a-photo", file("RIFF\0\0\0\0WAVEfmt ")],
  ["not-a-photo", file("")],
  ["not-a-photo", file("BMW is a maker of cars")],
  ["tiff", file("II*\0")],
  ["tiff", file("MM\0*")],
  ["pdf", file("%PDF-1.7")],
  ["svg", file("<?xml version='1.0'?>\n<!-- drawn -->\n<SVG:svg/>")],
  ["web-page", file("  <!DOCTYPE html><p>")],
  ["web-page", file("<html><svg></svg></html>")],
])("what is no photo is told by what it is: %s", (slug, data) => {
  expect(sniff(data)).toBe(slug);
});
