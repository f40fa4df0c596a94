"""The life and the budget of one connection."""

from __future__ import annotations

import pytest

from cowidget.core import closing, codec, limits
from cowidget.core.codec import Subprotocol
from cowidget.core.frames import Challenge, Chunk, Frame, Hello, Ping, Pong, Set
from cowidget.core.session import TRANSITIONS, Event, Session, State
from cowidget.core.values import Change
from cowidget.errors import FrameError, FrameTooLarge, PeerError, RateExceeded

HELLO = Hello(1, "lesson", "instance")
PING = Ping(1.0)


def message(*frames: Frame) -> bytes:
    return codec.join([codec.encode(frame) for frame in frames])


def receive(session: Session, *frames: Frame, now: float = 0.0) -> list[Frame]:
    return session.receive_message(message(*frames), Subprotocol.MSGPACK, now)


def joined(role: str = "participant") -> Session:
    session = Session(0.0)
    receive(session, HELLO)
    session.joined(role, 0.0)
    return session


def closing_of(session: Session, *frames: Frame) -> closing.Closing:
    with pytest.raises(PeerError) as caught:
        receive(session, *frames)
    return caught.value.closing


@pytest.mark.rule("S1")
def test_a_session_greets_and_joins_and_closes() -> None:
    session = Session(0.0)
    states = [session.state]
    receive(session, HELLO)
    states.append(session.state)
    session.joined("viewer", 0.0)
    states.append(session.state)
    session.close()

    assert [*states, session.state] == [State.GREETING, State.HELD, State.JOINED, State.CLOSED]


@pytest.mark.rule("S1")
def test_a_challenge_may_come_before_the_hello() -> None:
    session = Session(0.0)

    assert receive(session, Challenge("ticket", "nonce")) == [Challenge("ticket", "nonce")]
    assert receive(session, HELLO) == [HELLO]


@pytest.mark.rule("S1")
@pytest.mark.parametrize("frame", [PING, Set(1, (Change("/a", 1),))])
def test_anything_else_before_the_hello_is_unexpected(frame: Frame) -> None:
    assert closing_of(Session(0.0), frame) == closing.UNEXPECTED


@pytest.mark.rule("S1")
def test_a_fourth_message_before_the_hello_is_unexpected() -> None:
    session = Session(0.0)
    for _ in range(3):
        receive(session, Challenge("ticket", "nonce"))

    assert closing_of(session, HELLO) == closing.UNEXPECTED


@pytest.mark.rule("S1")
def test_messages_without_frames_count_too() -> None:
    session = Session(0.0)
    for _ in range(3):
        receive(session)

    assert closing_of(session, HELLO) == closing.UNEXPECTED


@pytest.mark.rule("S1")
def test_a_second_hello_is_unexpected() -> None:
    assert closing_of(joined(), HELLO) == closing.UNEXPECTED


@pytest.mark.rule("S1")
def test_a_frame_that_only_relays_send_is_unexpected() -> None:
    assert closing_of(joined(), Pong(1.0)) == closing.UNEXPECTED


@pytest.mark.rule("S1")
def test_an_overdue_hello_ends_the_session() -> None:
    session = Session(10.0)
    session.tick(14.9)

    with pytest.raises(FrameError) as caught:
        session.tick(15.0)

    assert (session.deadline(), caught.value.closing) == (15.0, closing.HELLO_TIMEOUT)


@pytest.mark.rule("S1")
def test_nothing_is_overdue_after_the_hello() -> None:
    session = Session(0.0)
    receive(session, HELLO)
    session.tick(1000.0)

    assert session.deadline() is None


@pytest.mark.rule("S2")
@pytest.mark.parametrize("frame", [PING, HELLO, Challenge("ticket", "nonce")])
def test_nothing_may_follow_the_hello_before_the_welcome(frame: Frame) -> None:
    session = Session(0.0)
    receive(session, HELLO)

    assert closing_of(session, frame) == closing.UNEXPECTED


@pytest.mark.rule("S2")
def test_nothing_may_follow_the_hello_in_its_message() -> None:
    assert closing_of(Session(0.0), HELLO, PING) == closing.UNEXPECTED


@pytest.mark.rule("S2")
def test_a_joined_session_sends_what_it_likes_in_order() -> None:
    outbox = [Set(1, (Change("/a", 1),)), PING, Set(2, (Change("/a", 2),))]

    assert receive(joined(), *outbox) == outbox


def test_a_welcome_that_comes_after_the_line_has_gone_is_no_news() -> None:
    session = Session(0.0)
    receive(session, HELLO)
    session.close()
    session.joined("viewer", 0.0)
    session.close()

    assert session.state is State.CLOSED


def test_a_welcome_without_a_hello_is_our_own_error() -> None:
    with pytest.raises(FrameError):
        Session(0.0).joined("viewer", 0.0)


def test_every_state_can_be_closed() -> None:
    assert all(TRANSITIONS[state, Event.CLOSE] is State.CLOSED for state in State)


@pytest.mark.rule("M4", "M5")
@pytest.mark.parametrize(("session", "most"), [(Session(0.0), 8 << 10), (joined(), 1 << 20)])
def test_size_is_checked_before_anything_is_decoded(session: Session, most: int) -> None:
    with pytest.raises(FrameTooLarge) as caught:
        session.receive_message(b"\xc1" * (most + 1), Subprotocol.MSGPACK, 0.0)

    assert (session.max_message_bytes, caught.value.closing) == (most, closing.TOO_LARGE)


@pytest.mark.rule("M5")
def test_a_message_of_just_the_limit_is_read() -> None:
    overhead = len(message(Set(1, (Change("/a", b"x" * 70_000),)))) - 70_000
    frame = Set(1, (Change("/a", b"x" * (limits.MAX_MESSAGE_BYTES - overhead)),))

    assert len(message(frame)) == limits.MAX_MESSAGE_BYTES
    assert receive(joined(), frame) == [frame]


@pytest.mark.rule("S10")
def test_more_messages_than_the_budget_are_too_many() -> None:
    session = joined()
    for _ in range(400):
        receive(session, PING)

    assert closing_of(session, PING) == closing.RATE


@pytest.mark.rule("S10")
def test_more_bytes_than_the_budget_are_too_many() -> None:
    session, large = joined(), Set(1, (Change("/a", b"x" * 1_000_000),))
    for _ in range(20):
        receive(session, large)

    with pytest.raises(RateExceeded):
        receive(session, large)


@pytest.mark.rule("S10")
def test_the_budget_refills() -> None:
    session = joined()
    for _ in range(400):
        receive(session, PING)

    assert receive(session, PING, now=0.1) == [PING]


@pytest.mark.rule("S10")
def test_a_kernel_may_say_more_than_a_person() -> None:
    session = joined("owner")
    for _ in range(8000):
        receive(session, PING)

    assert closing_of(session, PING) == closing.RATE


@pytest.mark.rule("S10", "U1")
def test_what_the_room_asks_for_does_not_use_up_the_budget() -> None:
    session = joined()
    part = Chunk("0" * 64, 0, 600_000, bytes(limits.CHUNK_BYTES))
    parts = 3 * 10 * limits.ALLOWANCES["participant"].bytes // limits.CHUNK_BYTES
    for _ in range(parts):
        session.expect(len(part.data))
        receive(session, part)

    assert session.state is State.JOINED
