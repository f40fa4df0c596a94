"""The keys and blobs that pushes name."""

from __future__ import annotations

from msgspec.structs import replace

from cowidget.core.frames import Declare, Push, Set, Settle, Unshare
from cowidget.core.values import Share


def keys_of(push: Set | Settle | Unshare) -> list[str]:
    """The keys that a push changes; a share stands for all of its own."""
    match push:
        case Set(changes=changes):
            return [change.key for change in changes]
        case Settle(settlements=settlements):
            return [settlement.key for settlement in settlements]
        case Unshare(share=share):
            return [share]


def without(push: Push, keys: tuple[str, ...]) -> Push | None:
    """What is left of a push without its part for these keys, or None. Without keys, nothing is."""
    match push:
        case Set(changes=changes) if keys:
            kept = tuple(change for change in changes if change.key not in keys)
            return Set(push.id, kept) if kept else None
        case Settle(settlements=settlements) if keys:
            decided = tuple(settlement for settlement in settlements if settlement.key not in keys)
            return Settle(push.id, decided) if decided else None
        case Declare(changes=changes) if keys:
            return replace(push, changes=tuple(change for change in changes if change.key not in keys))
        case _:
            return None


def blobs_of(push: Push) -> list[str]:
    """The blobs that a push names, in the order in which they are needed."""
    match push:
        case Set(changes=changes):
            named = [change.blob for change in changes]
        case Settle(settlements=settlements):
            named = [settlement.blob for settlement in settlements]
        case Declare(share=share, changes=changes):
            named = [*share_blobs(share), *(change.blob for change in changes)]
        case _:
            return []
    return [blob for blob in named if blob]


def share_blobs(share: Share) -> list[str]:
    """Code and style of a share's models, and what they import."""
    own = [blob for model in share.models for blob in (model.code, model.style) if blob]
    return [*own, *(module.code for module in share.modules)]
