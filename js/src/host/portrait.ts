/**
 * A picture of what a widget draws, if most of it is one drawing: a canvas, with those that lie upon it, an SVG, or
 * an image. No browser gives a page a picture of anything else in it.
 */

/** What the chat takes. */
const MOST_BYTES = 128 << 10;
/** Pixels. The chat shows a third of it; a lightbox of a phone has three for each of its own. */
const MOST_WIDTH = 960;
const LEAST_WIDTH = 100;
/** Of the widget's area. Less is a part of it, and would be taken for the whole. */
const LEAST_SHARE = 0.5;
/** A page of elements is not looked through; nor is a drawing of this many shapes copied. */
const MOST_ELEMENTS = 4000;
/** Pixels of a small copy, to see whether there is anything in a picture. */
const PROBE = 32;

/** What a style sheet may say about a shape: in a picture by itself, there is no style sheet. */
const STYLES = [
  ...["fill", "fill-opacity", "stroke", "stroke-width", "stroke-opacity", "stroke-dasharray"],
  ...["stroke-linecap", "stroke-linejoin", "opacity", "display", "visibility", "clip-path"],
  ...["font-family", "font-size", "font-weight", "font-style", "text-anchor", "dominant-baseline"],
];

type Drawing = HTMLCanvasElement | SVGSVGElement | HTMLImageElement;

/** WebP, or PNG where a browser writes no WebP; empty if there is no picture. Rejects where one may not be read. */
export async function portraitOf(box: HTMLElement): Promise<Uint8Array> {
  const drawings = drawingsOf(box);
  const [first] = drawings;
  if (first === undefined) return new Uint8Array();
  const { left, top, width, height } = first.getBoundingClientRect();
  const layers = await Promise.all(
    drawings.map(async (drawing) => ({ image: await imageOf(drawing), ...placeOf(drawing) })),
  );
  const paint = (canvas: HTMLCanvasElement, ground: string): void => {
    const context = contextOf(canvas);
    context.fillStyle = ground;
    context.fillRect(0, 0, canvas.width, canvas.height);
    context.scale(canvas.width / width, canvas.height / height);
    for (const { image, ...at } of layers) {
      context.drawImage(image, at.left - left, at.top - top, at.width, at.height);
    }
  };
  const probe = canvasOf(PROBE, PROBE);
  paint(probe, "transparent");
  // WebGL forgets what it has drawn as soon as it is on the screen.
  if (isBlank(probe)) return new Uint8Array();
  const sharp = Math.min(MOST_WIDTH, Math.round(width * (window.devicePixelRatio || 1)));
  for (let wide = sharp; ; wide = Math.round(wide * 0.75)) {
    const canvas = canvasOf(wide, Math.max(1, Math.round((wide * height) / width)));
    paint(canvas, ground());
    const bytes = await bytesOf(canvas);
    if (bytes.length <= MOST_BYTES) return bytes;
    if (wide < LEAST_WIDTH) return new Uint8Array();
  }
}

/** The drawing that most of the box is, then the canvases that lie upon it; none if there is no such drawing. */
export function drawingsOf(box: HTMLElement): Drawing[] {
  const leaves = leavesOf(box);
  if (leaves === null) return [];
  const drawings = leaves.filter(isDrawing).filter((leaf) => areaOf(leaf) > 0);
  const [largest] = drawings.toSorted((a, b) => areaOf(b) - areaOf(a));
  if (largest === undefined || areaOf(largest) < LEAST_SHARE * areaAround(leaves)) return [];
  const upon = drawings.slice(drawings.indexOf(largest) + 1).filter((one) => isCanvas(one));
  return [largest, ...upon.filter((one) => isWithin(one, largest))];
}

/** The elements that hold no others, shadow trees included; null if there are too many. */
function leavesOf(box: Element): Element[] | null {
  const leaves: Element[] = [];
  const open: Element[] = [box];
  for (let seen = 0; open.length > 0; seen += 1) {
    if (seen > MOST_ELEMENTS) return null;
    const element = open.pop();
    if (element === undefined) break;
    const inside = [...(element.shadowRoot ?? element).children];
    if (isDrawing(element) || (inside.length === 0 && element !== box)) leaves.push(element);
    else open.push(...inside.reverse());
  }
  return leaves;
}

