/** Copies text; false if the browser lets nobody copy, and the person has to. */
export async function copyText(text: string, near: Node): Promise<boolean> {
  try {
    // Missing on plain http, and rejects without focus or in a frame without the permission.
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copyBySelection(text, near);
  }
}

/** The old way. The field has to be beside the button: a card or a dialog around that would close, or take the focus. */
function copyBySelection(text: string, near: Node): boolean {
  const { ownerDocument: document, parentElement: place } = near;
  if (document === null || place === null) return false;
  const root = near.getRootNode();
  const { activeElement } = root instanceof ShadowRoot ? root : document;
  const field = document.createElement("textarea");
  field.value = text;
  field.readOnly = true;
  field.style.cssText = "position:fixed;inset-block-start:0;opacity:0;font-size:16px";
  place.append(field);
  field.select();
  field.setSelectionRange(0, text.length);
  const copied = document.execCommand("copy");
  if (activeElement instanceof HTMLElement) activeElement.focus({ preventScroll: true });
  field.remove();
  return copied;
}
