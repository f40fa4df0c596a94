import { expect, test } from "vitest";
import { partsOf } from "./found";

/** With what was found in brackets. */
function shown(text: string, query: string): string {
  return partsOf(text, query)
    .map(({ text: part, hit }) => (hit ? `[${part}]` : part))
    .join("");
}

test.each([
  ["the green house", "GRE", "the [green] house"],
  ["Zeile 7: grün", "grun zei", "[Zeile] 7: [grün]"],
  ["a-b c", "a b", "[a]-[b] c"],
  ["图表很好", "表", "图[表]很好"],
  ["nothing here", "xyz", "nothing here"],
  ["<b>bold</b>", "bold", "<b>[bold]</b>"],
])("in %j the words of %j are marked", (text, query, expected) => {
  expect(shown(text, query)).toBe(expected);
});

test("a long text begins shortly before the first word that was found", () => {
  const text = `${"word ".repeat(400)}needle ${"word ".repeat(400)}`;
  const all = shown(text, "needle");
  expect(all).toMatch(/^…word.*\[needle\].*…$/);
  expect(all.length).toBeLessThan(220);
});
