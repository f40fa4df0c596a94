from __future__ import annotations

import pytest

from cowidget.feeds.failures import FieldError, Mismatch
from cowidget.feeds.paths import parse_path


@pytest.mark.parametrize(
    ("path", "message", "value"),
    [
        ("p", {"p": 1}, 1),
        ("data.k.c", {"data": {"k": {"c": 2}}}, 2),
        ("[0]", [3, 4], 3),
        ("[-1]", [3, 4], 4),
        ("a[1].b", {"a": [0, {"b": 5}]}, 5),
        ('["a.b"]', {"a.b": 6}, 6),
        ("x['a key'].y", {"x": {"a key": {"y": 7}}}, 7),
        ("a b", {"a b": 8}, 8),
        ("", 9, 9),
        (".", {"p": 1}, {"p": 1}),
        ("a[*].b", {"a": [{"b": 1}, {"b": 2}]}, [1, 2]),
        ("[*]", [1, 2], [1, 2]),
    ],
)
def test_a_path_leads_to_a_value(path: str, message: object, value: object) -> None:
    assert parse_path(path).value(message) == value


@pytest.mark.parametrize("path", ["a..b", "a.", "a[", "[x]", "a]", "a:b", "[1.5]", 'a["b]'])
def test_what_is_no_path_is_said(path: str) -> None:
    with pytest.raises(FieldError, match="is no path"):
        parse_path(path)


def test_a_path_goes_to_every_item_once_only() -> None:
    with pytest.raises(FieldError, match=r"\[\*\] may occur once"):
        parse_path("a[*].b[*]")


@pytest.mark.parametrize(
    ("path", "message", "said"),
    [
        ("p", {"x": 1, "y": 2}, "there is no 'p' in the message: it is an object with x, y"),
        ("d.p", {"d": [1, 2]}, "there is no 'p' in d: it is a list of 2"),
        ("d[2]", {"d": [1, 2]}, "there is no [2] in d: it is a list of 2"),
        ("d[0]", {"d": "text"}, "there is no [0] in d: it is the text 'text'"),
        ("p", None, "there is no 'p' in the message: it is null"),
        ("a[*].b", {"a": [{"b": 1}, {}]}, "there is no 'b' in a[1]: it is an empty object"),
        ("a[*]", {"a": 3}, "a is no list but the number 3"),
        ("p", dict.fromkeys("abcdefghij"), "an object with a, b, c, d, e, f, g, h and 2 more"),
    ],
)
def test_a_step_that_leads_nowhere_is_named(path: str, message: object, said: str) -> None:
    with pytest.raises(Mismatch) as failed:
        parse_path(path).value(message)
    assert said in str(failed.value)


def test_a_long_value_is_not_shown_whole() -> None:
    with pytest.raises(Mismatch) as failed:
        parse_path("p").value("x" * 10_000)
    assert len(str(failed.value)) < 120


@pytest.mark.parametrize(("path", "there"), [("a.b", True), ("b", False), ("[0]", False), ("", True), ("[*].a", False)])
def test_a_path_is_there_when_its_first_step_is(path: str, there: bool) -> None:
    assert parse_path(path).is_there({"a": 1}) is there
