import { expect, test } from "vitest";
import { askedAt, calls, markCalls, meant, patternOf } from "./mentions";

test.each([
  ["hello @Ann Lee!", true],
  ["@ann lee", true],
  ["(@Ann Lee)", true],
  ["@Ann Leeds", false],
  ["mail@Ann Lee", false],
  ["@@Ann Lee", false],
  ["Ann Lee", false],
])("whether %j calls Ann Lee: %s", (text, expected) => {
  expect(calls(text, "Ann Lee")).toBe(expected);
});

test("a name of signs is taken as it is", () => {
  expect(calls("@(.*)", "(.*)")).toBe(true);
  expect(calls("@anybody", "(.*)")).toBe(false);
});

test("an empty name is never called", () => {
  expect(calls("@ @", "")).toBe(false);
});

test.each([
  ["hi @an", 6, { from: 3, query: "an" }],
  ["@", 1, { from: 0, query: "" }],
  ["@ann lee", 8, { from: 0, query: "ann lee" }],
  ["a@b", 3, null],
  ["@ann\nx", 6, null],
  ["no", 2, null],
])("what is asked for in %j at %d", (text, caret, expected) => {
  expect(askedAt(text, caret)).toEqual(expected);
});

test("whoever has a word that begins so may be meant, a few at most", () => {
  const people = ["Ann Lee", "Leo", "Bo"].map((name) => ({ name }));
  expect(meant(people, "le").map(({ name }) => name)).toEqual(["Ann Lee", "Leo"]);
  expect(meant(Array(99).fill({ name: "Ann" }), "")).toHaveLength(6);
});

function marked(html: string, names: string[], mine: string): string {
  const place = document.createElement("template");
  place.innerHTML = html;
  const pattern = patternOf(names);
  if (pattern !== null) markCalls(place.content, pattern, mine);
  return place.innerHTML;
}

test("names are marked, one's own in another way, the longest first", () => {
  expect(marked("<p>@Ann Lee and @Ann</p>", ["Ann", "Ann Lee"], "Ann")).toBe(
    '<p><bdi class="call" data-mine="false">@Ann Lee</bdi> and <bdi class="call" data-mine="true">@Ann</bdi></p>',
  );
});

test("code and links keep their words", () => {
  const html = "<code>@Ann</code><a>@Ann</a>";
  expect(marked(html, ["Ann"], "Ann")).toBe(html);
});

test("a name with markup in it stays text", () => {
  const name = "<img src=x>";
  expect(marked("<p>@&lt;img src=x&gt;</p>", [name], "")).not.toContain("<img");
});
