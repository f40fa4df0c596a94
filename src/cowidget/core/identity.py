"""Who a client is, and what it keeps of that over a reload."""

from __future__ import annotations

from dataclasses import dataclass, replace

from msgspec import Struct

from cowidget.core.frames import Kind, Push


@dataclass(frozen=True, slots=True)
class Identity:
    """Who this client is. `instance` tells two lives of one peer apart (S7)."""

    room: str
    kind: Kind
    instance: str
    name: str = ""
    color: str = ""


def fitted(identity: Identity) -> Identity:
    """With name and color cut to what frames hold (P1); a longer one would end the session."""
    return replace(identity, name=identity.name[:64], color=identity.color[:32])


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
