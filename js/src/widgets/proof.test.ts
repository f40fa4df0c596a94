import { expect, test } from "vitest";
import { expectedProof } from "./proof";

test("the proof is the relay's: HMAC-SHA-256 of the nonce under the ticket's hash in hex", () => {
  // hmac.new(sha256("tickét").hexdigest().encode(), b"nonce", "sha256").hexdigest() in Python
  expect(expectedProof("tickét", "nonce")).toBe(
    "3ccc00871aafb8382cecb8919eaf899e77551521b3154da5c0cd394bdd070e08",
  );
});
