"""One room: large values on their way through it, and on the disk no longer than somebody needs them."""

from __future__ import annotations

import hashlib

import pytest

from cowidget.core import closing, limits
from cowidget.core.effects import FetchBlob
from cowidget.core.frames import Absent, Ack, Chunk, Declare, Pull, Refused, Set, Unshare
from cowidget.core.values import Change
from cowidget.errors import FrameError
from tests.support.rooms import Peer, RoomBench, share

DATA = b"picture" * 20_000
BLOB = hashlib.sha256(DATA).hexdigest()


@pytest.mark.rule("D9", "D10")
def test_a_push_waits_for_its_blob_and_later_ones_behind_it(bench: RoomBench, ada: Peer, bob: Peer) -> None:
    ada.push(Set, changes=(Change("/pic", blob=BLOB, size=len(DATA)),))
    ada.set({"/x": 1})
    ada.post("look")
    bob.post("where?")
    before = bob.values(), bob.texts()
    asked = ada.sees(Pull)
    ada.send_blob(BLOB, DATA)

    assert (before, asked) == (({}, ["where?"]), [Pull(BLOB, 0, limits.PULL_WINDOW_BYTES)])
    assert (bob.holds()["/pic"].blob, bob.values()["/x"], bob.texts()) == (BLOB, 1, ["where?", "look"])
    assert ada.sees(Ack)[-1] == Ack(3)


@pytest.mark.rule("D10")
def test_a_large_blob_is_pulled_window_by_window(bench: RoomBench, ada: Peer) -> None:
    data = b"x" * (limits.PULL_WINDOW_BYTES + 1)
    blob = hashlib.sha256(data).hexdigest()
    ada.push(Set, changes=(Change("/pic", blob=blob),))
    ada.send_blob(blob, data)
    ada.send_blob(blob, data, at=limits.PULL_WINDOW_BYTES)

    assert [pull.at for pull in ada.sees(Pull)] == [0, limits.PULL_WINDOW_BYTES]
    assert ada.holds()["/pic"].blob == blob


@pytest.mark.rule("D9")
def test_a_blob_that_the_store_has_is_not_pulled_again(bench: RoomBench, ada: Peer) -> None:
    ada.push(Set, changes=(Change("/pic", blob=BLOB),))
    ada.send_blob(BLOB, DATA)
    eve = bench.join("participant")
    eve.push(Set, changes=(Change("/copy", blob=BLOB),))

    assert (eve.sees(Pull), eve.holds()["/copy"].blob) == ([], BLOB)


@pytest.mark.rule("D9")
def test_an_author_without_the_blob_is_refused_and_the_rest_goes_on(bench: RoomBench, ada: Peer) -> None:
    ada.push(Set, changes=(Change("/pic", blob=BLOB),))
    ada.set({"/x": 1})
    ada.send(Absent("f" * 64))
    ada.send(Absent(BLOB))

    assert [(refused.id, refused.slug) for refused in ada.sees(Refused)] == [(1, "unknown")]
    assert ada.values() == {"/x": 1}


def test_a_blob_that_is_too_large_is_refused_and_the_session_goes_on(bench: RoomBench, ada: Peer) -> None:
    data = b"x" * (limits.ALLOWANCES["participant"].blob + 1)
    blob = hashlib.sha256(data).hexdigest()
    ada.push(Set, changes=(Change("/pic", blob=blob),))
    ada.set({"/x": 1})
    ada.send_blob(blob, data)  # four chunks: three are on their way when the first is refused

    assert [(refused.id, refused.slug) for refused in ada.sees(Refused)] == [(1, "too-large")]
    assert ada.values() == {"/x": 1}


@pytest.mark.rule("D9")
def test_two_authors_of_one_blob_both_go_on_when_the_first_has_sent_it(bench: RoomBench, ada: Peer) -> None:
    eve = bench.join("participant")
    ada.push(Set, changes=(Change("/a", blob=BLOB),))
    eve.push(Set, changes=(Change("/b", blob=BLOB),))
    ada.send_blob(BLOB, DATA)
    eve.send_blob(BLOB, DATA)

    assert {key: state.blob for key, state in eve.holds().items()} == {"/a": BLOB, "/b": BLOB}


def test_chunks_without_a_pull_are_an_offence(ada: Peer) -> None:
    with pytest.raises(FrameError) as caught:
        ada.send(Chunk(BLOB, 0, len(DATA), DATA))

    assert caught.value.closing == closing.UNEXPECTED


@pytest.mark.rule("C3")
def test_a_store_that_cannot_keep_a_blob_closes_who_waits_for_it(bench: RoomBench, ada: Peer, bob: Peer) -> None:
    ada.push(Set, changes=(Change("/pic", blob=BLOB),))
    bench.hold()
    ada.send_blob(BLOB, DATA)
    bench.go_on(fail=True)

    assert (ada.closing, bob.closing, bench.picture()[0]) == (closing.STORE_FAILED, None, {})


