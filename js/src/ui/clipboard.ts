/** Copies text; false if the browser lets nobody copy, and the person has to. */
export async function copyText(text: string, root: Node): Promise<boolean> {
  try {
    // Missing on plain http, and rejects without focus or in a frame without the permission.
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copyBySelection(text, root);
  }
}

/** The old way. The field has to be near the button: a focus trap would take the focus away. */
function copyBySelection(text: string, near: Node): boolean {
  const document = near.ownerDocument;
  if (document === null) return false;
  const field = document.createElement("textarea");
  field.value = text;
  field.readOnly = true;
  field.style.cssText = "position:fixed;inset-block-start:0;opacity:0;font-size:16px";
  const root = near.getRootNode();
  (root instanceof ShadowRoot ? root : document.body).append(field);
  field.select();
  field.setSelectionRange(0, text.length);
  const copied = document.execCommand("copy");
  field.remove();
  return copied;
}
