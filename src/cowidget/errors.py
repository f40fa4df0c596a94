"""Every exception cowidget raises.

    CowidgetError
    ├── PeerError               the other side broke the protocol; carries a closing
    │   ├── FrameError          its bytes are not frames, or a frame came at the wrong time
    │   ├── FrameTooLarge       it sent more bytes than its session may
    │   ├── RateExceeded        it sends faster than its session may
    │   └── AccessDenied        its link does not let it in, or no longer
    ├── UsageError              our caller asked for something that cannot be
    │   ├── ShareError          this object cannot be shared; says why and what to do
    │   ├── LinkError           this text is not a link to a room
    │   ├── OwnerKeyError       the key that our links are made of cannot be read or made
    │   ├── WidgetFailed        a shared widget's own code threw in somebody's page
    │   ├── FeedError           these rows, columns or times cannot be a feed's; says what to write
    │   ├── PhotoDeclined       the room does not take this photo; says why and what to do
    │   ├── NotAllowed          the room does not let this session do that
    │   └── RoomClosed          the room was stopped, or the session has ended
    └── BackendError            something below us failed
        ├── StoreError          the store cannot read or write
        │   ├── Fenced          another relay has opened this room since
        │   └── StoreLocked     another relay holds this store
        ├── RelayUnavailable    no relay can be reached or started; says what to do next
        └── RoomFailure         a room's task ended with an error

The three roots below `CowidgetError` are for catching; they are never raised themselves.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cowidget.core.closing import Closing


class CowidgetError(Exception):
    """Anything that cowidget raises."""


class PeerError(CowidgetError):
    """The other side broke the protocol.

    Attributes:
        closing: how its connection ends, and what it should do next.
    """

    def __init__(self, closing: Closing, text: str = "") -> None:
        super().__init__(text or closing.text)
        self.closing = closing


class FrameError(PeerError):
    """Bytes that are not frames, or a frame that this state of the session does not accept."""


class FrameTooLarge(PeerError):
    """A message over the session's size limit; found before decoding."""


class RateExceeded(PeerError):
    """More messages or bytes than the session's budget refills."""


class AccessDenied(PeerError):
    """The link is wrong, expired, revoked, full, or the room does not exist."""


class UsageError(CowidgetError):
    """Our caller asked for something that cannot be done."""


class ShareError(UsageError):
    """This object cannot be shared; the message names it, the reason and what to do."""


class LinkError(UsageError):
    """This text is not a link to a room."""


class OwnerKeyError(UsageError):
    """The owner key is too short, or its file cannot be read or made; says what to set."""


class WidgetFailed(UsageError):
    """A shared widget's own code threw in a viewer's page; names widget and phase. Found in `room.errors`."""


class FeedError(UsageError):
    """These rows, columns, times or options cannot be a feed's; the message says what to write."""


class PhotoDeclined(UsageError):
    """The room does not take this photo; the message says why, and what to do.

    Attributes:
        slug: why, in a word (PROTOCOL.md U3).
    """

    def __init__(self, slug: str, text: str) -> None:
        super().__init__(text)
        self.slug = slug


class NotAllowed(UsageError):
    """The room refused: the role or the share's write rights do not include this."""


class RoomClosed(UsageError):
    """The room was stopped, or this session has ended for good."""


class BackendError(CowidgetError):
    """A store, a broker or a relay below us failed."""


class StoreError(BackendError):
    """The store cannot read or write; nothing of the failed batch was kept."""


class Fenced(StoreError):
    """Another relay has opened this room since; ours must let go of it."""


class StoreLocked(StoreError):
    """Another relay holds this store."""


class RelayUnavailable(BackendError):
    """No relay can be reached or started; the message says why and what to do next."""


class RoomFailure(BackendError):
    """A room's task ended with an error; its sessions are told to come back."""
