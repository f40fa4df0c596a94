import { afterEach, expect, test, vi } from "vitest";
import { type Addresses, Code } from "./code";

/** Addresses that Node can import. */
const DATA: Addresses = {
  open: (text) => `data:text/javascript,${encodeURIComponent(text)}`,
  close: () => undefined,
};

function numbered() {
  const opened: string[] = [];
  const closed: string[] = [];
  const addresses: Addresses = {
    open: (text) => `blob:${opened.push(text)}`,
    close: (address) => closed.push(address),
  };
  return { code: new Code(addresses), opened, closed };
}

const A = "https://esm.sh/a@1";
const B = "https://esm.sh/b@2";

afterEach(() => document.head.replaceChildren());

test.each([
  [`import a from "${A}";`, `import a from "blob:1";`],
  [`import{a}from'${A}';`, `import{a}from'blob:1';`],
  [`import "${A}";`, `import "blob:1";`],
  [`export * from "${A}";`, `export * from "blob:1";`],
  [`await import("${A}")`, `await import("blob:1")`],
  [`import(/* @vite-ignore */ \`${A}\`)`, `import(/* @vite-ignore */ \`blob:1\`)`],
  [`const from = "${A}"; fetch("${A}")`, `const from = "${A}"; fetch("${A}")`],
])("what code imports comes from the share: %s", (text, linked) => {
  expect(numbered().code.link(text, new Map([[A, "the module"]]))).toBe(linked);
});

test("modules import modules, and each has one address", () => {
  const { code, opened } = numbered();
  const modules = new Map([
    [A, `import "${B}";`],
    [B, "b"],
  ]);
  const linked = code.link(`import "${A}"; import "${B}";`, modules);
  expect([linked, opened]).toEqual([
    `import "blob:2"; import "blob:1";`,
    ["b", `import "blob:1";`],
  ]);
  expect(code.link(`import "${B}";`, new Map([[B, "b"]]))).toBe(`import "blob:1";`);
});

test("a module of the same name with another text is another module", () => {
  const { code } = numbered();
  code.link(`import "${A}";`, new Map([[A, "old"]]));
  expect(code.link(`import "${A}";`, new Map([[A, "new"]]))).toBe(`import "blob:2";`);
});

test("modules that import each other are refused by name", () => {
  const modules = new Map([
    [A, `import "${B}";`],
    [B, `import "${A}";`],
  ]);
  const link = () => numbered().code.link(`import "${A}";`, modules);
  expect(link).toThrow(`${B} and ${A} import each other`);
});

test("widgets share what they import, and nothing else", async () => {
  const code = new Code(DATA);
  const shared = "export const held = [];";
  const text = `import { held } from "${A}"; export default held; export const own = [];`;
  const linked = code.link(text, new Map([[A, shared]]));
  // Node takes modules of one address for one; a browser's blobs have an address each.
  const [one, two] = [await code.import(linked), await code.import(`${linked}//`)];
  expect(one.default).toBe(two.default);
  expect(one.own).not.toBe(two.own);
});

test("an import that the host could not fetch is told by name", async () => {
  const code = new Code({ ...DATA, open: (text) => `https://nowhere.invalid/${text.length}` });
  await expect(code.import(`import "${A}";`)).rejects.toThrow();
  const failing = new Code({ open: () => "data:text/javascript,null.x", close: () => undefined });
  await expect(failing.import(`import x from "${A}";`)).rejects.toThrow(
    `It imports ${A}, which the host's notebook could not fetch.`,
  );
});

test("so is one that a module needs", async () => {
  const opened: string[] = [];
  const open = (text: string) => `data:text/javascript,null.x${opened.push(text)}`;
  const code = new Code({ open, close: () => undefined });
  const linked = code.link(`import "${A}";`, new Map([[A, `import "${B}";`]]));
  await expect(code.import(linked)).rejects.toThrow(`It imports ${B}`);
});

test.each([
  ["an error of the code's own", "throw new RangeError('mine')", "mine"],
  ["one with an import for later", `() => import("${A}"); null.x`, "null"],
])("%s stays as it is", async (_, text, reason) => {
  await expect(new Code(DATA).import(text)).rejects.toThrow(reason);
});

test("a module of a widget's own needs its address only while it is loaded", async () => {
  const { code, closed } = numbered();
  await expect(code.import("")).rejects.toThrow();
  expect(closed).toEqual(["blob:1"]);
});

function scripts(): HTMLScriptElement[] {
  return [...document.head.querySelectorAll("script")];
}

/** Stands for the browser: an address is not fetched here. */
function finish(event: "load" | "error"): void {
  for (const script of scripts()) script.dispatchEvent(new Event(event));
}

test("a script runs once, and leaves nothing in the document", async () => {
  vi.spyOn(HTMLScriptElement.prototype, "src", "set").mockImplementation(() => undefined);
  const { code, closed } = numbered();
  const [one, two] = [code.runScript("define()"), code.runScript("define()")];
  expect(scripts()).toHaveLength(1);
  finish("load");
  await Promise.all([one, two]);
  expect([scripts(), closed]).toEqual([[], ["blob:1"]]);
});

test("a script that the browser refuses fails", async () => {
  vi.spyOn(HTMLScriptElement.prototype, "src", "set").mockImplementation(() => undefined);
  const running = numbered().code.runScript("define()");
  finish("error");
  await expect(running).rejects.toThrow("does not run");
});
