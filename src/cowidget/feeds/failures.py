"""What goes wrong between a source and its rows. Each text is for people, and names no secret."""

from __future__ import annotations

from cowidget.errors import BackendError, CowidgetError, FeedError


class FieldError(FeedError):
    """A field's description is not understood; says what to write."""


class SourceError(FeedError):
    """The source cannot work as it is described: a wrong URL, an address that is not allowed, a refused login."""


class SourceFailure(BackendError):
    """The source is not to be had at the moment: no answer, a cut line, a server's error.

    Attributes:
        retry_after: seconds that the host asked us to wait; 0 when it said nothing.
    """

    def __init__(self, text: str, retry_after: float = 0.0) -> None:
        super().__init__(text)
        self.retry_after = retry_after


class SourceRefused(SourceFailure):
    """The host says no, or is not who it says it is: it is asked again, but not soon."""


class Mismatch(CowidgetError):
    """A message is not what the fields say.

    Attributes:
        foreign: it has none of the fields: an acknowledgement or a heartbeat, most likely.
    """

    def __init__(self, text: str, *, foreign: bool = False) -> None:
        super().__init__(text)
        self.foreign = foreign
