"""The client half: what it shows, and what it takes over a reload."""

from __future__ import annotations

import pytest

from cowidget.core import frames, notes
from cowidget.core.frames import Ack, Event, Patch, People, Post, Said
from cowidget.core.packing import digest, pack
from cowidget.core.replica import DELETED
from cowidget.core.values import (
    Model,
    Person,
    Position,
    Share,
    Text,
)
from tests.support.replicas import BIG, join, joined, key, make, said, sent, told, welcome

# State: D6, D7, D8.


def test_a_patch_is_shown() -> None:
    replica = joined()
    effects = replica.receive(Patch(at=1, keys=(key("/a", 1),)))
    assert (replica.value("/a"), replica.state("/a")) == (1, key("/a", 1))
    assert told(effects, notes.StateChanged) == [notes.StateChanged(("/a",))]


@pytest.mark.rule("D8")
def test_our_own_value_is_shown_over_the_rooms() -> None:
    replica = joined()
    replica.set({"/a": 1})
    effects = replica.receive(Patch(at=1, keys=(key("/a", 2),)))
    assert (replica.value("/a"), replica.outstanding("/a")) == (1, True)
    assert told(effects, notes.StateChanged) == []


@pytest.mark.rule("D8")
def test_after_the_ack_the_rooms_newer_value_is_shown() -> None:
    replica = joined()
    replica.set({"/a": 1})
    replica.receive(Patch(at=2, keys=(key("/a", 2, version=2),)))
    effects = replica.receive(Ack(1))
    assert replica.value("/a") == 2
    assert told(effects, notes.StateChanged) == [notes.StateChanged(("/a",))]


def test_an_ack_of_what_is_shown_changes_nothing() -> None:
    replica = joined()
    replica.set({"/a": 1})
    replica.receive(Patch(at=1, keys=(key("/a", 1, by="p1"),)))
    assert told(replica.receive(Ack(1)), notes.StateChanged) == []


def test_an_acknowledged_value_stays_until_the_patches_of_the_absence_are_here() -> None:
    replica = joined()
    replica.set({"/a": 1})
    replica.receive_closed(1006)
    replica.receive_opened("")
    replica.receive(welcome(at=1, acked=1))
    assert replica.value("/a") == 1
    replica.receive(Patch(at=1, keys=(key("/a", 1, by="p1"),)))
    assert (replica.value("/a"), replica.outstanding("/a")) == (1, False)


def test_a_deleted_key_has_no_value() -> None:
    replica = joined(Patch(at=1, reset=True, keys=(key("/a", 1),)), at=1)
    replica.set({"/a": DELETED})
    assert (replica.value("/a", "none"), replica.keys()) == ("none", [])


def test_shares_and_their_keys_go_together() -> None:
    share = Share("w", (Model("", "Slider", ("value",)),))
    replica = joined(Patch(at=1, reset=True, shares=(share,), keys=(key("w/value", 1),)), at=1)
    effects = replica.receive(Patch(at=2, gone=("w",)))
    assert (dict(replica.shares), replica.keys()) == ({}, [])
    assert told(effects, notes.SharesChanged) == [notes.SharesChanged(("w",))]


# Blobs: D9, D10.


@pytest.mark.rule("M5")
@pytest.mark.rule("D9")
def test_a_large_value_travels_as_a_blob_that_the_relay_pulls() -> None:
    replica = joined()
    (change,) = sent(replica.set({"/a": BIG}))[0].changes  # type: ignore[union-attr]
    assert change.blob is not None
    chunks = sent(replica.receive(frames.Pull(change.blob, 0, 1 << 20)))
    assert (
        b"".join(chunk.data for chunk in chunks if isinstance(chunk, frames.Chunk))
        == pack({"/a": BIG}).blobs[change.blob]
    )


@pytest.mark.rule("D10")
def test_a_value_in_a_blob_is_shown_when_its_bytes_are_here() -> None:
    ((sha256, data),) = pack({"/a": BIG}).blobs.items()
    replica = joined(Patch(at=1, reset=True, keys=(key("/a", "before"),)), at=1)
    effects = replica.receive(Patch(at=2, keys=(key("/a", version=2, blob=sha256, size=len(data)),)))
    assert (replica.value("/a"), told(effects, notes.StateChanged)) == ("before", [])
    assert sent(effects) == [frames.Pull(sha256, 0, 256 << 10)]
    effects = replica.receive(frames.Chunk(sha256, 0, len(data), data))
    assert (replica.value("/a"), told(effects, notes.StateChanged)) == (BIG, [notes.StateChanged(("/a",))])


