/** A chart as a picture: its canvas with its title and the names of its series. */
import type { Item } from "./legend";
import type { Palette } from "./palette";

/** What the chat takes. */
const MOST_BYTES = 128 * 1024;
const MOST_WIDTH = 960;

export interface Scene {
  canvas: HTMLCanvasElement;
  title: string;
  items: readonly Item[];
  palette: Palette;
}

/** As large as on the screen, or `width` pixels wide. */
function compose({ canvas, title, items, palette }: Scene, width: number): HTMLCanvasElement {
  const scale = width / canvas.width;
  const unit = (canvas.width / canvas.clientWidth || 1) * scale;
  const made = document.createElement("canvas");
  const head = Math.round(34 * unit);
  made.width = width;
  made.height = Math.round(canvas.height * scale) + head;
  const ctx = made.getContext("2d");
  if (ctx === null) throw new Error("the canvas has a context");
  ctx.fillStyle = palette.ground;
  ctx.fillRect(0, 0, made.width, made.height);
  ctx.textBaseline = "middle";
  let x = 12 * unit;
  const write = (text: string, color: string, weight: number): void => {
    ctx.font = `${weight} ${Math.round(12 * unit)}px ${palette.font}`;
    ctx.fillStyle = color;
    ctx.fillText(text, x, head / 2 + unit);
    x += ctx.measureText(text).width + 6 * unit;
  };
  if (title !== "") {
    write(title, palette.text, 600);
    x += 12 * unit;
  }
  for (const { label, color, value, shown } of items) {
    if (!shown) continue;
    ctx.fillStyle = color;
    ctx.fillRect(x, head / 2, 12 * unit, 2.5 * unit);
    x += 18 * unit;
    write(label, palette.quiet, 400);
    write(value, palette.text, 600);
    x += 10 * unit;
  }
  ctx.drawImage(canvas, 0, head, made.width, made.height - head);
  return made;
}

export async function pngOf(scene: Scene): Promise<Uint8Array> {
  return bytesOf(compose(scene, scene.canvas.width), "image/png", 1);
}

/** Small enough for the chat: fewer pixels until it is. */
export async function momentOf(scene: Scene): Promise<Uint8Array> {
  let width = Math.min(MOST_WIDTH, scene.canvas.width);
  for (;;) {
    const bytes = await bytesOf(compose(scene, width), "image/webp", 0.86);
    if (bytes.length <= MOST_BYTES || width < 100) return bytes;
    width = Math.round(width * 0.75);
  }
}

/** A browser that cannot write WebP gives a PNG, and says so in its first bytes. */
async function bytesOf(
  canvas: HTMLCanvasElement,
  type: string,
  quality: number,
): Promise<Uint8Array> {
  const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, type, quality));
  return new Uint8Array((await blob?.arrayBuffer()) ?? []);
}
