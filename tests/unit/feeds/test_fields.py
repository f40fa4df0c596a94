from __future__ import annotations

from typing import Any

import pytest

from cowidget.core.feed_values import Column
from cowidget.feeds.failures import FieldError, Mismatch
from cowidget.feeds.fields import MAX_ROWS, Row, parse_fields

TRADE = {"t": "T:ms", "price": "p:float", "size": "q:int", "side": "s:str"}


def test_fields_name_the_columns_and_their_types() -> None:
    columns = parse_fields(TRADE).columns
    assert columns == (Column("price"), Column("size", "integer"), Column("side", "text"))


def test_a_record_gives_a_row() -> None:
    rows = parse_fields(TRADE).rows({"T": 1700000000123, "p": "65432.10", "q": 3, "s": "buy"}, now=0)
    assert rows == [Row(1700000000.123, (65432.1, 3, "buy"))]


def test_a_row_without_a_time_has_that_of_its_arrival() -> None:
    assert parse_fields({"price": "p"}).rows({"p": 1}, now=5.5) == [Row(5.5, (1.0,))]


@pytest.mark.parametrize("time", ["2024-01-01T00:00:00Z", 1704067200, "1704067200"])
def test_a_time_without_a_type_is_iso_or_seconds(time: object) -> None:
    assert parse_fields({"t": "t", "x": "x"}).rows({"t": time, "x": 1}, now=0)[0].time == 1704067200.0


def test_null_is_a_missing_cell() -> None:
    assert parse_fields({"x": "x", "n": "n:int"}).rows({"x": None, "n": None}, now=1) == [Row(1, (None, None))]


def test_lists_give_a_row_for_each_item_and_single_values_repeat() -> None:
    fields = parse_fields({"t": "hours.time[*]:iso", "temp": "hours.temp[*]", "place": "name:str"})
    record = {"name": "Oslo", "hours": {"time": ["2024-01-01", "2024-01-02"], "temp": [1, None]}}
    assert fields.rows(record, now=0) == [Row(1704067200.0, (1.0, "Oslo")), Row(1704153600.0, (None, "Oslo"))]


def test_lists_of_different_lengths_are_said() -> None:
    with pytest.raises(Mismatch, match="of different lengths: 1, 2"):
        parse_fields({"a": "a[*]", "b": "b[*]"}).rows({"a": [1], "b": [1, 2]}, now=0)


def test_a_list_of_millions_is_refused() -> None:
    with pytest.raises(Mismatch, match=f"at most {MAX_ROWS} are taken"):
        parse_fields({"a": "[*]"}).rows([0] * (MAX_ROWS + 1), now=0)


def test_a_value_of_another_type_names_its_field() -> None:
    with pytest.raises(Mismatch) as failed:
        parse_fields(TRADE).rows({"T": 1, "p": "many", "q": 1, "s": ""}, now=0)
    assert (str(failed.value), failed.value.foreign) == (
        "price='p': the text 'many' is no number; if it is meant as text, write :str",
        False,
    )


@pytest.mark.parametrize("record", [{"result": None, "id": 1}, [1], 5, "subscribed", None])
def test_a_record_with_none_of_the_fields_is_foreign(record: Any) -> None:
    with pytest.raises(Mismatch) as failed:
        parse_fields(TRADE).rows(record, now=0)
    assert failed.value.foreign


def test_known_columns_keep_their_order_type_and_unit() -> None:
    known = (Column("b", "single", "°C"), Column("a"))
    fields = parse_fields({"a": "x", "b": "y"}, known)
    assert fields.columns == known
    assert fields.rows({"x": 1, "y": 2}, now=0)[0].cells == (2.0, 1.0)


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"p": "a:flaot"}, "'flaot' is no type; it is one of float, int, s, ms, us, ns, iso, str"),
        ({"p": "a..b"}, "p: 'a..b' is no path"),
        ({"t": "T:ms"}, "there is no field but the time"),
        ({"t": "T:str", "p": "p"}, "a time is one of s, ms, us, ns, iso"),
        ({"": "p"}, "a column's name has 1 to 64 characters"),
        ({f"c{n}": "p" for n in range(65)}, "65 fields; a feed has at most 64 columns"),
    ],
)
def test_what_is_no_field_is_said(fields: dict[str, str], said: str) -> None:
    with pytest.raises(FieldError) as failed:
        parse_fields(fields)
    assert said in str(failed.value)


def test_a_key_with_a_colon_is_written_in_quotes() -> None:
    assert parse_fields({"p": '["a:b"]:float'}).rows({"a:b": 1}, now=0)[0].cells == (1.0,)


# Without fields.


def test_every_number_of_a_flat_object_is_a_column() -> None:
    fields = parse_fields({})
    rows = fields.rows({"time": "2024-01-01", "temp": 20.5, "ok": True, "place": "roof", "more": {"x": 1}}, now=0)
    assert rows == [Row(1704067200.0, (20.5,))]
    assert fields.columns == (Column("temp"),)


def test_a_new_name_adds_a_column_and_a_missing_one_is_a_missing_cell() -> None:
    fields = parse_fields({})
    fields.rows({"a": 1}, now=1)
    assert fields.rows({"b": 2}, now=2) == [Row(2, (None, 2.0))]
    assert [column.name for column in fields.columns] == ["a", "b"]


def test_columns_that_the_feed_has_come_first() -> None:
    fields = parse_fields({}, (Column("n", "integer"),))
    assert fields.rows({"a": 1, "n": 5}, now=0)[0].cells == (5, 1.0)


def test_a_record_that_is_a_number_is_a_row() -> None:
    fields = parse_fields({})
    assert fields.rows(21.5, now=3) == [Row(3, (21.5,))]
    assert fields.columns == (Column("value"),)


@pytest.mark.parametrize("record", [{}, {"status": "ok"}, "text", None, [1]])
def test_a_record_without_a_number_is_foreign(record: Any) -> None:
    with pytest.raises(Mismatch) as failed:
        parse_fields({}).rows(record, now=0)
    assert failed.value.foreign


def test_no_more_columns_are_added_than_a_feed_may_have() -> None:
    fields = parse_fields({})
    fields.rows({f"c{n}": n for n in range(100)}, now=0)
    assert len(fields.columns) == 64
