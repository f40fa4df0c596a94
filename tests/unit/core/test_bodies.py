"""What a log entry may hold."""

from __future__ import annotations

import math
from typing import Any

import pytest

from cowidget.core.bodies import MAX_PHOTOS, MAX_PICTURE, MAX_SHARE, MAX_TEXT, fault_of, size_of
from cowidget.core.values import (
    Body,
    Edit,
    Erase,
    Erased,
    Moment,
    Photo,
    Photos,
    React,
    Snapshot,
    Table,
    TableColumn,
    Text,
)

PNG = b"\x89PNG\r\n\x1a\n rest"
WEBP = b"RIFF\x10\x00\x00\x00WEBPVP8 "


def moment(**fields: Any) -> Moment:
    return Moment(**{"share": "chart", "start": 1.5, "end": 2.5, "picture": PNG, **fields})


@pytest.mark.rule("L4")
@pytest.mark.parametrize("picture", [PNG, WEBP, b"", PNG.ljust(MAX_PICTURE, b"\0")])
def test_a_moment_has_a_picture_or_none(picture: bytes) -> None:
    assert fault_of(moment(picture=picture)) == ""


@pytest.mark.rule("L4")
@pytest.mark.parametrize("picture", [b"<svg onload=alert(1)>", b"GIF89a", b"\x89PNG", b"RIFF\x10\x00\x00\x00WAVE"])
def test_what_could_be_anything_else_is_no_picture(picture: bytes) -> None:
    assert "PNG or WebP" in fault_of(moment(picture=picture))


@pytest.mark.rule("L4")
@pytest.mark.parametrize(
    ("fields", "word"),
    [
        ({"start": 3.0}, "beginning"),
        ({"start": math.nan}, "beginning"),
        ({"end": math.inf}, "beginning"),
        ({"start": -math.inf}, "beginning"),
        ({"share": ""}, "shared chart"),
        ({"share": "c" * (MAX_SHARE + 1)}, "shared chart"),
        ({"text": "x" * (MAX_TEXT + 1)}, "characters"),
        ({"picture": PNG.ljust(MAX_PICTURE + 1, b"\0")}, "128 KiB"),
    ],
)
def test_what_a_moment_cannot_be_is_said(fields: dict[str, Any], word: str) -> None:
    assert word in fault_of(moment(**fields))


@pytest.mark.rule("L4")
@pytest.mark.parametrize(("length", "fits"), [(0, False), (1, True), (MAX_TEXT, True), (MAX_TEXT + 1, False)])
def test_a_text_is_not_empty_and_not_too_long(length: int, fits: bool) -> None:
    assert (fault_of(Text("x" * length)) == "") is fits


@pytest.mark.rule("L6")
@pytest.mark.parametrize(("length", "fits"), [(0, False), (1, True), (MAX_TEXT, True), (MAX_TEXT + 1, False)])
def test_the_text_of_an_edit_is_not_empty_and_not_too_long(length: int, fits: bool) -> None:
    assert (fault_of(Edit(1, "x" * length)) == "") is fits


@pytest.mark.rule("L6")
@pytest.mark.parametrize(
    ("body", "word"),
    [
        (React(1, "👍"), ""),
        (React(1, "👍", on=False), ""),
        (React(1, "ok"), "one emoji"),
        (React(1, "👍👍"), "one emoji"),
        (Erase(1), ""),
        (Erased(), "Only the room"),
        (Erased(1), "Only the room"),
    ],
)
def test_what_an_act_cannot_be_is_said(body: Body, word: str) -> None:
    fault = fault_of(body)
    assert word in fault
    assert bool(word) is bool(fault)


def test_the_words_of_a_moment_may_be_missing_and_its_range_a_single_instant() -> None:
    assert fault_of(moment(text="", start=2.0, end=2.0)) == ""


def test_a_body_is_as_large_as_its_text_in_bytes_and_its_picture() -> None:
    assert (size_of(Text("ä")), size_of(moment(text="ä"))) == (2, 2 + len(PNG))


def test_an_act_is_as_large_as_its_text() -> None:
    assert [size_of(body) for body in (Edit(1, "ä"), React(1, "👍"), Erase(1), Erased(1))] == [2, 4, 0, 0]


# Tables.

INDEX, PLACE = TableColumn("", "int64", "integer"), TableColumn("Ort", "object")


def table(**fields: Any) -> Table:
    rows = ((0, "Köln"), (1, None))
    return Table(**{"columns": (INDEX, PLACE), "rows": rows, "height": 9, "width": 1, "index": 1, **fields})


@pytest.mark.rule("L10")
@pytest.mark.parametrize("cell", [None, True, 0, 1 << 53, -(1 << 53), 1e300, "", "x" * 10_000])
def test_a_table_has_cells_of_plain_values(cell: object) -> None:
    assert fault_of(table(rows=((0, cell),))) == ""


