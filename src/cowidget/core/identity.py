"""Who a client is, and what it keeps of that over a reload."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from msgspec import Struct

from cowidget.core.frames import Push
from cowidget.core.values import Kind


@dataclass(frozen=True, slots=True)
class Identity:
    """Who this client is. `instance` tells two lives of one peer apart (S7)."""

    room: str
    kind: Kind
    instance: str
    name: str = ""
    color: str = ""


_COLOR = re.compile(r"#[0-9a-fA-F]{6}")


def fitted(identity: Identity) -> Identity:
    """With name and color as frames hold them (P1); others would end the session. No color is the relay's choice."""
    color = identity.color if _COLOR.fullmatch(identity.color) else ""
    return replace(identity, name=identity.name[:64], color=color)


class Stored(Struct, frozen=True):
    """What a client keeps over a reload: who it is to the relay, and what it still has to tell.

    `tried` counts the pushes, from the first, that were sent at least once.
    """

    instance: str
    peer: str
    proof: str
    last_id: int
    tried: int
    pushes: tuple[Push, ...]
    blobs: dict[str, bytes]
