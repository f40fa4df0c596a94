import { beforeEach, expect, test } from "vitest";
import { Stage } from "./stage";
import { shareSpec } from "./support";

let root: HTMLElement;
let stage: Stage;

beforeEach(() => {
  document.head.replaceChildren();
  root = document.createElement("main");
  document.body.replaceChildren(root);
  stage = new Stage(root);
});

function share(name: string, order: number, title = "") {
  return { ...shareSpec(name), order, title };
}

function names(): (string | undefined)[] {
  return [...root.children].map((place) => (place as HTMLElement).dataset.share);
}

test("shares stand in their order, whenever they come", () => {
  for (const [name, order] of [
    ["c", 3],
    ["a", 1],
    ["b", 2],
  ] as const)
    stage.place(share(name, order));
  expect(names()).toEqual(["a", "b", "c"]);
});

test("a share that is described anew keeps its place and its element", () => {
  const { el } = stage.place(share("a", 1));
  stage.place(share("b", 2));
  expect(stage.place(share("a", 1, "Title"))).toEqual({ el, fresh: false });
  expect(names()).toEqual(["a", "b"]);
});

test("a share's order may change", () => {
  stage.place(share("a", 1));
  stage.place(share("b", 2));
  stage.place(share("a", 3));
  expect(names()).toEqual(["b", "a"]);
});

test("a share that is gone leaves no trace", () => {
  stage.place(share("a", 1));
  stage.remove("a");
  expect(root.childElementCount).toBe(0);
});

test("the document has the styles that are needed now, each once", () => {
  stage.style(
    new Map([
      ["1", "a{}"],
      ["2", "b{}"],
    ]),
  );
  stage.style(
    new Map([
      ["2", "b{}"],
      ["3", "c{}"],
    ]),
  );
  const sheets = [...document.head.querySelectorAll("style")].map((sheet) => sheet.textContent);
  expect(sheets).toEqual(["b{}", "c{}"]);
});

test("widgets find the theme where JupyterLab tells it", () => {
  stage.dress({ dark: true, tokens: { "--jp-brand-color1": "red" } });
  expect(document.body.dataset.jpThemeLight).toBe("false");
  expect(document.documentElement.style.colorScheme).toBe("dark");
  expect(document.documentElement.style.getPropertyValue("--jp-brand-color1")).toBe("red");
});
