/**
 * Builds src/cowidget/static: the guest's page, the notebook's panel, and a manifest of both.
 *
 *   page.html            what the relay serves at <prefix>/r/<room>
 *   arrival.<hash>.js    at <prefix>/assets/, cached for ever: what goes to the room
 *   page.<hash>.js       there too: the interface, which imports that
 *   sandbox.<hash>.html  there too: the document of the page's frame
 *   panel.js             one ESM file: the `_esm` of the panel's anywidget
 *   chat.js              the panel's chat, which relays and kernels give as a blob (src/widgets/chat-code.ts)
 *   <asset>.gz           each of those assets and the page, compressed: the relay has nothing to do for it
 *   texts.<language>.<hash>.json  the words of a language: an asset of the page, a part of the panel like the chat
 *   classic.js           one ES module: the code for classic ipywidgets, which kernels send as a blob
 *   vega.js              a script that kernels put before the code of Vega charts
 *   objects/<kind>.js    one ES module each: the `_esm` of what stands for a figure, a table, a rich object;
 *                        feeds.js is what charts have in a notebook of their own, and get in a room from the sandbox
 *   licenses.txt         the licences of everything bundled
 *   manifest.json        names and sizes; written last, so it stands for a complete build
 *
 * The sandbox (src/host/sandbox.ts) is bundled first, as one classic script, and put into its document.
 * `import sandbox from "virtual:sandbox"` is the document's address in the page, its text in the panel,
 * which is one file. Every imported stylesheet is text, minified.
 */
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import * as esbuild from "esbuild";

const HERE = dirname(fileURLToPath(import.meta.url));
const STATIC = join(HERE, "../src/cowidget/static");

/**
 * Bytes. Every panel in a notebook carries the bundle in its comm state, again on each reload:
 * larger slows opening a notebook, smaller leaves no room for the chat and the people.
 */
const PANEL_BUDGET = { raw: 400_000, gzip: 120_000 };

/**
 * Bytes. Every guest of a room with a classic widget loads it once. A third is the font of their icons,
 * without which a button says nothing; the rest is ipywidgets itself.
 */
const CLASSIC_BUDGET = { gzip: 300_000 };

/**
 * Bytes. Every guest of a Vega chart loads it once: 879 KB, of which 305 KB travel. It has hardly a part
 * that charts can do without.
 */
const VEGA_BUDGET = { raw: 960_000, gzip: 320_000 };

/** Bytes. Every guest of a live chart loads it once, and sees nothing before. */
const CHART_BUDGET = { raw: 80_000, gzip: 32_000 };

const OPTIONS = {
  absWorkingDir: HERE,
  bundle: true,
  charset: "utf8",
  define: { "process.env.NODE_ENV": '"production"' },
  legalComments: "none", // licenses.txt has them
  loader: { ".css": "text" },
  logLevel: "warning",
  metafile: true,
  minify: true,
  target: "es2022",
  write: false,
};

/**
 * @param {esbuild.BuildOptions} options
 * @param {string[]} beside what it imports from the files beside it
 */
async function bundle(options, beside = []) {
  const plugins = [stylesheetPlugin, ...(options.plugins ?? [])];
  const { outputFiles, metafile, warnings } = await esbuild.build({
    ...OPTIONS,
    ...options,
    plugins,
  });
  if (warnings.length > 0) throw new Error("a warning is an error here");
  const imports = Object.values(metafile.outputs).flatMap((output) => output.imports);
  const outside = imports.filter(({ path }) => !path.startsWith("data:") && !beside.includes(path));
  if (outside.length > 0) throw new Error(`${outside[0].path} is not inside the bundle`);
  return { text: outputFiles[0].text, inputs: Object.keys(metafile.inputs) };
}

/** esbuild minifies what it understands; a text it leaves as it is. */
const stylesheetPlugin = {
  name: "stylesheet",
  setup(build) {
    if (build.initialOptions.loader[".css"] !== "text") return;
    build.onLoad({ filter: /\.css$/ }, async ({ path }) => {
      const source = readFileSync(path, "utf8");
      const options = { charset: "utf8", loader: "css", minify: true };
      const { code, warnings } = await esbuild.transform(source, options);
      return { contents: code.trimEnd(), loader: "text", warnings };
    });
  },
};

/**
 * What the build itself knows: `import sandbox from "virtual:sandbox"` is `values.sandbox`.
 *
 * @param {Record<string, unknown>} values
 */
function builtPlugin(values) {
  return {
    name: "built",
    setup(build) {
      const filter = new RegExp(`^virtual:(${Object.keys(values).join("|")})$`);
      build.onResolve({ filter }, ({ path }) => ({ path, namespace: "built" }));
      build.onLoad({ filter: /.*/, namespace: "built" }, ({ path }) => ({
        contents: JSON.stringify(values[path.replace("virtual:", "")]),
        loader: "json",
      }));
    },
  };
}