def test_a_blob_of_the_state_is_fetched_and_another_is_absent(bench: RoomBench, ada: Peer, bob: Peer) -> None:
    ada.push(Set, changes=(Change("/pic", blob=BLOB),))
    ada.send_blob(BLOB, DATA)
    wanted = Pull(BLOB, 0, 10)
    bob.send(wanted)
    ada.set({"/pic": None})
    bob.send(wanted)

    assert bench.fetched == [FetchBlob(bob.connection, wanted)]
    assert bob.sees(Absent) == [Absent(BLOB)]


def test_a_value_that_has_passed_does_not_stay_on_the_disk(bench: RoomBench, ada: Peer) -> None:
    ada.push(Set, changes=(Change("/pic", blob=BLOB),))
    ada.send_blob(BLOB, DATA)
    ada.set({"/pic": None})
    bench.wait(limits.SAVE_INTERVAL)
    bench.wait(limits.BLOB_GRACE - 1)
    before = bench.dropped.copy()
    bench.wait(1)

    assert (before, bench.dropped) == ([], [BLOB])


def test_the_code_of_a_share_that_was_taken_away_does_not_stay_on_the_disk(bench: RoomBench) -> None:
    bench.owner.push(Declare, share=share(code=BLOB), changes=())
    bench.owner.send_blob(BLOB, DATA)
    bench.wait(limits.SAVE_INTERVAL)
    bench.wait(limits.BLOB_GRACE)
    before = bench.dropped.copy()
    bench.owner.push(Unshare, share="slider")
    bench.wait(limits.SAVE_INTERVAL)
    bench.wait(limits.BLOB_GRACE)

    assert (before, bench.dropped) == ([], [BLOB])


def test_a_blob_that_is_named_again_in_time_stays(bench: RoomBench, ada: Peer) -> None:
    ada.push(Set, changes=(Change("/pic", blob=BLOB),))
    ada.send_blob(BLOB, DATA)
    ada.set({"/pic": None})
    bench.wait(limits.SAVE_INTERVAL)
    ada.push(Set, changes=(Change("/pic", blob=BLOB),))
    bench.wait(2 * limits.BLOB_GRACE)

    assert (bench.dropped, ada.holds()["/pic"].blob) == ([], BLOB)


def test_a_blob_of_a_push_on_its_way_to_the_store_stays(bench: RoomBench, ada: Peer) -> None:
    ada.push(Set, changes=(Change("/pic", blob=BLOB),))
    ada.send_blob(BLOB, DATA)
    ada.set({"/pic": None})
    bench.wait(limits.SAVE_INTERVAL)
    bench.hold()
    ada.push(Set, changes=(Change("/pic", blob=BLOB),))
    bench.wait(2 * limits.BLOB_GRACE)
    bench.go_on()

    assert (bench.dropped, ada.holds()["/pic"].blob) == ([], BLOB)


def test_a_blob_of_a_push_that_waits_for_another_blob_stays(bench: RoomBench, ada: Peer) -> None:
    other = hashlib.sha256(b"other").hexdigest()
    ada.push(Set, changes=(Change("/pic", blob=BLOB), Change("/other", blob=other)))
    ada.send_blob(BLOB, DATA)
    bench.owner.set({"/x": 1})
    bench.wait(limits.SAVE_INTERVAL)
    bench.wait(2 * limits.BLOB_GRACE)
    ada.send_blob(other, b"other")

    assert (bench.dropped, sorted(ada.holds())) == ([], ["/other", "/pic", "/x"])


def test_a_blob_of_a_push_that_the_store_could_not_keep_is_dropped(bench: RoomBench, ada: Peer) -> None:
    ada.push(Set, changes=(Change("/pic", blob=BLOB),))
    bench.owner.set({"/x": 1})
    ada.send_blob(BLOB, DATA)
    ada.set({"/pic": None})
    bench.hold()
    ada.push(Set, changes=(Change("/pic", blob=BLOB),))
    bench.go_on(fail=True)
    bench.wait(limits.SAVE_INTERVAL)
    bench.wait(limits.BLOB_GRACE)

    assert bench.dropped == [BLOB]


def test_a_dropped_blob_is_pulled_from_its_author_again(bench: RoomBench, ada: Peer) -> None:
    ada.push(Set, changes=(Change("/pic", blob=BLOB),))
    ada.send_blob(BLOB, DATA)
    ada.set({"/pic": None})
    bench.wait(limits.SAVE_INTERVAL)
    bench.wait(limits.BLOB_GRACE)
    ada.forget()
    ada.push(Set, changes=(Change("/pic", blob=BLOB),))
    pulled = ada.sees(Pull)
    ada.send_blob(BLOB, DATA)

    assert ([pull.blob for pull in pulled], ada.holds()["/pic"].blob) == ([BLOB], BLOB)


def test_blobs_that_the_state_needs_outlive_a_restart(bench: RoomBench, ada: Peer) -> None:
    ada.push(Set, changes=(Change("/pic", blob=BLOB),))
    ada.send_blob(BLOB, DATA)
    bench.restart()
    bob = bench.join("viewer")
    bob.send(Pull(BLOB, 0, 10))

    assert [fetch.connection for fetch in bench.fetched] == [bob.connection]
