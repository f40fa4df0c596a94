/** Why a connection has ended for good, in English: by the slugs of `protocol/closing.ts`. */
export const ENDINGS: Readonly<Record<string, readonly [title: string, text: string]>> = {
  "wrong-link": [
    "This link does not work",
    "Part of it may have been lost when it was copied, or the host has replaced it. Ask for the link again.",
  ],
  expired: ["This link has expired", "Links end after a while. Ask the host for a new one."],
  revoked: [
    "This link was withdrawn",
    "The host has ended this link. Ask for a new one if you still need to be here.",
  ],
  "unknown-room": [
    "There is no such room",
    "It may have ended, or the address is not complete. Check the link, or ask the host.",
  ],
  stopped: ["This session has ended", "The host has stopped sharing."],
  removed: [
    "You were removed from this room",
    "The host has asked you to leave. If that was a mistake, ask the host to let you in again.",
  ],
  full: [
    "The room is full",
    "As many people are here as this link admits. Try again when somebody has left, or ask the host.",
  ],
  version: [
    "This page is out of date",
    "The relay has been updated since you opened it. Reload the page to go on.",
  ],
  origin: [
    "This page may not connect",
    "The relay does not accept connections from this address. Open the link exactly as you received it.",
  ],
  "not-allowed": [
    "That was not allowed",
    "Your role in this room does not include it. Reload the page to go on.",
  ],
  "too-large": [
    "A message was too large",
    "It exceeds what this room allows. Reload the page to go on.",
  ],
  undecodable: [
    "The connection broke down",
    "The relay could not read a message of this page. Reload the page to go on.",
  ],
  "unknown-frame": [
    "The connection broke down",
    "The relay does not know a message of this page. Reload the page to go on.",
  ],
  unexpected: [
    "The connection broke down",
    "A message arrived at the wrong time. Reload the page to go on.",
  ],
};
