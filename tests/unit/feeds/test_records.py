from __future__ import annotations

import pytest

from cowidget.core.feed_values import Source
from cowidget.feeds import records
from cowidget.feeds.fields import Row
from cowidget.feeds.records import Reader


def read(message: bytes | str, records: str = "", **fields: str) -> records.Read:
    return Reader(Source("ws://host", fields, records=records), ()).read(message, 5.0)


def test_an_object_is_a_record() -> None:
    assert read('{"p": 1}', p="p").rows == [Row(5.0, (1.0,))]


def test_each_item_of_a_list_is_a_record() -> None:
    assert [row.cells for row in read(b'[{"p": 1}, {"p": 2}]', p="p").rows] == [(1.0,), (2.0,)]


def test_a_list_is_one_record_when_the_fields_begin_with_an_index() -> None:
    assert read("[1700000000, 42.5]", t="[0]", p="[1]").rows == [Row(1700000000.0, (42.5,))]


def test_records_are_where_the_path_says() -> None:
    assert [row.cells for row in read('{"data": {"rows": [[1], [2]]}}', "data.rows", p="[0]").rows] == [(1.0,), (2.0,)]


def test_records_in_lists_of_lists_are_found() -> None:
    message = '{"groups": [{"rows": [{"p": 1}]}, {"rows": [{"p": 2}, {"p": 3}]}]}'
    assert [row.cells for row in read(message, "groups[*].rows", p="p").rows] == [(1.0,), (2.0,), (3.0,)]


def test_a_bad_record_is_counted_and_the_others_are_taken() -> None:
    result = read('[{"p": 1}, {"p": "x"}, {"p": []}, {"p": 4}]', p="p")
    assert ([row.cells for row in result.rows], result.failed) == ([(1.0,), (4.0,)], 2)
    assert "the text 'x' is no number" in result.why


@pytest.mark.parametrize("message", [b"", b"{", "nonsense", b"\xff\xfe", "[" * 100_000, '{"p": NaN}'])
def test_what_is_no_json_is_said(message: bytes | str) -> None:
    result = read(message, p="p")
    assert (result.rows, result.failed, result.foreign) == ([], 1, False)
    assert result.why.startswith("A message is no JSON")


def test_a_message_without_the_path_to_its_records_is_foreign() -> None:
    assert read('{"subscribed": true}', "data", p="p").foreign
    assert not read('{"data": 5}', "data.rows", p="p").foreign


def test_a_message_with_too_many_records_is_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(records, "MAX_ROWS", 2)
    result = read("[1, 2, 3]", p=".")
    assert (len(result.rows), result.failed) == (0, 1)
    result = read('[{"p": 1}, {"p": 2}, {"p": 3}]', p="p")
    assert (len(result.rows), result.failed) == (2, 1)
