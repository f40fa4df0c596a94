"""Photos on their way into a room: whose turn it is, what has come, what a break leaves."""

from __future__ import annotations

import hashlib

import pytest

from cowidget.core import limits
from cowidget.core.frames import Chunk, Pull
from cowidget.core.uploads import Stage, Upload, Uploads
from cowidget.errors import FrameError

KIB, MB = limits.KIB, 1_000_000


def named(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def bytes_of(size: int, seed: int = 0) -> bytes:
    return bytes([seed]) * size


class Bench:
    """Uploads, and people whose lines take a while."""

    def __init__(self) -> None:
        self.now = 100.0
        self.uploads = Uploads()

    def ask(self, peer: str, data: bytes) -> list[tuple[str, Pull]]:
        self.uploads.ask(peer, named(data), len(data))
        return self.uploads.turns(self.now)

    def send(self, peer: str, data: bytes, pull: Pull, seconds: float = 0.5) -> Upload | Pull | None:
        """What was pulled, in one chunk, after a while."""
        self.now += seconds
        part = data[pull.at : pull.at + pull.count]
        return self.uploads.receive_chunk(peer, Chunk(pull.blob, pull.at, len(data), part), self.now)

    def send_all(self, peer: str, data: bytes, seconds: float = 0.5) -> tuple[list[Pull], Upload]:
        """The pulls after the first one, and the upload when it is there."""
        ((_, pull),) = self.ask(peer, data)
        pulls = []
        while isinstance(answer := self.send(peer, data, pull, seconds), Pull):
            pulls.append(pull := answer)
        assert isinstance(answer, Upload)
        return pulls, answer


@pytest.fixture
def bench() -> Bench:
    return Bench()


@pytest.mark.rule("U1")
def test_each_pull_tells_how_much_is_there(bench: Bench) -> None:
    data = bytes_of(300 * KIB)
    pulls, upload = bench.send_all("ada", data)
    assert [pull.at for pull in pulls] == [128 * KIB, 256 * KIB]
    assert (upload.genuine, bench.uploads.complete(upload)) == (True, data)


@pytest.mark.rule("U1")
@pytest.mark.parametrize(
    ("seconds", "step"), [(0.01, limits.PULL_WINDOW_BYTES), (0.5, 128 * KIB), (9.0, limits.LEAST_PULL_BYTES)]
)
def test_a_pull_asks_for_what_the_line_brings_in_half_a_second(bench: Bench, seconds: float, step: int) -> None:
    pulls, _ = bench.send_all("ada", bytes_of(5 * MB), seconds)
    assert pulls[-2].count == step


@pytest.mark.rule("U1")
def test_bytes_of_another_hash_are_not_genuine(bench: Bench) -> None:
    ((_, pull),) = bench.ask("ada", b"right")
    answer = bench.uploads.receive_chunk("ada", Chunk(pull.blob, 0, 5, b"wrong"), bench.now)
    assert isinstance(answer, Upload)
    assert not answer.genuine


@pytest.mark.rule("U1")
@pytest.mark.parametrize(
    ("size", "part"), [(5, b""), (6, b"right"), (5, b"right, and more")], ids=["empty", "of another size", "too much"]
)
def test_a_part_that_was_not_asked_for_ends_the_session(bench: Bench, size: int, part: bytes) -> None:
    ((_, pull),) = bench.ask("ada", b"right")
    with pytest.raises(FrameError):
        bench.uploads.receive_chunk("ada", Chunk(pull.blob, 0, size, part), bench.now)


@pytest.mark.rule("U1")
def test_what_was_pulled_before_it_was_given_up_is_ignored(bench: Bench) -> None:
    data = bytes_of(200 * KIB)
    ((_, pull),) = bench.ask("ada", data)
    following = bench.send("ada", data, pull)
    assert isinstance(following, Pull)
    bench.uploads.end("ada", pull.blob)
    assert bench.uploads.knows("ada", pull.blob)
    assert bench.send("ada", data, following) is None
    ((_, anew),) = bench.ask("ada", data)
    assert (anew.at, bench.send("ada", data, following)) == (0, None)
    assert isinstance(bench.send("ada", data, anew), Pull)


@pytest.mark.rule("U2")
def test_the_same_upload_goes_on_where_it_stood(bench: Bench) -> None:
    data = bytes_of(300 * KIB)
    ((_, pull),) = bench.ask("ada", data)
    bench.send("ada", data, pull)
    bench.uploads.leave("ada", bench.now)
    assert bench.uploads.turns(bench.now) == []
    ((peer, again),) = bench.ask("ada", data)
    assert (peer, again.at) == ("ada", 128 * KIB)


@pytest.mark.rule("U2")
@pytest.mark.parametrize(("away", "at"), [(119.0, 128 * KIB), (121.0, 0)])
def test_what_a_break_leaves_is_kept_for_two_minutes(bench: Bench, away: float, at: int) -> None:
    data = bytes_of(300 * KIB)
    ((_, pull),) = bench.ask("ada", data)
    bench.send("ada", data, pull)
    bench.uploads.leave("ada", bench.now)
    assert bench.uploads.deadline() == bench.now + 120
    bench.now += away
    bench.uploads.sweep(bench.now)
    assert bench.ask("ada", data)[0][1].at == at


@pytest.mark.rule("U2")
def test_to_come_back_without_asking_does_not_keep_it_longer(bench: Bench) -> None:
    bench.ask("ada", b"photo")
    bench.uploads.leave("ada", 100.0)
    bench.uploads.leave("ada", 200.0)
    assert bench.uploads.deadline() == 220.0


def test_to_ask_twice_brings_one_pull(bench: Bench) -> None:
    assert [len(bench.ask("ada", b"photo")) for _ in range(2)] == [1, 0]


@pytest.mark.rule("U7")
def test_a_fourth_upload_waits_for_the_first_to_end(bench: Bench) -> None:
    photos = [bytes_of(10, seed) for seed in range(4)]
    assert [len(bench.ask("ada", data)) for data in photos] == [1, 1, 1, 0]
    assert bench.uploads.waiting("ada") == 1
    # Somebody else does not wait for them.
    assert len(bench.ask("bob", photos[0])) == 1
    bench.uploads.end("ada", named(photos[0]))
    assert [pull.blob for _, pull in bench.uploads.turns(bench.now)] == [named(photos[3])]


def test_a_room_holds_so_many_bytes_and_nobody_is_overtaken(bench: Bench) -> None:
    large = [(f"peer {n}", bytes_of(10 * MB, n)) for n in range(7)]
    assert [len(bench.ask(*each)) for each in large] == [1, 1, 1, 1, 1, 1, 0]
    assert bench.ask("late", b"small") == []
    bench.uploads.end(large[0][0], named(large[0][1]))
    assert [peer for peer, _ in bench.uploads.turns(bench.now)] == ["peer 6", "late"]


def test_who_is_away_makes_room_for_who_is_here(bench: Bench) -> None:
    large = [(f"peer {n}", bytes_of(10 * MB, n)) for n in range(8)]
    for peer, data in large[:6]:
        ((_, pull),) = bench.ask(peer, data)
        while isinstance(pull, Pull) and pull.at < 9 * MB:
            pull = bench.send(peer, data, pull)  # type: ignore[assignment]
        bench.uploads.leave(peer, bench.now)
    assert [len(bench.ask(*each)) for each in large[6:]] == [1, 1]
    # What was left the longest begins anew; the last one goes on.
    assert bench.ask(*large[0])[0][1].at == 0
    assert bench.ask(*large[5])[0][1].at > 9 * MB


def test_what_two_people_send_is_handed_on_once(bench: Bench) -> None:
    _, first = bench.send_all("ada", b"photo")
    _, second = bench.send_all("bob", b"photo")
    assert [bench.uploads.complete(each) for each in (first, second)] == [b"photo", None]
    assert [each.peer for each in bench.uploads.end_all(named(b"photo"))] == ["ada", "bob"]
    assert not bench.uploads.is_under_way("ada", named(b"photo"))


def test_to_leave_does_not_stop_the_cleaning(bench: Bench) -> None:
    _, upload = bench.send_all("ada", b"photo")
    bench.uploads.complete(upload)
    bench.uploads.leave("ada", bench.now)
    assert (upload.stage, bench.uploads.deadline()) == (Stage.CLEANING, None)
