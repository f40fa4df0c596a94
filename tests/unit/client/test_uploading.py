"""Photos on their way out: who waits, what is sent, what a break does."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Sequence

import pytest

from cowidget.client import uploading as uploading_module
from cowidget.client.uploading import Uploading
from cowidget.core.frames import Absent, Chunk, ClientFrame, Declined, Pull, Upload, Uploaded
from cowidget.core.values import Photo
from cowidget.errors import PhotoDeclined, RoomClosed

CAT = b"cat" + bytes(600_000)
PHOTO = Photo("a" * 64, "b" * 64, "image/jpeg", 4, 3, 5, b"tiny")


def named(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


class Line:
    """A connection, and what goes out of it."""

    def __init__(self) -> None:
        self.sent: list[ClientFrame] = []
        self.uploading = Uploading(self._send)
        self.uploading.receive_welcome()

    def _send(self, frames: Sequence[ClientFrame]) -> None:
        self.sent.extend(frames)

    async def offers(self, count: int = 1) -> None:
        """Wait until so many photos are offered."""
        async with asyncio.timeout(10):
            while sum(isinstance(frame, Upload) for frame in self.sent) < count:  # noqa: ASYNC110 - hashing has a thread
                await asyncio.sleep(0.001)

    async def waits(self, count: int) -> None:
        """Wait until so many wait for a photo: hashing takes a thread, and a moment."""
        async with asyncio.timeout(10):
            while sum(each.waiting for each in self.uploading._sendings.values()) < count:  # noqa: ASYNC110 - as above
                await asyncio.sleep(0.001)

    def upload(self, data: bytes = CAT, **options: object) -> asyncio.Task[Photo]:
        return asyncio.create_task(self.uploading.upload(data, **options))  # type: ignore[arg-type]


@pytest.fixture
async def line() -> Line:
    return Line()


@pytest.mark.rule("U1", "U3")
async def test_a_photo_is_offered_and_comes_back_as_the_room_has_it(line: Line) -> None:
    task = line.upload()
    await line.offers()
    assert line.sent == [Upload(named(CAT), len(CAT))]
    line.uploading.receive(Uploaded(named(CAT), PHOTO))
    assert await task == PHOTO


@pytest.mark.rule("U1", "D10")
async def test_a_pull_is_answered_in_chunks(line: Line) -> None:
    task = line.upload()
    await line.offers()
    assert line.uploading.receive_pull(Pull(named(CAT), 100, 500_000))
    chunks = [frame for frame in line.sent if isinstance(frame, Chunk)]
    assert [(chunk.at, len(chunk.data), chunk.size) for chunk in chunks] == [
        (100, 1 << 18, len(CAT)),
        (100 + (1 << 18), 500_000 - (1 << 18), len(CAT)),
    ]
    assert b"".join(chunk.data for chunk in chunks) == CAT[100:500_100]
    task.cancel()


async def test_a_pull_of_something_else_is_not_answered(line: Line) -> None:
    assert not line.uploading.receive_pull(Pull("0" * 64, 0, 10))


async def test_it_is_told_how_far_it_is(line: Line) -> None:
    told: list[tuple[int, int]] = []
    task = line.upload(progress=lambda sent, size: told.append((sent, size)))
    await line.offers()
    line.uploading.receive_pull(Pull(named(CAT), 0, 1 << 18))
    line.uploading.receive_pull(Pull(named(CAT), 1 << 18, 1 << 18))
    line.uploading.receive(Uploaded(named(CAT), PHOTO))
    await task
    assert told == [(0, len(CAT)), (1 << 18, len(CAT)), (len(CAT), len(CAT))]


async def test_a_mistake_in_telling_does_not_stop_the_photo(line: Line, caplog: pytest.LogCaptureFixture) -> None:
    task = line.upload(progress=lambda sent, size: 1 // 0)
    await line.offers()
    line.uploading.receive_pull(Pull(named(CAT), 0, 10))
    line.uploading.receive(Uploaded(named(CAT), PHOTO))
    assert await task == PHOTO
    assert "ZeroDivisionError" in caplog.text


@pytest.mark.rule("U2")
async def test_each_welcome_offers_it_again(line: Line) -> None:
    task = line.upload()
    await line.offers()
    line.uploading.receive_cut()
    line.uploading.receive_welcome()
    assert line.sent == [Upload(named(CAT), len(CAT))] * 2
    task.cancel()


@pytest.mark.rule("U2")
async def test_while_we_are_away_it_waits(line: Line) -> None:
    line.uploading.receive_cut()
    task = line.upload()
    await line.waits(1)
    assert (line.sent, task.done()) == ([], False)
    line.uploading.receive_welcome()
    assert line.sent == [Upload(named(CAT), len(CAT))]
    task.cancel()


@pytest.mark.rule("U3")
async def test_a_photo_that_is_declined_raises_the_rooms_sentence(line: Line) -> None:
    task = line.upload()
    await line.offers()
    line.uploading.receive(Declined(named(CAT), "heic", "Save it as a JPEG first."))
    with pytest.raises(PhotoDeclined, match="Save it as a JPEG first") as declined:
        await task
    assert declined.value.slug == "heic"


@pytest.mark.rule("U3")
async def test_what_will_pass_is_tried_again(line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploading_module, "_AGAIN", (0.0, 0.0))
    task = line.upload()
    for count in (1, 2, 3):
        await line.offers(count)
        line.uploading.receive(Declined(named(CAT), "busy", "Later."))
    with pytest.raises(PhotoDeclined, match="Later"):
        await task


@pytest.mark.rule("U7")
async def test_a_fourth_waits_for_the_first(line: Line) -> None:
    photos = [b"%d" % n for n in range(4)]
    tasks = [line.upload(data) for data in photos]
    await line.offers(3)
    offered = [frame.blob for frame in line.sent if isinstance(frame, Upload)]
    line.uploading.receive(Uploaded(offered[0], PHOTO))
    await line.offers(4)
    assert len(offered) == 3
    for task in tasks:
        task.cancel()


async def test_who_gives_up_tells_the_room(line: Line) -> None:
    task = line.upload()
    await line.offers()
    task.cancel()
    await asyncio.wait((task,))
    assert line.sent[1:] == [Absent(named(CAT))]
    assert not line.uploading.receive_pull(Pull(named(CAT), 0, 10))


async def test_the_same_photo_is_sent_once_for_two(line: Line) -> None:
    tasks = [line.upload(), line.upload()]
    await line.waits(2)
    tasks[0].cancel()
    await asyncio.wait(tasks[:1])
    line.uploading.receive(Uploaded(named(CAT), PHOTO))
    assert (await tasks[1], line.sent) == (PHOTO, [Upload(named(CAT), len(CAT))])


async def test_the_end_of_the_session_is_an_error(line: Line) -> None:
    task = line.upload()
    await line.offers()
    line.uploading.end()
    with pytest.raises(RoomClosed):
        await task
    with pytest.raises(RoomClosed):
        await line.uploading.upload(CAT)


async def test_an_answer_that_nobody_waits_for_means_nothing(line: Line) -> None:
    line.uploading.receive(Uploaded(named(CAT), PHOTO))
    assert line.sent == []
