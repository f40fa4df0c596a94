"""Pushes that wait for a blob."""

from __future__ import annotations

import hashlib

import pytest

from cowidget.core import closing, limits
from cowidget.core.frames import Chunk, Pull, Stop
from cowidget.core.intake import Intake
from cowidget.errors import FrameError

MOST = 8 << 20
DATA = bytes(range(256)) * 6000  # 1.5 MB: two pulls
BLOB = hashlib.sha256(DATA).hexdigest()


def chunk(at: int, data: bytes = DATA, blob: str = BLOB, count: int = limits.CHUNK_BYTES) -> Chunk:
    return Chunk(blob, at, len(data), data[at : at + count])


def wanting(blob: str = BLOB) -> Intake:
    intake = Intake()
    intake.park(Stop(1))
    intake.want(blob)
    return intake


def closing_of(intake: Intake, chunk: Chunk) -> closing.Closing:
    with pytest.raises(FrameError) as caught:
        intake.receive_chunk(chunk, MOST)
    return caught.value.closing


@pytest.mark.rule("D10")
def test_a_blob_is_pulled_a_window_at_a_time_and_comes_whole() -> None:
    intake = wanting()
    answers = [intake.receive_chunk(chunk(at), MOST) for at in range(0, len(DATA), limits.CHUNK_BYTES)]

    assert answers == [None, None, None, Pull(BLOB, 1 << 20, 1 << 20), None, DATA]


@pytest.mark.rule("D10")
def test_the_first_pull_is_for_the_first_window() -> None:
    assert Intake().want(BLOB) == Pull(BLOB, 0, limits.PULL_WINDOW_BYTES)


@pytest.mark.rule("D10")
def test_a_blob_that_is_not_what_its_hash_says_is_undecodable() -> None:
    assert closing_of(wanting(), chunk(0, b"something else")) == closing.UNDECODABLE


def test_nothing_is_a_blob_too() -> None:
    empty = hashlib.sha256(b"").hexdigest()

    assert wanting(empty).receive_chunk(chunk(0, b"", empty), MOST) == b""


@pytest.mark.parametrize(
    "wrong",
    [chunk(0, b"x", "f" * 64), chunk(9), chunk(0, count=0)],
    ids=["another blob", "out of order", "nothing in it"],
)
def test_a_chunk_that_was_not_asked_for_is_unexpected(wrong: Chunk) -> None:
    assert closing_of(wanting(), wrong) == closing.UNEXPECTED


def test_a_chunk_that_nobody_waits_for_is_unexpected() -> None:
    assert closing_of(Intake(), chunk(0)) == closing.UNEXPECTED


def test_a_blob_that_is_too_large_is_not_read() -> None:
    with pytest.raises(ValueError, match="1536000 bytes; 1000 are allowed"):
        wanting().receive_chunk(chunk(0), 1000)


@pytest.mark.rule("D9")
def test_giving_up_hands_back_the_push_that_waited() -> None:
    intake = wanting()
    intake.park(Stop(2))

    assert (intake.give_up(), list(intake.parked), intake.wanted) == (Stop(1), [Stop(2)], None)


def test_chunks_that_come_too_late_are_no_offence() -> None:
    intake = wanting()
    intake.receive_chunk(chunk(0), MOST)
    intake.give_up()

    assert intake.receive_chunk(chunk(limits.CHUNK_BYTES), MOST) is None


def test_late_chunks_do_not_mix_with_the_next_blob() -> None:
    intake = wanting()
    intake.park(Stop(2))
    intake.release()
    intake.want(hashlib.sha256(b"next").hexdigest())
    intake.receive_chunk(chunk(0), MOST)

    assert intake.receive_chunk(chunk(0, b"next", hashlib.sha256(b"next").hexdigest()), MOST) == b"next"


def test_releasing_nothing_changes_nothing() -> None:
    intake = Intake()
    intake.release()

    assert closing_of(intake, chunk(0)) == closing.UNEXPECTED


def test_more_waiting_pushes_than_one_peer_may_have_are_too_many() -> None:
    intake = Intake()
    for n in range(limits.MAX_PARKED):
        intake.park(Stop(n + 1))

    with pytest.raises(FrameError) as caught:
        intake.park(Stop(limits.MAX_PARKED + 1))

    assert caught.value.closing == closing.RATE
