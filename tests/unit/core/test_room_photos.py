"""A room that shows photos, and lets go of them."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from cowidget.core import limits
from cowidget.core.frames import Absent, Ack, Chunk, Pass, Post, Pull, Refused, Revoke, Uploaded
from cowidget.core.photo_pass import HOUR
from cowidget.core.values import Edit, Erase, Photo, Photos
from tests.support.room_uploads import CAT, PHOTO, named, offer, said, upload
from tests.support.rooms import Peer, RoomBench

# Showing them.


@pytest.mark.rule("U5")
def test_a_message_shows_what_the_room_knows_in_the_posters_words(bench: RoomBench, ada: Peer) -> None:
    upload(ada)
    claimed = Photo(PHOTO.sha256, "0" * 64, "image/webp", 9, 9, 9, b"", 9, alt="A cat", name="cat.jpg")
    ada.push(Post, body=Photos((claimed,), "look", reply=3))
    expected = Photos((replace(PHOTO, alt="A cat", name="cat.jpg"),), "look", reply=3)
    assert said(bench.owner) == said(ada) == [expected]


@pytest.mark.rule("U5")
def test_a_photo_that_is_not_here_cannot_be_shown(bench: RoomBench, ada: Peer) -> None:
    upload(ada)
    push = ada.push(Post, body=Photos((PHOTO, replace(PHOTO, sha256="1" * 64))))
    refused = ada.sees(Refused)[-1]
    assert (refused.id, refused.slug, refused.text.endswith(".")) == (push, "unknown", True)
    assert said(ada) == []


@pytest.mark.rule("U5")
def test_a_photo_is_shown_once_in_a_message(bench: RoomBench, ada: Peer) -> None:
    upload(ada)
    ada.push(Post, body=Photos((PHOTO, PHOTO)))
    assert [each.slug for each in ada.sees(Refused)] == ["invalid"]


@pytest.mark.rule("U5", "L6")
def test_an_edit_changes_the_text_of_photos(bench: RoomBench, ada: Peer) -> None:
    upload(ada)
    ada.push(Post, body=Photos((PHOTO,), "one"))
    ada.act(Edit(1, "two"))
    assert (ada.sees(Refused), said(bench.owner)[-1]) == ([], Edit(1, "two"))


@pytest.mark.rule("U9")
def test_who_is_here_may_pull_photos_and_thumbnails(bench: RoomBench, ada: Peer) -> None:
    upload(ada)
    viewer = bench.join("viewer")
    for sha256 in (PHOTO.sha256, PHOTO.thumb, "0" * 64):
        viewer.send(Pull(sha256, 0, 10))
    assert [fetch.pull.blob for fetch in bench.fetched] == [PHOTO.sha256, PHOTO.thumb]
    assert viewer.sees(Absent) == [Absent("0" * 64)]


@pytest.mark.rule("U8")
def test_http_asks_for_a_type_by_the_hash(bench: RoomBench, ada: Peer) -> None:
    upload(ada)
    asked = (PHOTO.sha256, PHOTO.thumb, "0" * 64)
    assert [bench.room.photos.mime_of(each) for each in asked] == ["image/png", "image/webp", None]


# Passes.


@pytest.mark.rule("U8")
def test_everybody_of_an_invitation_has_the_same_pass(bench: RoomBench, ada: Peer) -> None:
    passes = [bench.join(link).welcome.photo_pass for link in ("participant", "viewer")]
    assert passes[0] == ada.welcome.photo_pass != passes[1]
    assert all(bench.room.photos.admits(each, bench.now) for each in passes)


@pytest.mark.rule("U8")
def test_passes_are_renewed_when_an_hour_begins(bench: RoomBench, ada: Peer) -> None:
    bench.wait(HOUR - bench.now)
    (renewed,) = ada.sees(Pass)
    assert bench.room.photos.admits(ada.welcome.photo_pass, bench.now + HOUR - 1)
    assert not bench.room.photos.admits(ada.welcome.photo_pass, bench.now + HOUR)
    assert bench.room.photos.admits(renewed.photos, bench.now + HOUR)
    bench.wait(HOUR)
    assert len({each.photos for each in ada.sees(Pass)}) == 2


@pytest.mark.rule("U8")
def test_who_comes_just_before_the_renewal_does_not_prevent_it(bench: RoomBench, ada: Peer) -> None:
    bench.now = HOUR + 1.0
    late = bench.join()
    bench.wait(0)
    assert ada.sees(Pass) == [Pass(late.welcome.photo_pass)]


@pytest.mark.rule("U8")
def test_a_pass_falls_with_its_invitation(bench: RoomBench, ada: Peer) -> None:
    bench.owner.push(Revoke, invitation="participant")
    assert not bench.room.photos.admits(ada.welcome.photo_pass, bench.now)


# Letting go.


@pytest.mark.rule("U6")
def test_what_the_last_message_showed_is_gone_with_it(bench: RoomBench, ada: Peer) -> None:
    upload(ada)
    for _ in range(2):
        ada.push(Post, body=Photos((PHOTO,)))
    ada.act(Erase(1))
    assert bench.room.photos.mime_of(PHOTO.sha256) == "image/png"
    ada.act(Erase(2))
    assert (bench.room.photos.mime_of(PHOTO.sha256), bench.room.photos.mime_of(PHOTO.thumb)) == (None, None)
    assert bench.dropped == [PHOTO.sha256]
    offer(ada, CAT)
    assert ada.sees(Uploaded)[1:] == []


@pytest.mark.rule("U6")
def test_what_nobody_posts_is_dropped_after_an_hour(bench: RoomBench, ada: Peer) -> None:
    upload(ada)
    bench.wait(limits.PHOTO_GRACE - 1)
    assert bench.dropped == []
    bench.wait(1)
    assert bench.dropped == [PHOTO.sha256]


@pytest.mark.rule("U6")
def test_what_was_posted_stays(bench: RoomBench, ada: Peer) -> None:
    upload(ada)
    ada.push(Post, body=Photos((PHOTO,)))
    bench.wait(limits.PHOTO_GRACE)
    bench.restart()
    bench.wait(limits.PHOTO_GRACE)
    assert (bench.dropped, bench.room.photos.mime_of(PHOTO.sha256)) == ([], "image/png")


@pytest.mark.rule("U6")
def test_what_nobody_posted_is_dropped_after_a_restart_too(bench: RoomBench, ada: Peer) -> None:
    upload(ada)
    bench.wait(1000)
    bench.restart()
    bench.wait(limits.PHOTO_GRACE - 1000)
    assert bench.dropped == [PHOTO.sha256]


@pytest.mark.rule("U6")
def test_a_photo_that_goes_while_it_is_being_posted_again_is_refused(bench: RoomBench, ada: Peer) -> None:
    upload(ada)
    ada.push(Post, body=Photos((PHOTO,)))
    bench.hold()
    ada.act(Erase(1))
    push = ada.push(Post, body=Photos((PHOTO,)))
    bench.go_on()
    refused = ada.sees(Refused)[-1]
    assert (refused.id, refused.slug, "Send it again" in refused.text) == (push, "unknown", True)


@pytest.mark.rule("U6")
def test_a_photo_that_goes_while_it_is_being_brought_again_can_be_posted(bench: RoomBench, ada: Peer) -> None:
    upload(ada)
    ada.push(Post, body=Photos((PHOTO,)))
    bench.hold()
    ada.act(Erase(1))
    upload(ada, b"cat again")  # cleaned behind the erase
    bench.go_on()
    push = ada.push(Post, body=Photos((PHOTO,)))
    assert (ada.sees(Ack)[-1], ada.sees(Refused)) == (Ack(push), [])


@pytest.mark.rule("U6")
def test_a_photo_that_is_brought_again_is_not_swept_meanwhile(bench: RoomBench, ada: Peer) -> None:
    upload(ada)
    bench.now += limits.PHOTO_GRACE - 1
    bench.hold()
    upload(ada, b"cat again")
    bench.go_on()
    bench.wait(1)
    assert bench.dropped == []
    bench.wait(limits.PHOTO_GRACE)
    assert bench.dropped == [PHOTO.sha256]


def test_who_leaves_lets_others_begin(bench: RoomBench, ada: Peer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "UPLOAD_BYTES", 600_000)
    bob = bench.join()
    offer(ada, CAT)
    ada.send(Chunk(named(CAT), 0, len(CAT), CAT[:131_072]))
    offer(bob, b"dog" + CAT)
    ada.leave()
    assert (bob.sees(Pull), bench.room.deadline()) == ([], bench.now)
    bench.wait(0)
    assert len(bob.sees(Pull)) == 1
