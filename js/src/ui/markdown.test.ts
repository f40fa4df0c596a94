import { expect, test } from "vitest";
import { renderMarkdown } from "./markdown";

function html(text: string): string {
  const place = document.createElement("div");
  place.append(renderMarkdown(text));
  return place.innerHTML.trim();
}

test("markdown becomes markup, and a line break stays one", () => {
  expect(html("**a** `b`\nc")).toContain("<strong>a</strong> <code>b</code><br>c");
});

test("links open in a tab that knows nothing of us", () => {
  expect(html("[a](https://example.org)")).toContain(
    '<a href="https://example.org" target="_blank" rel="noopener noreferrer nofollow">a</a>',
  );
});

test.each([
  "<img src=x onerror=alert(1)>",
  "<script>alert(1)</script>",
  "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
  "[a](javascript:alert(1))",
  "[a](data:text/html,<script>alert(1)</script>)",
  "<a href='https://x' onclick='alert(1)' style='position:fixed'>x</a>",
  "<svg><animate onbegin=alert(1) attributeName=x></svg>",
])("%s runs nothing", (text) => {
  const place = document.createElement("div");
  place.append(renderMarkdown(text));
  for (const element of place.querySelectorAll("*")) {
    const attributes = element.getAttributeNames();
    expect(["P", "A", "BR"]).toContain(element.tagName);
    expect(attributes.filter((name) => !["href", "target", "rel"].includes(name))).toEqual([]);
    expect(element.getAttribute("href") ?? "https:").toMatch(/^https?:/);
  }
});

test("raw HTML is shown as it was typed", () => {
  expect(html("<b>x</b>")).toContain("&lt;b&gt;x&lt;/b&gt;");
});

test("a picture becomes its link, so that nobody's address is told to its server", () => {
  expect(html("![cat](https://example.org/cat.png)")).toMatch(/<a href="https:[^>]*>cat<\/a>/);
});

test.each([
  ["quotes", ">".repeat(8000)],
  ["lists", "1. ".repeat(2600)],
  ["quotes in lists", "> - ".repeat(2000)],
  ["emphasis", `${"*a **b ".repeat(550)}c${"** *".repeat(550)}`],
  ["brackets", "![[](".repeat(1600)],
])("%s nested by the thousand are shown, and break nothing", (_, text) => {
  expect(html(text).length).toBeGreaterThan(0);
});

test("what is quoted a few times is a quote", () => {
  expect(html(">>> a")).toContain("<blockquote>");
});

test("a message that is named like a property of objects is a message", () => {
  expect(html("__proto__")).toContain("<strong>proto</strong>");
  expect(html("`constructor`")).toContain("<code>constructor</code>");
});
