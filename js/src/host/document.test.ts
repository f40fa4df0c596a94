import { expect, test } from "vitest";
import { sandboxDocument } from "./document";

const POLICY = /http-equiv="Content-Security-Policy" content="([^"]*)"/;

function policyOf(document: string): string {
  return POLICY.exec(document)?.[1] ?? "";
}

test("the script's bytes stay as they are, because the policy names their hash", () => {
  const script = `const a = "<b>" && '$&';`;
  expect(sandboxDocument(script, "sha256-x")).toContain(`>${script}</script>`);
});

test("the frame has no network", () => {
  const policy = policyOf(sandboxDocument("", "sha256-x"));
  expect(policy).toContain("default-src 'none'");
  expect(policy).toContain("connect-src blob: data:");
  expect(policy).not.toMatch(/https?:|\*|'self'/);
});

test("of what is written into the document, only the script runs", () => {
  const policy = policyOf(sandboxDocument("", "sha256-x"));
  expect(policy).toContain("script-src 'sha256-x' blob:");
  expect(policy.split(";").filter((rule) => rule.includes("script-src"))[0]).not.toContain(
    "unsafe-inline",
  );
});
