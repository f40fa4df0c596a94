"""The blobs that shares and pushes name."""

from __future__ import annotations

from cowidget.core.frames import Declare, Push, Set, Settle, Share


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
            named = []
    return [blob for blob in named if blob]


def share_blobs(share: Share) -> list[str]:
    """Code and style of a share's models."""
    return [blob for model in share.models for blob in (model.code, model.style) if blob]
