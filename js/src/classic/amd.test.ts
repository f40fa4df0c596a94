import { expect, test } from "vitest";
import { Packages } from "./amd";
import { runScript } from "./support";

const base = { DOMWidgetModel: class {} };

function packages(texts: Record<string, string>): Packages {
  const source = { moduleText: (name: string) => texts[name], runScript };
  return new Packages(source, { "@jupyter-widgets/base": base });
}

test("a bundle gets its dependencies and its exports are what it returns", async () => {
  const bundle = `define(["@jupyter-widgets/base"], (base) => ({ base, Model: class {} }));`;
  expect(await packages({ bundle }).load("bundle")).toMatchObject({ base });
});

test("a bundle may export through exports, module.exports or require", async () => {
  const all = packages({
    one: `define(["exports"], (exports) => { exports.a = 1; });`,
    two: `define(["module"], (module) => { module.exports = { a: 2 }; });`,
    three: `define(function (require, exports, module) { exports.a = require("two").a + 1; });`,
    four: `define({ a: 4 });`,
  });
  const exports = await Promise.all(["one", "two", "three", "four"].map((name) => all.load(name)));
  expect(exports).toEqual([{ a: 1 }, { a: 2 }, { a: 3 }, { a: 4 }]);
});

test("a package's own name and those of its parts are kept", async () => {
  const text = `define("part", [], () => 5); define("whole", ["part"], (part) => ({ part }));`;
  expect(await packages({ whole: text }).load("whole")).toEqual({ part: 5 });
});

test("packages that depend on each other get what is there", async () => {
  const all = packages({
    a: `define(["exports", "b"], (exports, b) => { exports.name = "a"; exports.b = b; });`,
    b: `define(["exports", "a"], (exports, a) => { exports.name = "b"; exports.a = a; });`,
  });
  const a = (await all.load("a")) as { b: { a: unknown } };
  expect(a.b.a).toBe(a);
});

test("two that are loaded at once do not take each other's definitions", async () => {
  const all = packages({ a: `define([], () => "a");`, b: `define([], () => "b");` });
  expect(await Promise.all([all.load("a"), all.load("b")])).toEqual(["a", "b"]);
});

test("a bundle runs once", async () => {
  const all = packages({ once: `define([], () => ({}));` });
  expect(await all.load("once")).toBe(await all.load("once"));
});

test("require takes an async callback, which requirejs passes over", async () => {
  const text = `define(["require", "exports"], (require, exports) => {
    exports.done = new Promise((done) => require(["@jupyter-widgets/base"], async (base) => done(base)));
  });`;
  const { done } = (await packages({ text }).load("text")) as { done: Promise<unknown> };
  expect(await done).toBe(base);
});

test("require's configuration is taken and changes nothing", async () => {
  const text = `require.config({ paths: {} }); requirejs.config({}); define([], () => require.toUrl("x"));`;
  expect(await packages({ text }).load("text")).toMatch(/^https:/);
});

test("a package finds an address of its own, however it is loaded", async () => {
  const text = `define(["module"], (module) => new URL(module.uri, "about:srcdoc").href);`;
  expect(await packages({ "my-maps": text }).load("my-maps")).toMatch(/\/my-maps\/index\.js$/);
});

test("a part is looked for inside of its package", async () => {
  const all = packages({
    pack: `define(["./part"], (part) => part);`,
    "pack/part": `define([], () => 7);`,
  });
  expect(await all.load("pack")).toBe(7);
});

test("nothing global is left for the libraries of other widgets to find", async () => {
  await packages({ a: `define([], () => 1);` }).load("a");
  expect(["define", "require", "requirejs"].filter((name) => name in globalThis)).toEqual([]);
});

test("a package that is missing is named, and found when a later share brings it", async () => {
  const texts: Record<string, string> = {};
  const all = packages(texts);
  await expect(all.load("ipyfoo")).rejects.toThrow(`"ipyfoo" is not installed`);
  texts.ipyfoo = `define([], () => "there");`;
  expect(await all.load("ipyfoo")).toBe("there");
});

test("a script that defines nothing says so", async () => {
  await expect(packages({ bad: `var x = 1;` }).load("bad")).rejects.toThrow("defines no module");
});
