import { expect, test } from "vitest";
import { sandboxDocument } from "./document";

const POLICY = /http-equiv="Content-Security-Policy" content="([^"]*)"/;

test("the script's bytes stay as they are, because a page's policy names their hash", () => {
  const script = `const a = "<b>" && '$&';`;
  expect(sandboxDocument(script)).toContain(`>${script}</script>`);
});

test("the frame has no network", () => {
  const [, policy = ""] = POLICY.exec(sandboxDocument("")) ?? [];
  expect(policy).toContain("default-src 'none'");
  expect(policy).toContain("connect-src blob: data:");
  expect(policy).not.toMatch(/https?:|\*|'self'/);
});

test("each document has a nonce of its own", () => {
  const nonce = () => /'nonce-(\w{32})'/.exec(sandboxDocument(""))?.[1];
  expect(nonce()).not.toBe(nonce());
});
