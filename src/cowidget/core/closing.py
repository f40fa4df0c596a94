"""Why a connection ends, and what the client does next.

The ranges carry the policy, so that a client treats a code it has never heard of rightly:
3000-3499 and 4000-4499 come back, 3500-3999 and 4500-4999 stop (after Centrifugo's ranges).
`js/src/protocol/closing.ts` is generated from this table.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class NextStep(StrEnum):
    """What a client does when it has been closed."""

    RETRY = "retry"
    RETRY_SLOWLY = "retry-slowly"
    ASK_FOR_LINK = "ask-for-link"
    STOP = "stop"


@dataclass(frozen=True, slots=True)
class Closing:
    """One way for a connection to end.

    Attributes:
        code: the WebSocket close code.
        slug: its name on the wire (the close reason) and in logs.
        next_step: what the client does.
        text: one sentence for the person in front of the page.
    """

    code: int
    slug: str
    next_step: NextStep
    text: str


RESTARTING = Closing(4000, "restarting", NextStep.RETRY, "The relay is restarting.")
SLOW = Closing(4001, "slow", NextStep.RETRY, "This connection could not keep up.")
SILENT = Closing(4002, "silent", NextStep.RETRY, "This connection fell silent.")
HELLO_TIMEOUT = Closing(4003, "hello-timeout", NextStep.RETRY, "The greeting did not arrive.")
REPLACED = Closing(4004, "replaced", NextStep.RETRY, "This session continues in a newer connection.")
FAILED = Closing(4005, "failed", NextStep.RETRY, "The room had to be opened again.")
ROLE_CHANGED = Closing(4006, "role-changed", NextStep.RETRY, "The host has changed what this link allows.")
RATE = Closing(4400, "rate", NextStep.RETRY_SLOWLY, "Too many messages in a short time.")
STORE_FAILED = Closing(
    4401,
    "store-failed",
    NextStep.RETRY_SLOWLY,
    "The relay cannot save. What you wrote is kept here.",
)
BUSY = Closing(4402, "busy", NextStep.RETRY_SLOWLY, "Too many connections from this address.")

WRONG_LINK = Closing(4500, "wrong-link", NextStep.ASK_FOR_LINK, "This link is not valid. Ask the host for a new one.")
EXPIRED = Closing(4501, "expired", NextStep.ASK_FOR_LINK, "This link has expired. Ask the host for a new one.")
REVOKED = Closing(4502, "revoked", NextStep.ASK_FOR_LINK, "The host has withdrawn this link.")
UNKNOWN_ROOM = Closing(
    4503,
    "unknown-room",
    NextStep.ASK_FOR_LINK,
    "There is no such room. Check the link, or ask the host.",
)
STOPPED = Closing(4504, "stopped", NextStep.STOP, "The host has ended this session.")
FULL = Closing(4505, "full", NextStep.ASK_FOR_LINK, "As many people are here as this link admits.")
REMOVED = Closing(4506, "removed", NextStep.STOP, "The host has removed you from this room.")
UNDECODABLE = Closing(4510, "undecodable", NextStep.STOP, "The relay could not read a message.")
TOO_LARGE = Closing(4511, "too-large", NextStep.STOP, "A message was larger than this room allows.")
UNKNOWN_FRAME = Closing(4512, "unknown-frame", NextStep.STOP, "The relay does not know this kind of message.")
NOT_ALLOWED = Closing(4513, "not-allowed", NextStep.STOP, "Your role does not allow this.")
VERSION = Closing(4514, "version", NextStep.STOP, "This page and the relay speak different versions. Reload.")
ORIGIN = Closing(4515, "origin", NextStep.STOP, "This page may not connect to this relay.")
UNEXPECTED = Closing(4516, "unexpected", NextStep.STOP, "A message arrived at the wrong time.")

CLOSINGS: tuple[Closing, ...] = (
    RESTARTING, SLOW, SILENT, HELLO_TIMEOUT, REPLACED, FAILED, ROLE_CHANGED, RATE, STORE_FAILED, BUSY,
    WRONG_LINK, EXPIRED, REVOKED, UNKNOWN_ROOM, STOPPED, FULL, REMOVED,
    UNDECODABLE, TOO_LARGE, UNKNOWN_FRAME, NOT_ALLOWED, VERSION, ORIGIN, UNEXPECTED,
)  # fmt: skip

_BY_CODE = {closing.code: closing for closing in CLOSINGS}


def next_step(code: int) -> NextStep:
    """What to do after `code`, also when the table does not list it.

    Codes outside 3000-4999 belong to WebSocket itself (1006 for a cut line): come back.
    """
    if (closing := _BY_CODE.get(code)) is not None:
        return closing.next_step
    if 3500 <= code <= 3999 or 4500 <= code <= 4999:
        return NextStep.STOP
    return NextStep.RETRY


def closing_of(code: int) -> Closing | None:
    """The table's row for `code`, or None where WebSocket itself or a proxy closed."""
    return _BY_CODE.get(code)