def test_our_own_blob_is_not_pulled_back() -> None:
    ((sha256, data),) = pack({"/a": BIG}).blobs.items()
    replica = joined()
    replica.set({"/a": BIG})
    effects = replica.receive(Patch(at=1, keys=(key("/a", by="p1", blob=sha256, size=len(data)),)))
    effects += replica.receive(Ack(1))
    assert (sent(effects), replica.value("/a")) == ([], BIG)


def test_code_is_pulled_for_the_application() -> None:
    replica = joined()
    assert sent(replica.need_blob(digest(b"code"))) == [frames.Pull(digest(b"code"), 0, 256 << 10)]
    effects = replica.receive(frames.Chunk(digest(b"code"), 0, 4, b"code"))
    assert effects == [notes.BlobArrived(digest(b"code"), b"code")]


def test_a_blob_that_the_relay_does_not_have_is_told() -> None:
    replica = joined()
    replica.need_blob(digest(b"code"))
    assert replica.receive(frames.Absent(digest(b"code"))) == [notes.BlobMissing(digest(b"code"))]


# Events, log, presence.


@pytest.mark.rule("E1")
def test_an_event_is_told_once() -> None:
    replica = joined()
    event = Event(3, 1, "p2", "w", "hi")
    assert replica.receive(event) == [notes.EventReceived(event)]
    assert replica.receive(event) == []


def test_a_notice_is_handed_on() -> None:
    notice = frames.Notice("not-writable", "text", "w/value")
    assert joined().receive(notice) == [notes.NoticeReceived(notice)]


def test_an_own_entry_in_the_log_is_not_waiting_any_more() -> None:
    replica = joined()
    replica.post(Text("hi"))
    replica.receive(Said((), reset=True))
    replica.receive(said(1, by="p1"))
    assert replica.waiting == 0


@pytest.mark.rule("L3")
def test_a_gap_in_the_log_is_paged() -> None:
    replica = joined()
    replica.receive(said(1, reset=True))
    assert sent(replica.receive(said(4))) == [frames.Page(after=1, count=200)]
    effects = replica.receive(said(2, 3))
    assert [entry.at for entry in told(effects, notes.LogGrown)[0].entries] == [2, 3, 4]


@pytest.mark.rule("L2")
def test_older_entries_come_when_asked_for() -> None:
    replica = joined()
    replica.receive(said(3, reset=True, older=True))
    assert sent(replica.page_back(2)) == [frames.Page(before=3, count=2)]
    replica.receive(said(1, 2))
    assert ([entry.at for entry in replica.log], replica.log_older) == ([1, 2, 3], False)


def test_there_is_nothing_older_while_we_are_away() -> None:
    assert make().page_back() == []


def test_presence_of_somebody_who_is_not_listed_is_only_sent() -> None:
    replica = joined(people=())
    assert replica.present({"x": 1}) == [notes.Transmit((frames.Presence({"x": 1}),))]


def test_another_log_epoch_empties_the_log() -> None:
    replica = joined()
    replica.receive(said(1, reset=True))
    replica.receive_closed(1006)
    assert notes.LogGrown((), reset=True) in join(replica, log=Position("other", 0))


def test_presence_said_while_away_is_told_at_the_welcome() -> None:
    replica = make()
    replica.present({"typing": True})
    assert frames.Presence({"typing": True}) in sent(join(replica))


def test_our_own_presence_is_seen_at_once() -> None:
    replica = joined()
    replica.present({"typing": True}, name="Ada")
    assert (replica.people["p1"].name, replica.people["p1"].about) == ("Ada", {"typing": True})


def test_people_come_and_go() -> None:
    replica = joined()
    effects = replica.receive(People(joined=(Person("p2", "bob", "#ff0000", "viewer"),)))
    assert effects == [notes.PeopleChanged(joined=("p2",))]


# Over a reload.


def test_a_reloaded_client_goes_on_where_it_was() -> None:
    before = joined()
    before.post(Text("sent"))
    before.receive_closed(1006)
    before.set({"/a": BIG})
    after = make()
    after.load(before.dump())
    assert (after.peer, after.pushes, after.value("/a"), after.identity.instance) == (
        "p1",
        before.pushes,
        BIG,
        "tab-1",
    )


@pytest.mark.rule("S8")
def test_a_reload_that_knew_less_than_the_relay_does_not_reuse_ids() -> None:
    before = joined()
    stored = before.dump()
    after = make()
    after.load(stored)
    after.post(Text("new"))
    assert [frame.id for frame in sent(join(after, acked=4)) if isinstance(frame, Post)] == [5]
