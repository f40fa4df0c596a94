/**
 * Packages of widgets in the older form, as AMD modules: their text comes with the share.
 *
 * A package gets `define`, `require` and `requirejs` as parameters of a function around its text. So no
 * global `define` is there for the libraries inside of anywidgets to find, and packages that are
 * loaded at the same time cannot take each other's definitions.
 */

export interface Source {
  moduleText(name: string): string | undefined;
  runScript(text: string): Promise<void>;
}

type Factory = (...dependencies: unknown[]) => unknown;

interface Definition {
  dependencies: readonly string[];
  factory: unknown;
}

interface Module {
  id: string;
  uri: string;
  exports: unknown;
  config(): Record<string, never>;
}

/** Packages build addresses of images from it. An address is needed, although nobody answers there. */
const ORIGIN = "https://cowidget.invalid/nbextensions/";
const REQUIRE_CALL = /\brequire\s*\(\s*["']([^"']+)["']\s*\)/g;
let opened = 0;

export class Packages {
  readonly #source: Source;
  readonly #gate = `__cowidget_amd_${++opened}`;
  readonly #loading = new Map<string, Promise<unknown>>();
  readonly #definitions = new Map<string, Definition>();
  /** What has been evaluated, or is being evaluated: the other end of a cycle gets that. */
  readonly #modules = new Map<string, Module>();

  constructor(source: Source, builtIn: Record<string, unknown>) {
    this.#source = source;
    for (const [name, exports] of Object.entries(builtIn)) {
      this.#modules.set(name, { ...moduleOf(name), exports });
      this.#loading.set(name, Promise.resolve(exports));
    }
    Reflect.set(globalThis, this.#gate, (name: string) => this.#toolsFor(name));
  }

  /** A package's exports. Rejects, with its name, when the share does not bring it or it throws. */
  load(name: string): Promise<unknown> {
    return this.#load(name, []);
  }

  async #load(name: string, path: readonly string[]): Promise<unknown> {
    if (path.includes(name)) return this.#modules.get(name)?.exports;
    let loading = this.#loading.get(name);
    if (loading === undefined) {
      loading = this.#evaluate(name, path);
      this.#loading.set(name, loading);
      // The next share may bring what is missing now.
      loading.catch(() => this.#loading.delete(name));
    }
    return loading;
  }

  async #evaluate(name: string, path: readonly string[]): Promise<unknown> {
    const { dependencies, factory } = await this.#definitionOf(name);
    const module = moduleOf(name);
    this.#modules.set(name, module);
    const inner = [...path, name];
    const values: unknown[] = [];
    for (const dependency of dependencies) {
      values.push(await this.#dependency(dependency, module, inner));
    }
    const returned = isFactory(factory) ? factory(...values) : factory;
    if (returned !== undefined) module.exports = returned;
    return module.exports;
  }

  #dependency(name: string, module: Module, path: readonly string[]): unknown {
    if (name === "module") return module;
    if (name === "exports") return module.exports;
    if (name === "require") return this.#requireFor(module.id);
    return this.#load(resolved(name, module.id), path);
  }

  async #definitionOf(name: string): Promise<Definition> {
    const known = this.#definitions.get(name);
    if (known !== undefined) return known;
    const text = this.#source.moduleText(name);
    if (text === undefined) {
      throw new Error(`The package "${name}" is not installed where this widget comes from.`);
    }
    const gate = `globalThis[${JSON.stringify(this.#gate)}](${JSON.stringify(name)})`;
    await this.#source.runScript(
      `(function (define, require, requirejs) {${text}\n}).apply(globalThis, ${gate});`,
    );
    const definition = this.#definitions.get(name);
    if (definition === undefined) throw new Error(`The package "${name}" defines no module.`);
    return definition;
  }

  #toolsFor(name: string): unknown[] {
    const define = (...given: unknown[]): void => {
      const factory = given.pop();
      const listed = given.find(Array.isArray);
      const dependencies = listed?.map(String) ?? dependenciesOf(factory);
      const own = given.find((one) => typeof one === "string");
      // A bundle may define several modules by name; the one without a name is the package.
      const definition = { dependencies, factory };
      if (own !== undefined) this.#definitions.set(own, definition);
      if (own === undefined || !this.#definitions.has(name)) {
        this.#definitions.set(name, definition);
      }
    };
    define.amd = {};
    const require = this.#requireFor(name);
    return [define, require, require];
  }

  #requireFor(from: string): unknown {
    const require = (
      wanted: string | readonly string[],
      onLoad?: Factory,
      onError?: (error: unknown) => void,
    ): unknown => {
      if (typeof wanted === "string") return this.#evaluated(resolved(wanted, from));
      const loading = Promise.all(wanted.map((name) => this.#load(resolved(name, from), [])));
      // Called whatever kind of function it is: an async one is a function too.
      const done = loading.then((values) => onLoad?.(...values));
      void (onError === undefined ? done : done.catch(onError));
      return undefined;
    };
    return Object.assign(require, {
      config: () => require,
      defined: (name: string) => this.#modules.has(name),
      specified: (name: string) => this.#modules.has(name),
      toUrl: (name: string) => ORIGIN + name,
      undef: () => undefined,
    });
  }

  #evaluated(name: string): unknown {
    const module = this.#modules.get(name);
    if (module === undefined) throw new Error(`The package "${name}" has not been loaded yet.`);
    return module.exports;
  }
}

function moduleOf(name: string): Module {
  return { id: name, uri: `${ORIGIN}${name}/index.js`, exports: {}, config: () => ({}) };
}

function isFactory(value: unknown): value is Factory {
  return typeof value === "function";
}

/** `./part` is a part of the package that asks for it. */
function resolved(name: string, from: string): string {
  if (!name.startsWith(".")) return name;
  const { pathname } = new URL(name, `${ORIGIN}${from}/index.js`);
  return pathname.slice(new URL(ORIGIN).pathname.length);
}

/** A factory without a list takes `require, exports, module`, and says by its calls what it needs. */
function dependenciesOf(factory: unknown): string[] {
  if (!isFactory(factory) || factory.length === 0) return [];
  const calls = [...String(factory).matchAll(REQUIRE_CALL)].map(([, name]) => name ?? "");
  return ["require", "exports", "module", ...calls];
}
