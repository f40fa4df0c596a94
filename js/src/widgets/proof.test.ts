import { createHash, createHmac } from "node:crypto";
import { expect, test } from "vitest";
import { expectedProof } from "./proof";

test("the proof is the relay's: HMAC-SHA-256 of the nonce under the ticket's hash in hex", () => {
  const key = createHash("sha256").update("tickét").digest("hex");
  const mac = createHmac("sha256", key).update("nonce").digest("hex");
  expect(expectedProof("tickét", "nonce")).toBe(mac);
});
