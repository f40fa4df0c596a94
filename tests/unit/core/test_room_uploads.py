"""A room that takes photos."""

from __future__ import annotations

import pytest

from cowidget.core import limits
from cowidget.core.frames import Absent, Ack, Chunk, Declined, Pull, Upload, Uploaded
from cowidget.errors import FrameError
from tests.support.room_uploads import CAT, PHOTO, answer, last, named, offer, upload
from tests.support.rooms import Peer, RoomBench


@pytest.mark.rule("U1", "U3", "U4")
def test_bytes_become_a_photo(bench: RoomBench, ada: Peer) -> None:
    upload(ada)
    assert ada.sees(Uploaded) == [Uploaded(named(CAT), PHOTO)]
    assert [pull.at for pull in ada.sees(Pull)] == [0, 131_072, 393_216]


@pytest.mark.rule("U1")
def test_viewers_bring_photos_too(bench: RoomBench) -> None:
    viewer = bench.join("viewer")
    upload(viewer)
    assert len(viewer.sees(Uploaded)) == 1


@pytest.mark.rule("U1")
def test_pushes_go_on_meanwhile(bench: RoomBench, ada: Peer) -> None:
    offer(ada, CAT)
    ada.post("meanwhile")
    assert ada.sees(Ack) == [Ack(1)]


@pytest.mark.rule("U1")
def test_who_gives_up_is_asked_for_nothing_more(bench: RoomBench, ada: Peer) -> None:
    offer(ada, CAT)
    ada.send(Absent(named(CAT)))
    answer(ada, CAT)
    assert (len(ada.sees(Pull)), ada.sees(Uploaded), ada.sees(Declined)) == (1, [], [])


@pytest.mark.rule("U1")
def test_a_chunk_of_nothing_that_was_asked_for_ends_the_session(bench: RoomBench, ada: Peer) -> None:
    with pytest.raises(FrameError):
        bench.room.receive(ada.connection, Chunk(named(b"x"), 0, 1, b"x"), bench.now)


@pytest.mark.rule("U2")
def test_after_a_break_it_goes_on_where_it_stood(bench: RoomBench, ada: Peer) -> None:
    offer(ada, CAT)
    ada.send(Chunk(named(CAT), 0, len(CAT), CAT[:131_072]))
    ada.leave()
    bench.wait(100)
    again = bench.comes_back(ada)
    upload(again)
    assert (again.sees(Pull)[0].at, len(again.sees(Uploaded))) == (131_072, 1)


@pytest.mark.rule("U2")
def test_what_nobody_comes_back_for_begins_anew(bench: RoomBench, ada: Peer) -> None:
    offer(ada, CAT)
    ada.send(Chunk(named(CAT), 0, len(CAT), CAT[:131_072]))
    ada.leave()
    bench.wait(limits.UPLOAD_GRACE)
    again = bench.comes_back(ada)
    offer(again, CAT)
    assert again.sees(Pull)[0].at == 0


@pytest.mark.rule("U2", "S7")
def test_a_session_that_takes_over_takes_the_upload_along(bench: RoomBench, ada: Peer) -> None:
    offer(ada, CAT)
    ada.send(Chunk(named(CAT), 0, len(CAT), CAT[:131_072]))
    again = bench.comes_back(ada)
    offer(again, CAT)
    assert again.sees(Pull)[0].at == 131_072


@pytest.mark.rule("U3")
def test_known_bytes_are_answered_at_once(bench: RoomBench, ada: Peer) -> None:
    upload(ada)
    bob = bench.join()
    offer(bob, CAT)
    assert (bob.sees(Pull), bob.sees(Uploaded)) == ([], [Uploaded(named(CAT), PHOTO)])


@pytest.mark.rule("U3")
def test_other_bytes_of_the_same_photo_bring_the_same_photo(bench: RoomBench, ada: Peer) -> None:
    upload(ada)
    upload(ada, b"cat again")
    assert [each.photo for each in ada.sees(Uploaded)] == [PHOTO, PHOTO]
    bench.restart()
    later = bench.join()
    offer(later, b"cat again")
    assert last(later, Uploaded) == Uploaded(named(b"cat again"), PHOTO)


@pytest.mark.rule("U3")
def test_what_is_no_photo_is_declined_with_a_sentence(bench: RoomBench, ada: Peer) -> None:
    upload(ada, b"bad")
    assert ada.sees(Declined) == [Declined(named(b"bad"), "not-a-photo", "This is no photo.")]


@pytest.mark.rule("U3")
def test_other_bytes_than_those_of_the_hash_are_declined(bench: RoomBench, ada: Peer) -> None:
    offer(ada, b"right")
    ada.send(Chunk(named(b"right"), 0, 5, b"wrong"))
    assert [each.slug for each in ada.sees(Declined)] == ["hash"]


@pytest.mark.rule("U3")
@pytest.mark.parametrize(("size", "slug"), [(10_000_001, "too-large"), (0, "broken")])
def test_what_cannot_be_a_photo_is_not_even_pulled(bench: RoomBench, ada: Peer, size: int, slug: str) -> None:
    ada.send(Upload(named(b""), size))
    assert (ada.sees(Pull), [each.slug for each in ada.sees(Declined)]) == ([], [slug])


@pytest.mark.rule("U3")
def test_a_store_that_cannot_keep_it_is_no_fault_of_the_photo(bench: RoomBench, ada: Peer) -> None:
    bench.hold()
    offer(ada, b"cat")
    ada.send(Chunk(named(b"cat"), 0, 3, b"cat"))
    bench.go_on(fail=True)
    assert [each.slug for each in ada.sees(Declined)] == ["failed"]
    upload(ada, b"cat")
    assert len(ada.sees(Uploaded)) == 1


@pytest.mark.rule("U7")
def test_what_does_not_fit_into_an_hour_is_declined(bench: RoomBench, ada: Peer) -> None:
    for n in range(limits.PHOTOS_PER_HOUR):
        upload(ada, b"%d" % n)
    upload(ada, b"one more")
    declined = ada.sees(Declined)[-1]
    assert (declined.slug, "in 60 minutes" in declined.text) == ("quota", True)
    # What is known costs nothing, and the next hour is another one.
    offer(ada, b"1")
    assert len(ada.sees(Uploaded)) == limits.PHOTOS_PER_HOUR + 1
    bench.wait(3600)
    upload(ada, b"one more")
    assert len(ada.sees(Uploaded)) == limits.PHOTOS_PER_HOUR + 2


@pytest.mark.rule("U7")
def test_what_the_relay_could_not_look_at_does_not_count(bench: RoomBench, ada: Peer) -> None:
    for n in range(limits.PHOTOS_PER_HOUR + 5):
        upload(ada, b"busy %d" % n)
    assert {each.slug for each in ada.sees(Declined)} == {"busy"}


@pytest.mark.rule("U7")
def test_more_than_fifty_do_not_wait(bench: RoomBench, ada: Peer) -> None:
    for n in range(limits.UPLOADS_AT_ONCE + limits.MAX_UPLOADS_WAITING):
        offer(ada, b"%d" % n)
    assert (len(ada.sees(Pull)), ada.sees(Declined)) == (3, [])
    offer(ada, b"one more")
    assert [each.slug for each in ada.sees(Declined)] == ["busy"]


@pytest.mark.rule("U7")
def test_a_room_holds_so_much(bench: RoomBench, ada: Peer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "ROOM_PHOTO_BYTES", PHOTO.size + 10)
    upload(ada, CAT)
    upload(ada, b"more than that")
    assert [each.slug for each in ada.sees(Declined)] == ["quota"]
