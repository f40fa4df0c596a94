from __future__ import annotations

from cowidget.feeds.events import MAX_RETRY, EventReader, TooLarge
from cowidget.feeds.reach import MAX_MESSAGE


def read(reader: EventReader, *lines: str) -> list[bytes | TooLarge]:
    data = (reader.receive(line.encode()) for line in lines)
    return [each for each in data if each is not None]


def test_an_event_is_its_data() -> None:
    assert read(EventReader(), "event: trade", "data: {}", "") == [b"{}"]


def test_lines_of_data_are_joined() -> None:
    assert read(EventReader(), "data: [1,", "data:2]", "", "data", "") == [b"[1,\n2]", b""]


def test_comments_and_unknown_fields_are_passed_over() -> None:
    assert read(EventReader(), ": hello", "", "what: 1", "", "data: 5", "") == [b"5"]


def test_a_byte_order_mark_is_no_part_of_the_first_line() -> None:
    assert read(EventReader(), "\ufeffdata: 5", "") == [b"5"]


def test_the_last_id_is_that_of_the_last_complete_event() -> None:
    reader = EventReader()
    read(reader, "id: 1", "data: 5", "", "id: 2", "data: 6")
    assert reader.last_id == "1"
    reader.begin()
    assert read(reader, "", "data: 7", "") == [b"7"]
    assert reader.last_id == "1"


def test_an_id_with_a_zero_is_none() -> None:
    reader = EventReader()
    read(reader, "id: a\0b", "data: 5", "")
    assert reader.last_id == ""


def test_the_host_sets_the_wait_before_the_next_attempt_within_reason() -> None:
    reader = EventReader()
    read(reader, "retry: 1500")
    assert reader.retry == 1.5
    read(reader, "retry: soon", "retry: 99999999")
    assert reader.retry == MAX_RETRY


def test_an_event_that_is_too_large_is_passed_over() -> None:
    reader = EventReader()
    half = "data: " + "x" * (MAX_MESSAGE // 2)
    assert read(reader, half, half, half, "", "data: 5", "") == [TooLarge(), b"5"]
    assert reader.receive(None) is None
    assert read(reader, "", "data: 6", "") == [TooLarge(), b"6"]