function isCanvas(element: Element): element is HTMLCanvasElement {
  return element.localName === "canvas";
}

function isDrawing(element: Element): element is Drawing {
  return ["canvas", "svg", "img"].includes(element.localName);
}

function placeOf(element: Element) {
  const { left, top, width, height } = element.getBoundingClientRect();
  return { left, top, width, height };
}

function areaOf(element: Element): number {
  const { width, height } = placeOf(element);
  return width * height;
}

/** Of the box around what is to be seen. */
function areaAround(leaves: readonly Element[]): number {
  const rects = leaves.map((leaf) => leaf.getBoundingClientRect());
  const seen = rects.filter(({ width, height }) => width > 0 && height > 0);
  const width =
    Math.max(...seen.map(({ right }) => right)) - Math.min(...seen.map(({ left }) => left));
  const height =
    Math.max(...seen.map(({ bottom }) => bottom)) - Math.min(...seen.map(({ top }) => top));
  return width * height;
}

function isWithin(inner: Element, outer: Element): boolean {
  const [a, b] = [inner.getBoundingClientRect(), outer.getBoundingClientRect()];
  const [left, top] = [Math.floor(b.left), Math.floor(b.top)];
  return a.left >= left && a.top >= top && a.right <= b.right + 1 && a.bottom <= b.bottom + 1;
}

async function imageOf(drawing: Drawing): Promise<CanvasImageSource> {
  if (isCanvas(drawing) || drawing.localName === "img") return drawing as CanvasImageSource;
  const image = new Image();
  // As data: of an SVG behind another address, browsers let no canvas be read.
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(textOf(drawing))}`;
  await image.decode();
  return image;
}

function textOf(svg: Element): string {
  const copy = svg.cloneNode(true) as Element;
  const [shapes, copies] = [svg, copy].map((root) => [root, ...root.querySelectorAll("*")]);
  if ((shapes?.length ?? 0) <= MOST_ELEMENTS) {
    shapes?.forEach((shape, at) => {
      dress(copies?.[at], getComputedStyle(shape));
    });
  }
  const { width, height } = placeOf(svg);
  copy.setAttribute("width", String(width));
  copy.setAttribute("height", String(height));
  copy.setAttribute("xmlns", "http://www.w3.org/2000/svg");
  return new XMLSerializer().serializeToString(copy);
}

function dress(shape: Element | undefined, style: CSSStyleDeclaration): void {
  if (!(shape instanceof SVGElement)) return;
  for (const name of STYLES) shape.style.setProperty(name, style.getPropertyValue(name));
}

function canvasOf(width: number, height: number): HTMLCanvasElement {
  const canvas = document.createElement("canvas");
  canvas.width = width;
  canvas.height = height;
  return canvas;
}

function contextOf(canvas: HTMLCanvasElement): CanvasRenderingContext2D {
  const context = canvas.getContext("2d");
  if (context === null) throw new Error("the canvas has a context");
  return context;
}

function isBlank(canvas: HTMLCanvasElement): boolean {
  const { data } = contextOf(canvas).getImageData(0, 0, canvas.width, canvas.height);
  return data.every((channel, at) => at % 4 !== 3 || channel === 0);
}

/** Of the theme: what is drawn for a dark one is not to be seen on white. */
function ground(): string {
  const { documentElement: html } = document;
  const told = getComputedStyle(html).getPropertyValue("--jp-layout-color1").trim();
  return told || (html.style.colorScheme === "dark" ? "#181b22" : "#ffffff");
}

async function bytesOf(canvas: HTMLCanvasElement): Promise<Uint8Array> {
  const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, "image/webp", 0.86));
  return new Uint8Array((await blob?.arrayBuffer()) ?? []);
}
