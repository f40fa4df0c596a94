/**
 * Text that becomes running code. The frame has no network: what code imports by name comes from its share.
 *
 * Each widget has a module instance of its own, as in Jupyter; the modules that it imports are shared.
 */

/** A quoted name after `from`, `import` or `import(`: what is imported. */
const IMPORTED =
  /(\bfrom\s*|\bimport\s*(?:\(\s*)?(?:\/\*[^*]*\*+(?:[^/*][^*]*\*+)*\/\s*)*)(["'`])([^"'`\\\n]+)\2/g;

/** The modules that a share brings: text by name. */
export type ModuleTexts = ReadonlyMap<string, string>;

/** How a module's text gets an address. */
export interface Addresses {
  open(text: string): string;
  close(address: string): void;
}

const BLOBS: Addresses = {
  open: (text) => URL.createObjectURL(new Blob([text], { type: "text/javascript" })),
  close: (address) => URL.revokeObjectURL(address),
};

export class Code {
  readonly #addresses: Addresses;
  /** Both stay: code may import a module again at any time. */
  readonly #addressOf = new Map<string, string>();
  readonly #textAt = new Map<string, string>();
  readonly #scripts = new Map<string, Promise<void>>();

  constructor(addresses: Addresses = BLOBS) {
    this.#addresses = addresses;
  }

  /**
   * The text with addresses in the place of the modules that it imports. The same modules give the same text.
   *
   * Throws when modules import each other.
   */
  link(text: string, modules: ModuleTexts): string {
    return modules.size === 0 ? text : this.#link(text, modules, []);
  }

  /** A module instance of its own from linked text. */
  async import(linked: string): Promise<Record<string, unknown>> {
    const address = this.#addresses.open(linked);
    try {
      return await import(/* @vite-ignore */ address);
    } catch (error) {
      // Browsers do not say which of the modules below could not be had; a syntax error is another matter.
      const missing = error instanceof TypeError ? this.#missing(linked) : undefined;
      if (missing === undefined) throw error;
      const text = `It imports ${missing}, which the host's notebook could not fetch.`;
      throw new Error(text, { cause: error });
    } finally {
      this.#addresses.close(address);
    }
  }

  /** Runs the text as a script of the document; the same text only once. */
  runScript(text: string): Promise<void> {
    const known = this.#scripts.get(text);
    if (known !== undefined) return known;
    const running = new Promise<void>((resolve, reject) => {
      const script = document.createElement("script");
      const address = this.#addresses.open(text);
      const end = (): void => {
        this.#addresses.close(address);
        script.remove();
      };
      script.addEventListener("load", () => resolve(end()));
      script.addEventListener("error", () => {
        end();
        reject(new Error("The browser does not run its script."));
      });
      script.src = address;
      document.head.append(script);
    });
    this.#scripts.set(text, running);
    return running;
  }

  #link(text: string, modules: ModuleTexts, path: readonly string[]): string {
    return text.replace(IMPORTED, (whole, lead: string, quote: string, name: string) => {
      const module = modules.get(name);
      if (module === undefined) return whole;
      if (path.includes(name)) {
        throw new Error(
          `${path.at(-1)} and ${name} import each other, which a shared widget's code cannot.`,
        );
      }
      const address = this.#addressFor(this.#link(module, modules, [...path, name]));
      return `${lead}${quote}${address}${quote}`;
    });
  }

  #addressFor(linked: string): string {
    let address = this.#addressOf.get(linked);
    if (address === undefined) {
      address = this.#addresses.open(linked);
      this.#addressOf.set(linked, address);
      this.#textAt.set(address, linked);
    }
    return address;
  }

  /** A URL that still stands in the text, or in that of a module below it. */
  #missing(linked: string): string | undefined {
    for (const [, lead = "", , name = ""] of linked.matchAll(IMPORTED)) {
      if (lead.includes("(")) continue; // imported when it is called, if ever
      if (/^https?:/.test(name)) return name;
      const below = this.#textAt.get(name);
      const missing = below === undefined ? undefined : this.#missing(below);
      if (missing !== undefined) return missing;
    }
    return undefined;
  }
}
