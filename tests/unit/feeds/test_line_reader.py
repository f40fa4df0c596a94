from __future__ import annotations

from hypothesis import example, given, strategies as st

from cowidget.feeds.line_reader import LineReader

PIECES = st.lists(st.binary(max_size=6).map(lambda data: data.translate(bytes.maketrans(b"\x00\x01", b"\r\n"))))


def read(*pieces: bytes, limit: int = 100) -> list[bytes | None]:
    reader = LineReader(limit)
    return [line for piece in pieces for line in reader.receive(piece)]


def test_lines_end_in_any_of_three_ways() -> None:
    assert read(b"a\nb\r\nc\rd\n") == [b"a", b"b", b"c", b"d"]


def test_a_line_may_come_in_pieces() -> None:
    assert read(b"a", b"b\r", b"\nc", b"\n\n") == [b"ab", b"c", b""]


def test_the_last_line_needs_no_end() -> None:
    reader = LineReader(100)
    assert (reader.receive(b"a\nb"), reader.finish(), reader.finish()) == ([b"a"], [b"b"], [])


def test_a_line_that_is_too_long_is_passed_over() -> None:
    assert read(b"abc", b"def", b"ghi\nok\n", limit=5) == [None, b"ok"]


def test_nothing_of_it_is_held_meanwhile() -> None:
    reader = LineReader(5)
    for _ in range(1000):
        reader.receive(b"abcd")
    assert reader._parts == []


@given(PIECES)
@example([b"\r", b"", b"\n"])
def test_lines_do_not_depend_on_the_pieces(pieces: list[bytes]) -> None:
    # splitlines on bytes knows exactly the three ends; a line's end at the very end opens no line.
    reader = LineReader(1000)
    lines = [line for piece in pieces for line in reader.receive(piece)]
    assert lines + reader.finish() == b"".join(pieces).splitlines()