@pytest.mark.rule("L10")
@pytest.mark.parametrize(
    ("fields", "word"),
    [
        ({"columns": (), "rows": ()}, "64 columns"),
        ({"columns": (PLACE,) * 65, "rows": ()}, "64 columns"),
        ({"rows": ((0, ""),) * 201, "height": 201}, "200 rows"),
        ({"columns": (INDEX, TableColumn("x" * 401, ""))}, "400 characters"),
        ({"columns": (INDEX, TableColumn("", "x" * 401))}, "400 characters"),
        ({"rows": ((0,),)}, "for each column"),
        ({"rows": ((0, math.nan),)}, "finite"),
        ({"rows": ((0, math.inf),)}, "finite"),
        ({"rows": ((0, (1 << 53) + 1),)}, "finite"),
        ({"rows": ((0, [1]),)}, "finite"),
        ({"height": 1}, "no smaller"),
        ({"width": 0}, "no smaller"),
        ({"index": 3}, "no smaller"),
        ({"rows": ((0, "x" * (128 << 10)),)}, "128 KiB"),
        ({"text": "x" * (MAX_TEXT + 1)}, "characters"),
    ],
)
def test_what_a_table_cannot_be_is_said(fields: dict[str, Any], word: str) -> None:
    assert word in fault_of(table(**fields))


@pytest.mark.rule("L10")
def test_a_table_of_as_many_numbers_as_may_be_fits() -> None:
    full = table(columns=(PLACE,) * 64, rows=((0.1,) * 64,) * 200, height=200, width=64, index=0)

    assert fault_of(full) == ""


# Snapshots.


def snapshot(**fields: Any) -> Snapshot:
    return Snapshot(**{"share": "slider", "values": {"slider/value": 3}, "picture": PNG, **fields})


@pytest.mark.rule("L11")
@pytest.mark.parametrize("picture", [PNG, WEBP, b""])
def test_a_snapshot_has_values_and_a_picture_or_none(picture: bytes) -> None:
    assert fault_of(snapshot(picture=picture)) == ""


@pytest.mark.rule("L11")
@pytest.mark.parametrize(
    ("fields", "word"),
    [
        ({"share": ""}, "something shared"),
        ({"share": "c" * (MAX_SHARE + 1)}, "something shared"),
        ({"values": {}}, "has its values"),
        ({"values": {"slider2/value": 1}}, "own share"),
        ({"values": {"slider/" + "x" * 506: 1}}, "own share"),
        ({"values": {"slider/value": object()}}, "able to travel"),
        ({"values": {"slider/value": b"x" * (64 << 10)}}, "64 KiB"),
        ({"picture": b"<svg>"}, "A snapshot's picture is PNG or WebP"),
        ({"picture": PNG.ljust(MAX_PICTURE + 1, b"\0")}, "128 KiB"),
        ({"text": "x" * (MAX_TEXT + 1)}, "characters"),
    ],
)
def test_what_a_snapshot_cannot_be_is_said(fields: dict[str, Any], word: str) -> None:
    assert word in fault_of(snapshot(**fields))


def test_tables_and_snapshots_are_as_large_as_what_they_hold() -> None:
    small, large = table(), table(rows=((0, "x" * 1000),))
    bare, pictured = snapshot(picture=b""), snapshot(picture=PNG.ljust(1000, b"\0"))

    assert (size_of(large) - size_of(small) > 900, size_of(pictured) - size_of(bare) > 900) == (True, True)


def photos(*numbers: int, **fields: Any) -> Photos:
    return Photos(tuple(Photo(f"{n:064}", "0" * 64, "image/png", 1, 1, 1, b"tiny") for n in numbers), **fields)


@pytest.mark.rule("U5")
@pytest.mark.parametrize("body", [photos(1), photos(*range(MAX_PHOTOS)), photos(1, text="x" * MAX_TEXT, reply=3)])
def test_photos_have_a_text_or_none(body: Photos) -> None:
    assert fault_of(body) == ""


@pytest.mark.rule("U5")
@pytest.mark.parametrize(
    ("body", "word"),
    [
        (photos(), "1 to 12 photos"),
        (photos(*range(MAX_PHOTOS + 1)), "1 to 12 photos"),
        (photos(1, 2, 1), "once"),
        (photos(1, text="x" * (MAX_TEXT + 1)), "characters"),
    ],
)
def test_what_photos_cannot_be_is_said(body: Photos, word: str) -> None:
    assert word in fault_of(body)


def test_photos_count_with_all_that_travels_with_them() -> None:
    one = Photos((Photo("0" * 64, "0" * 64, "image/png", 1, 1, 1, b"tiny", alt="ä", name="n"),), "text")
    assert size_of(one) == 2 * 64 + 4 + 2 + 1 + 4