/** What is imported as `path` is another file, `name`, which runs once for both. */
function besidePlugin(path, name) {
  return {
    name: "beside",
    setup(build) {
      const filter = new RegExp(`^${path.replaceAll(".", "\\.")}$`);
      build.onResolve({ filter }, () => ({ path: name, external: true }));
    },
  };
}

/** What the panel's chat shares with the panel: its imports look in the place that chat-code.ts names. */
const sharedPlugin = {
  name: "shared",
  setup(build) {
    const shared = /^(preact|preact\/hooks|preact\/jsx-runtime|@preact\/signals|\.\/texts)$/;
    build.onResolve({ filter: shared }, ({ path }) => ({ path, namespace: "shared" }));
    build.onLoad({ filter: /.*/, namespace: "shared" }, ({ path }) => ({
      contents: `module.exports = globalThis["@COWIDGET_SHARED@"][${JSON.stringify(path)}];`,
    }));
  },
};

/** `virtual:classic-styles` is the sheets of ipywidgets as one text, with the font of their icons inside. */
function classicStylesPlugin(text) {
  return {
    name: "classic-styles",
    setup(build) {
      build.onResolve({ filter: /^virtual:classic-styles$/ }, ({ path }) => ({
        path,
        namespace: "virtual",
      }));
      build.onLoad({ filter: /styles$/, namespace: "virtual" }, () => ({
        contents: text,
        loader: "text",
      }));
    },
  };
}

/** The code for classic widgets. */
async function classicBundle() {
  const styles = await bundle({
    entryPoints: ["src/classic/styles.css"],
    loader: { ".woff2": "dataurl" },
  });
  const classic = await bundle({
    entryPoints: ["src/classic/main.ts"],
    format: "esm",
    plugins: [classicStylesPlugin(styles.text)],
  });
  return { text: classic.text, inputs: [...classic.inputs, ...styles.inputs] };
}

/** What stands for objects that are no widgets: by file name, from src/objects. */
async function objectBundles() {
  const sources = {
    picture: "objects/picture",
    rich: "objects/rich",
    table: "objects/table",
    feeds: "host/native-feeds",
    chart: "chart/main",
  };
  const kinds = Object.keys(sources);
  const bundles = await Promise.all(
    kinds.map((kind) => bundle({ entryPoints: [`src/${sources[kind]}.ts`], format: "esm" })),
  );
  return {
    texts: Object.fromEntries(kinds.map((kind, at) => [`objects/${kind}.js`, bundles[at].text])),
    inputs: bundles.flatMap(({ inputs }) => inputs),
  };
}

/** The sandbox's document, made by src/host/document.ts. */
async function documentOf(script) {
  const { text } = await bundle({ entryPoints: ["src/host/document.ts"], format: "esm" });
  const { sandboxDocument } = await import(`data:text/javascript,${encodeURIComponent(text)}`);
  const digest = createHash("sha256").update(script).digest("base64");
  return sandboxDocument(script, `sha256-${digest}`);
}

function sha256Of(text) {
  return createHash("sha256").update(text).digest("hex");
}

/** The words of every language but English, as texts, by their languages. */
function catalogues() {
  const folder = join(HERE, "src/ui/catalogues");
  const names = readdirSync(folder).filter((name) => name.endsWith(".json"));
  return Object.fromEntries(
    names.sort().map((name) => {
      const text = JSON.stringify(JSON.parse(readFileSync(join(folder, name), "utf8")));
      return [name.replace(".json", ""), text];
    }),
  );
}

/** `page.js` -> `page.1a2b3c4d5e.js` */
function hashedName(name, text) {
  const hash = sha256Of(text).slice(0, 10);
  return name.replace(/(\.\w+)$/, `.${hash}$1`);
}

/** Every `../assets/<name>` in the page must be something that was built. */
function withHashedNames(html, names) {
  return html.replace(/\.\.\/assets\/([\w.-]+)/g, (_, name) => {
    if (!(name in names)) throw new Error(`page.html wants ../assets/${name}, which is not built`);
    return `../assets/${names[name]}`;
  });
}

function sizes(text) {
  return { raw: Buffer.byteLength(text), gzip: gzipSync(text, { level: 9 }).length };
}

function checkBudget(name, size, budget) {
  for (const kind of Object.keys(budget)) {
    if (size[kind] > budget[kind]) {
      throw new Error(`${name} is ${size[kind]} bytes ${kind}; its budget is ${budget[kind]}`);
    }
  }
}

/** @param {Set<string>} inputs */
function licenses(inputs) {
  const folders = new Set();
  for (const input of inputs) {
    const found = /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(input);
    if (found) folders.add(found[0]);
  }
  return [...folders]
    .sort()
    .map((folder) => licenseOf(join(HERE, folder)))
    .join("\n\n");
}

