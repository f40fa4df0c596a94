"""Bytes that are offered, pulled and kept."""

from __future__ import annotations

import pytest

from cowidget.core.blobs import Arrived, Blobs
from cowidget.core.frames import Absent, Chunk, Pull
from cowidget.core.packing import digest

KIB = 1 << 10
DATA = bytes(range(256)) * 4 * 600  # 600 KiB
SHA = digest(DATA)


def download(blobs: Blobs, data: bytes = DATA) -> list[Arrived]:
    """Pull as a relay answers: everything that is asked for, in order."""
    sha256, arrived = digest(data), []
    blobs.want(sha256)
    while pulls := blobs.pulls():
        for pull in pulls:
            part = data[pull.at : pull.at + pull.count]
            if (done := blobs.receive_chunk(Chunk(sha256, pull.at, len(data), part))) is not None:
                arrived.append(done)
    return arrived


def test_what_is_offered_is_answered_in_chunks() -> None:
    blobs = Blobs()
    blobs.offer({SHA: DATA})
    chunks = blobs.receive_pull(Pull(SHA, 0, 1 << 20))
    assert [len(chunk.data) for chunk in chunks if isinstance(chunk, Chunk)] == [256 * KIB, 256 * KIB, 88 * KIB]


def test_a_part_is_answered_with_that_part() -> None:
    blobs = Blobs()
    blobs.offer({SHA: DATA})
    assert blobs.receive_pull(Pull(SHA, 10, 5)) == (Chunk(SHA, 10, len(DATA), DATA[10:15]),)


def test_an_empty_blob_is_one_empty_chunk() -> None:
    blobs = Blobs()
    blobs.offer({digest(b""): b""})
    assert blobs.receive_pull(Pull(digest(b""), 0, 10)) == (Chunk(digest(b""), 0, 0, b""),)


def test_what_is_not_here_is_absent() -> None:
    assert Blobs().receive_pull(Pull(SHA, 0, 10)) == (Absent(SHA),)


def test_what_is_not_needed_any_more_is_only_kept() -> None:
    blobs = Blobs()
    blobs.offer({SHA: DATA})
    blobs.settle(set())
    assert (dict(blobs.offered), blobs.get(SHA)) == ({}, DATA)


def test_a_blob_arrives_in_chunks() -> None:
    blobs = Blobs()
    assert download(blobs) == [Arrived(SHA, DATA)]
    assert blobs.get(SHA) == DATA


def test_an_empty_blob_arrives() -> None:
    assert download(Blobs(), b"") == [Arrived(digest(b""), b"")]


@pytest.mark.rule("D10")
def test_at_most_a_mebibyte_is_asked_for() -> None:
    blobs = Blobs()
    for n in range(6):
        blobs.want(f"{n}" * 64)
    assert len(blobs.pulls()) == 4


def test_wrong_bytes_do_not_arrive() -> None:
    blobs = Blobs()
    blobs.want(SHA)
    assert blobs.receive_chunk(Chunk(SHA, 0, 3, b"abc")) == Arrived(SHA, None)
    assert blobs.get(SHA) is None


def test_a_chunk_without_bytes_ends_a_download() -> None:
    blobs = Blobs()
    blobs.want(SHA)
    assert blobs.receive_chunk(Chunk(SHA, 0, 10, b"")) == Arrived(SHA, None)


def test_a_chunk_that_nobody_waits_for_is_ignored() -> None:
    assert Blobs().receive_chunk(Chunk(SHA, 0, 3, b"abc")) is None


def test_a_chunk_out_of_place_is_ignored() -> None:
    blobs = Blobs()
    blobs.want(SHA)
    assert blobs.receive_chunk(Chunk(SHA, 5, len(DATA), b"abc")) is None


def test_a_cut_download_goes_on_where_it_was() -> None:
    blobs = Blobs()
    blobs.want(SHA)
    blobs.pulls()
    blobs.receive_chunk(Chunk(SHA, 0, len(DATA), DATA[: 256 * KIB]))
    blobs.pulls()
    blobs.cut()
    assert [pull.at for pull in blobs.pulls()] == [256 * KIB, 512 * KIB]


def test_what_is_forgotten_is_not_pulled() -> None:
    blobs = Blobs()
    blobs.want(SHA)
    blobs.want_only(set())
    assert (blobs.wanted(SHA), blobs.pulls()) == (False, ())


def test_the_cache_drops_what_was_used_longest_ago() -> None:
    blobs = Blobs(kept=2)
    for data in (b"a", b"b"):
        download(blobs, data)
    blobs.get(digest(b"a"))
    download(blobs, b"c")
    assert [blobs.get(digest(data)) for data in (b"a", b"b", b"c")] == [b"a", None, b"c"]


def test_a_blob_that_is_larger_than_the_cache_does_not_arrive() -> None:
    blobs = Blobs(kept=2)
    blobs.want(digest(b"abc"))
    assert blobs.receive_chunk(Chunk(digest(b"abc"), 0, 3, b"ab")) == Arrived(digest(b"abc"), None)


def test_what_is_kept_already_is_not_counted_twice() -> None:
    blobs = Blobs(kept=2)
    for _ in range(2):
        blobs.offer({digest(b"ab"): b"ab"})
        blobs.settle(set())
    assert blobs.get(digest(b"ab")) == b"ab"
