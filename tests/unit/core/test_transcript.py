"""The log without gaps."""

from __future__ import annotations

from typing import Any

import pytest

from cowidget.core.frames import Page, Said
from cowidget.core.transcript import Transcript
from cowidget.core.values import LogEntry, Position, Text


def said(*offsets: int, **fields: Any) -> Said:
    return Said(tuple(LogEntry(at, "p2", at, "bob", "#ff0000", 0.0, Text("hi")) for at in offsets), **fields)


def transcript_of(*offsets: int, older: bool = False) -> Transcript:
    transcript = Transcript()
    transcript.open("l")
    transcript.receive(said(*offsets, reset=True, older=older))
    return transcript


def offsets(transcript: Transcript) -> list[int]:
    return [entry.at for entry in transcript.entries]


def test_the_position_is_the_last_entry() -> None:
    assert transcript_of(3, 4).position == Position("l", 4)


def test_without_entries_there_is_no_position() -> None:
    assert transcript_of().position is None


def test_entries_that_continue_are_taken() -> None:
    transcript = transcript_of(3)
    grown, page = transcript.receive(said(4))
    assert ([entry.at for entry in grown], page) == ([4], None)


def test_entries_that_are_here_are_ignored() -> None:
    transcript = transcript_of(3, 4)
    assert transcript.receive(said(4)) == ((), None)


def test_a_gap_asks_for_one_page() -> None:
    transcript = transcript_of(3)
    assert transcript.receive(said(6)) == ((), Page(after=3, count=200))
    assert transcript.receive(said(7)) == ((), None)


def test_a_page_that_has_more_asks_for_the_next() -> None:
    transcript = transcript_of(3)
    _, page = transcript.receive(said(4, 5, more=True))
    assert page == Page(after=5, count=200)


@pytest.mark.rule("L3")
def test_a_gap_that_is_filled_releases_what_was_put_aside() -> None:
    transcript = transcript_of(3)
    transcript.receive(said(5))
    transcript.receive(said(4))
    assert offsets(transcript) == [3, 4, 5]


def test_an_empty_page_ends_the_paging() -> None:
    transcript = transcript_of(3)
    transcript.receive(said(6))
    assert transcript.receive(said()) == ((), None)
    assert transcript.receive(said(7))[1] == Page(after=3, count=200)


def test_a_cut_forgets_what_was_asked_for_and_put_aside() -> None:
    transcript = transcript_of(3, older=True)
    transcript.receive(said(6))
    transcript.page_back(10)
    transcript.cut()
    assert transcript.page_back(10) == Page(before=3, count=10)
    assert transcript.receive(said(4)) == (said(4).entries, None)


def test_older_entries_come_before() -> None:
    transcript = transcript_of(3, older=True)
    transcript.page_back(2)
    transcript.receive(said(1, 2))
    assert (offsets(transcript), transcript.older) == ([1, 2, 3], False)


def test_an_empty_older_page_says_that_there_is_no_more() -> None:
    transcript = transcript_of(3, older=True)
    transcript.page_back(2)
    transcript.receive(said())
    assert (transcript.older, transcript.page_back(2)) == (False, None)


def test_a_live_entry_is_no_older_page() -> None:
    transcript = transcript_of(3, older=True)
    transcript.page_back(2)
    transcript.receive(said(4))
    assert (offsets(transcript), transcript.older) == ([3, 4], True)


def test_another_epoch_makes_everything_void() -> None:
    transcript = transcript_of(3, older=True)
    assert transcript.open("other")
    assert (offsets(transcript), transcript.older, transcript.position) == ([], False, None)


def test_the_same_epoch_keeps_everything() -> None:
    transcript = transcript_of(3)
    assert not transcript.open("l")
    assert offsets(transcript) == [3]