function licenseOf(folder) {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
  // Some packages come without the text that they ask to be passed on with them.
  const kept = join(HERE, "licenses", `${name.split("/")[0]}.txt`);
  if (file === undefined && !existsSync(kept)) throw new Error(`${kept} is missing`);
  const text = readFileSync(file === undefined ? kept : join(folder, file), "utf8").trim();
  return `${name} ${version} (${license})\n\n${text}\n`;
}

async function build() {
  const sandbox = await bundle({ entryPoints: ["src/host/sandbox.ts"], format: "iife" });
  const srcdoc = await documentOf(sandbox.text);
  const sandboxName = hashedName("sandbox.html", srcdoc);
  const words = Object.entries(catalogues()).map(([language, text]) => {
    const file = hashedName(`texts.${language}.json`, text);
    return { language, text, file, part: `texts.${language}` };
  });
  const addresses = words.map(({ language, file }) => [language, `../assets/${file}`]);
  const arrival = await bundle({ entryPoints: ["src/page/arrival.ts"], format: "esm" });
  const arrivalName = hashedName("arrival.js", arrival.text);
  const page = await bundle(
    {
      entryPoints: ["src/page/main.tsx"],
      format: "esm",
      plugins: [
        besidePlugin("./arrival", `./${arrivalName}`),
        builtPlugin({
          sandbox: { src: `../assets/${sandboxName}` },
          catalogues: Object.fromEntries(addresses),
        }),
      ],
    },
    [`./${arrivalName}`],
  );
  const chat = await bundle({
    entryPoints: ["src/ui/chat-part.ts"],
    format: "esm",
    plugins: [sharedPlugin],
  });
  const parts = {
    chat: { file: "chat.js", sha256: sha256Of(chat.text) },
    ...Object.fromEntries(
      words.map(({ part, file, text }) => [part, { file, sha256: sha256Of(text) }]),
    ),
  };
  const hashes = Object.entries(parts).map(([name, { sha256 }]) => [name, sha256]);
  const panel = await bundle({
    entryPoints: ["src/widgets/panel.tsx"],
    format: "esm",
    plugins: [builtPlugin({ sandbox: { srcdoc }, parts: Object.fromEntries(hashes) })],
  });

  const classic = await classicBundle();
  const vega = await bundle({
    entryPoints: ["src/vega/main.ts"],
    format: "iife",
    globalName: "cowidgetVega",
  });
  const objects = await objectBundles();

  const pageName = hashedName("page.js", page.text);
  const html = readFileSync(join(HERE, "src/page/page.html"), "utf8");
  const files = {
    "page.html": withHashedNames(html, { "arrival.js": arrivalName, "page.js": pageName }),
    [arrivalName]: arrival.text,
    [pageName]: page.text,
    [sandboxName]: srcdoc,
    "panel.js": panel.text,
    "chat.js": chat.text,
    ...Object.fromEntries(words.map(({ file, text }) => [file, text])),
    "classic.js": classic.text,
    "vega.js": vega.text,
    ...objects.texts,
  };
  const manifest = {
    page: "page.html",
    assets: {
      "arrival.js": arrivalName,
      "page.js": pageName,
      "sandbox.html": sandboxName,
      ...Object.fromEntries(words.map(({ part, file }) => [`${part}.json`, file])),
    },
    panel: "panel.js",
    parts,
    classic: "classic.js",
    sizes: Object.fromEntries(Object.entries(files).map(([name, text]) => [name, sizes(text)])),
  };
  checkBudget("panel.js", manifest.sizes["panel.js"], PANEL_BUDGET);
  checkBudget("classic.js", manifest.sizes["classic.js"], CLASSIC_BUDGET);
  checkBudget("vega.js", manifest.sizes["vega.js"], VEGA_BUDGET);
  checkBudget("objects/chart.js", manifest.sizes["objects/chart.js"], CHART_BUDGET);
  for (const name of ["page.html", ...Object.values(manifest.assets)]) {
    files[`${name}.gz`] = gzipSync(files[name], { level: 9 });
  }
  files["licenses.txt"] = licenses(
    new Set(
      [sandbox, arrival, page, panel, chat, classic, vega, objects].flatMap(({ inputs }) => inputs),
    ),
  );
  files["manifest.json"] = `${JSON.stringify(manifest, null, 2)}\n`;
  return { files, sizes: manifest.sizes };
}

/** Nothing is touched before everything has been built and has passed its budget. */
function write(files) {
  if (existsSync(STATIC)) rmSync(STATIC, { recursive: true });
  mkdirSync(STATIC, { recursive: true });
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(STATIC, name)), { recursive: true });
    writeFileSync(join(STATIC, name), content);
  }
}

try {
  const built = await build();
  write(built.files);
  for (const [name, { raw, gzip }] of Object.entries(built.sizes)) {
    console.log(`${name.padEnd(24)} ${raw} bytes, ${gzip} gzip`);
  }
} catch (error) {
  console.error(`build failed: ${error.message}`);
  process.exitCode = 1;
}
