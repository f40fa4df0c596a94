from cowidget.core.effects import Row, Save
from cowidget.relay.keeping import joined


def row(name: str, value: bytes) -> Row:
    return Row(name, value)


def test_one_save_is_itself() -> None:
    save = Save((row("a", b"1"),), ("b",), 3)
    assert joined(None, save) is save


def test_the_later_save_decides_about_a_row() -> None:
    earlier = Save((row("a", b"1"), row("b", b"1"), row("c", b"1")), ("d", "e"), 3)
    later = Save((row("b", b"2"), row("d", b"2")), ("c",), 5)
    both = joined(earlier, later)
    assert {each.name: each.value for each in both.rows} == {"a": b"1", "b": b"2", "d": b"2"}
    assert (set(both.removed), both.at) == ({"c", "e"}, 5)
