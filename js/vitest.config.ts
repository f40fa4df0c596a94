import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { defineConfig, type Plugin } from "vitest/config";

/** What stands for the build's own modules: a sandbox, parts and catalogues that are nowhere. */
const VIRTUAL: Record<string, unknown> = {
  "virtual:sandbox": { srcdoc: "<!-- the sandbox -->" },
  "virtual:parts": { chat: "c".repeat(64), "texts.de": "d".repeat(64) },
  "virtual:catalogues": { de: "../assets/texts.de.json" },
};

/** Does in tests what build.mjs does: `*.css` is text, `virtual:sandbox` a document. */
function asText(): Plugin {
  return {
    name: "as-text",
    enforce: "pre",
    resolveId(id, importer) {
      if (id in VIRTUAL) return `\0${id}`;
      if (!id.endsWith(".css") || importer === undefined) return null;
      return `\0${resolve(importer, "..", id)}.text`;
    },
    load(id) {
      const virtual = VIRTUAL[id.slice(1)];
      if (virtual !== undefined) return `export default ${JSON.stringify(virtual)};`;
      if (!id.startsWith("\0") || !id.endsWith(".css.text")) return null;
      const css = readFileSync(id.slice(1, -".text".length), "utf8");
      return `export default ${JSON.stringify(css)};`;
    },
  };
}

export default defineConfig({
  plugins: [asText()],
  test: {
    // By default one core is left idle, and that is half of a machine with two.
    maxWorkers: "100%",
    projects: [
      {
        extends: true,
        test: {
          name: "node",
          environment: "node",
          include: [
            "src/*.test.ts",
            "src/{lib,protocol,sync,connection,columns,feeds,photos}/**/*.test.ts",
          ],
        },
      },
      {
        extends: true,
        test: {
          name: "dom",
          environment: "happy-dom",
          include: ["src/{ui,chart,host,widgets,page,rich,objects,classic}/**/*.test.{ts,tsx}"],
        },
      },
    ],
  },
});
