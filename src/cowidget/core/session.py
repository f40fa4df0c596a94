"""One connection as the protocol sees it: greeting, joined, closed (PROTOCOL.md S1, S10).

The shell feeds every message to `receive_message` and gets frames, or a `PeerError` that says how to
close. It calls `joined` when the room has welcomed the connection.
"""

from __future__ import annotations

from enum import StrEnum

from cowidget.core import closing, codec, limits
from cowidget.core.codec import Subprotocol
from cowidget.core.frames import Challenge, ClientFrame, Hello
from cowidget.core.values import Role
from cowidget.errors import FrameError, FrameTooLarge, RateExceeded

# Bytes of a message for each byte of a blob: in JSON it is base64, with a frame around each part.
_ON_THE_WIRE = 1.5


class State(StrEnum):
    """Where a session is in its life."""

    GREETING = "greeting"
    HELD = "held"  # the hello is with the room
    JOINED = "joined"
    CLOSED = "closed"


class Event(StrEnum):
    """What can happen to a session."""

    CHALLENGE = "challenge"
    HELLO = "hello"
    FRAME = "frame"
    WELCOME = "welcome"
    CLOSE = "close"


# A pair that is not listed is the peer's error. A frame while the hello is held breaks S2.
TRANSITIONS: dict[tuple[State, Event], State] = {
    (State.GREETING, Event.CHALLENGE): State.GREETING,
    (State.GREETING, Event.HELLO): State.HELD,
    (State.GREETING, Event.CLOSE): State.CLOSED,
    (State.HELD, Event.WELCOME): State.JOINED,
    (State.HELD, Event.CLOSE): State.CLOSED,
    (State.JOINED, Event.FRAME): State.JOINED,
    (State.JOINED, Event.CLOSE): State.CLOSED,
    (State.CLOSED, Event.CLOSE): State.CLOSED,
    # The room may answer a hello after the line has gone.
    (State.CLOSED, Event.WELCOME): State.CLOSED,
}


class Session:
    """The life and the budget of one connection. Raises nothing but `PeerError`s."""

    def __init__(self, now: float) -> None:
        self.state = State.GREETING
        self._opened = now
        self._messages = 0
        allowance = limits.ALLOWANCES["viewer"]
        self._rate = limits.Bucket(allowance.messages, allowance.burst, now)
        self._bytes = limits.Bucket(allowance.bytes, 10 * allowance.bytes, now)

    @property
    def max_message_bytes(self) -> int:
        """How large the next message may be; the shell hands it to its parser."""
        return limits.MAX_MESSAGE_BYTES if self.state is State.JOINED else limits.MAX_GREETING_BYTES

    def receive_message(self, message: bytes, subprotocol: Subprotocol, now: float) -> list[ClientFrame]:
        """The frames of a message, if this session may send them now.

        Raises:
            FrameTooLarge: before anything is decoded.
            RateExceeded: the budget is spent.
            FrameError: not frames, or not in this state.
        """
        if len(message) > self.max_message_bytes:
            raise FrameTooLarge(closing.TOO_LARGE, f"{len(message)} bytes")
        if not (self._rate.take(1, now) and self._bytes.take(len(message), now)):
            raise RateExceeded(closing.RATE)
        self._messages += 1
        if self.state is State.GREETING and self._messages > limits.MAX_GREETING_MESSAGES:
            raise FrameError(closing.UNEXPECTED, "too many messages before the hello")
        received = codec.decode_client(message, subprotocol)
        for frame in received:
            self._move(_event_of(frame, self.state))
        return received

    def joined(self, role: Role, now: float) -> None:
        """The room has welcomed this connection; its role's budget begins."""
        self._move(Event.WELCOME)
        allowance = limits.ALLOWANCES[role]
        self._rate = limits.Bucket(allowance.messages, allowance.burst, now)
        self._bytes = limits.Bucket(allowance.bytes, 10 * allowance.bytes, now)

    def expect(self, count: int) -> None:
        """The room asks for so many bytes: they are not of this session's own will, and do not use up its budget."""
        self._bytes.give(_ON_THE_WIRE * count)

    def close(self) -> None:
        """The connection has ended or is being ended."""
        self._move(Event.CLOSE)

    def deadline(self) -> float | None:
        """When `tick` has something to say: the hello is overdue."""
        return self._opened + limits.HELLO_TIMEOUT if self.state is State.GREETING else None

    def tick(self, now: float) -> None:
        """Raises `FrameError` when the hello is overdue."""
        due = self.deadline()
        if due is not None and now >= due:
            raise FrameError(closing.HELLO_TIMEOUT)

    def _move(self, event: Event) -> None:
        following = TRANSITIONS.get((self.state, event))
        if following is None:
            raise FrameError(closing.UNEXPECTED, f"{event} while {self.state}")
        self.state = following


def _event_of(frame: ClientFrame, state: State) -> Event:
    match frame:
        case Hello():
            return Event.HELLO
        case Challenge() if state is not State.JOINED:
            return Event.CHALLENGE
    return Event.FRAME
