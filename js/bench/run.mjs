/** Bundles bench/points.ts, and runs it. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import * as esbuild from "esbuild";

const folder = mkdtempSync(join(tmpdir(), "cowidget-bench-"));
const outfile = join(folder, "points.mjs");
try {
  await esbuild.build({
    absWorkingDir: fileURLToPath(new URL(".", import.meta.url)),
    entryPoints: ["points.ts"],
    bundle: true,
    format: "esm",
    outfile,
  });
  process.exitCode =
    spawnSync(process.execPath, ["--expose-gc", outfile], { stdio: "inherit" }).status ?? 1;
} finally {
  rmSync(folder, { recursive: true });
}
