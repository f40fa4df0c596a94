"""A room's photos that are being cleaned, and a workshop that fails."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable
from typing import get_args

import pytest

from cowidget.core.effects import CleanPhoto, Effect, KeepPhoto
from cowidget.core.members import Members
from cowidget.core.photo_desk import PhotoDesk
from cowidget.core.photo_frames import Decline
from cowidget.photos.photo import Photo as CleanedPhoto
from cowidget.photos.process import WorkshopFailed
from cowidget.photos.refusal import SENTENCES, PhotoRefused, Slug
from cowidget.relay.photo_work import PhotoWork, described

CLEAN = CleanedPhoto("a" * 64, "image/png", 4, 3, b"clean", b"thumb", (4, 3), b"tiny", 2)


class Darkroom:
    """Answers with what the test has laid out, or never."""

    def __init__(self, *answers: CleanedPhoto | Exception | None) -> None:
        self.answers = list(answers)
        self.asked: list[bytes] = []
        self.prepared = 0

    async def prepare(self) -> None:
        self.prepared += 1

    async def clean(self, data: bytes) -> CleanedPhoto:
        self.asked.append(data)
        answer = self.answers.pop(0)
        if answer is None:
            await asyncio.Event().wait()
        if isinstance(answer, Exception):
            raise answer
        assert answer is not None
        return answer


class Told(PhotoDesk):
    """Remembers what it is told of each photo."""

    def __init__(self) -> None:
        super().__init__((), Members(), {}, "lab", b"key")
        self.unfit: list[tuple[str, str]] = []

    def receive_unfit(self, raw: str, slug: Decline, text: str, now: float) -> list[Effect]:
        assert text.endswith(".")
        self.unfit.append((raw, slug))
        return []


async def worked(darkroom: Darkroom, *raws: str) -> tuple[list[Effect], list[tuple[str, str]]]:
    """What the room asks for, and what it was told, when everything is done."""
    effects: list[Effect] = []

    def step(decide: Callable[[float], list[Effect]]) -> None:
        effects.extend(decide(5.0))

    desk, work = Told(), PhotoWork(darkroom, step)  # type: ignore[arg-type]
    for raw in raws:
        work.add(desk, CleanPhoto(raw, raw.encode()))
    assert work._task is not None
    await work._task
    await work.aclose()
    return effects, desk.unfit


async def test_a_clean_photo_is_described_and_kept() -> None:
    effects, unfit = await worked(Darkroom(CLEAN), "raw")
    (keep,) = effects
    assert isinstance(keep, KeepPhoto)
    assert (keep.record.photo, keep.record.raws, keep.record.since) == (described(CLEAN), ("raw",), 5.0)
    assert (keep.data, keep.thumb, unfit) == (b"clean", b"thumb", [])


@pytest.mark.rule("U4")
def test_a_description_holds_all_that_a_page_needs() -> None:
    photo = described(CLEAN)
    assert (photo.sha256, photo.thumb) == ("a" * 64, hashlib.sha256(b"thumb").hexdigest())
    assert (photo.width, photo.height, photo.size, photo.frames, photo.placeholder) == (4, 3, 5, 2, b"tiny")


async def test_each_failure_is_told_and_the_next_photo_is_cleaned(caplog: pytest.LogCaptureFixture) -> None:
    darkroom = Darkroom(PhotoRefused(Slug.HEIC), WorkshopFailed("no process"), ValueError("a mistake"), CLEAN)
    effects, unfit = await worked(darkroom, "r1", "r2", "r3", "r4")
    assert unfit == [("r1", "heic"), ("r2", "failed"), ("r3", "failed")]
    assert len(effects) == 1
    assert "a mistake" in caplog.text


async def test_photos_are_cleaned_one_after_the_other() -> None:
    darkroom = Darkroom(None, CLEAN)
    work = PhotoWork(darkroom, lambda decide: None)  # type: ignore[arg-type]
    for raw in ("r1", "r2"):
        work.add(Told(), CleanPhoto(raw, raw.encode()))
    await asyncio.sleep(0.01)
    assert darkroom.asked == [b"r1"]
    await work.aclose()
    assert darkroom.asked == [b"r1"]


async def test_a_photo_that_is_on_its_way_gets_the_workshop_ready() -> None:
    darkroom = Darkroom(CLEAN)
    work = PhotoWork(darkroom, lambda decide: None)  # type: ignore[arg-type]
    work.expect()
    work.expect()
    await asyncio.sleep(0.01)
    assert (darkroom.prepared, darkroom.asked) == (1, [])
    work.add(Told(), CleanPhoto("r1", b"r1"))
    await asyncio.sleep(0.01)
    assert darkroom.asked == [b"r1"]
    await work.aclose()


async def test_to_close_without_photos_is_nothing() -> None:
    await PhotoWork(Darkroom(), lambda decide: None).aclose()  # type: ignore[arg-type]


@pytest.mark.rule("U3")
@pytest.mark.parametrize("slug", Slug)
def test_the_wire_knows_each_refusal_of_the_workshop(slug: Slug) -> None:
    assert slug.value in get_args(Decline)
    assert SENTENCES[slug].endswith(".")
