/** The front end of `widgets/objects/picture.py`: the newest picture of a figure, as wide as there is room. */
import { wear } from "../rich/wear";
import css from "./picture.css";
import { follow, type Props } from "./props";

function render(props: Props): void {
  const { model, el, signal } = props;
  wear(el, css);
  const image = document.createElement("img");
  image.className = "cw-picture";
  image.draggable = false;
  el.append(image);
  let newest = 0;
  let shown = "";

  async function show(): Promise<void> {
    const bytes = model.get("png");
    if (!ArrayBuffer.isView(bytes) || bytes.byteLength === 0) return;
    newest += 1;
    const turn = newest;
    const address = URL.createObjectURL(new Blob([copyOf(bytes)], { type: "image/png" }));
    // Decoded before it is shown: the picture before stays until then, and nothing flickers.
    const next = new Image();
    next.src = address;
    const decoded = await next.decode().then(
      () => true,
      () => false,
    );
    if (!decoded || turn !== newest || signal.aborted) {
      URL.revokeObjectURL(address);
      return;
    }
    const scale = Number(model.get("scale")) || 1;
    image.width = Math.round(next.naturalWidth / scale);
    image.height = Math.round(next.naturalHeight / scale);
    image.src = address;
    URL.revokeObjectURL(shown);
    shown = address;
  }

  follow(props, ["png"], () => void show());
  follow(props, ["alt"], () => {
    image.alt = String(model.get("alt") ?? "");
  });
  signal.addEventListener("abort", () => URL.revokeObjectURL(shown), { once: true });
}

function copyOf(view: ArrayBufferView): Uint8Array<ArrayBuffer> {
  const copy = new Uint8Array(view.byteLength);
  copy.set(new Uint8Array(view.buffer, view.byteOffset, view.byteLength));
  return copy;
}

export default { render };
