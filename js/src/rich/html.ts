/** HTML of a notebook's object as nodes, with scripts that run. */

export interface Html {
  fragment: DocumentFragment;
  /** The hosts that it loads scripts, styles, pictures or frames from. */
  elsewhere: readonly string[];
}

const LOADS = "script[src], link[rel~=stylesheet][href], img[src], iframe[src]";

export function htmlFragment(text: string): Html {
  const template = document.createElement("template");
  template.innerHTML = text;
  const fragment = document.importNode(template.content, true);
  const elsewhere = new Set<string>();
  for (const loading of fragment.querySelectorAll(LOADS)) {
    const host = hostOf(loading.getAttribute("src") ?? loading.getAttribute("href") ?? "");
    if (host !== "") elsewhere.add(host);
  }
  for (const script of fragment.querySelectorAll("script")) script.replaceWith(running(script));
  return { fragment, elsewhere: [...elsewhere] };
}

/**
 * What was parsed does not run; a copy does. Its text comes from a blob: the sandbox's policy lets no text
 * in the page run.
 */
function running(script: HTMLScriptElement): HTMLScriptElement {
  const copy = document.createElement("script");
  for (const { name, value } of script.attributes) copy.setAttribute(name, value);
  const runs = copy.type === "" || copy.type === "module" || copy.type.includes("javascript");
  const text = script.textContent ?? "";
  if (!runs) copy.textContent = text;
  else if (copy.src === "" && text.trim() !== "") {
    const address = URL.createObjectURL(new Blob([text], { type: "text/javascript" }));
    for (const end of ["load", "error"]) {
      copy.addEventListener(end, () => URL.revokeObjectURL(address), { once: true });
    }
    copy.src = address;
  }
  copy.async = false; // in their order
  return copy;
}

function hostOf(address: string): string {
  if (!/^(?:https?:)?\/\//i.test(address) || !URL.canParse(address, "https://x")) return "";
  return new URL(address, "https://x").host;
}
