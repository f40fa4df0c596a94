"""What an output area shows, from the messages of a kernel."""

from __future__ import annotations

import pytest

from cowidget.widgets import outputs
from cowidget.widgets.outputs import LEFT_OUT, Outputs, terminal_text

PICTURE = {"data": {"image/png": "aaaa"}, "metadata": {"image/png": {"width": 3}}}


def printed(text: str, name: str = "stdout") -> dict[str, str]:
    return {"output_type": "stream", "name": name, "text": text}


def texts(area: Outputs) -> list[str]:
    return [output["text"] for output in area.shown()]


def say(area: Outputs, *lines: str, name: str = "stdout") -> None:
    for line in lines:
        area.receive("stream", {"name": name, "text": line})


def test_what_is_printed_in_a_row_is_one_output() -> None:
    area = Outputs()

    say(area, "a\n", "b\n")

    assert area.shown() == (printed("a\nb\n"),)


def test_the_two_streams_stay_apart() -> None:
    area = Outputs()

    say(area, "a\n")
    say(area, "oh\n", name="stderr")
    say(area, "b\n")

    assert area.shown() == (printed("a\n"), printed("oh\n", "stderr"), printed("b\n"))


def test_a_display_keeps_data_and_metadata_and_nothing_of_the_kernel() -> None:
    area = Outputs()

    area.receive("display_data", {**PICTURE, "transient": {"display_id": "x"}})

    assert area.shown() == ({"output_type": "display_data", **PICTURE},)


def test_a_result_keeps_its_number() -> None:
    area = Outputs()

    area.receive("execute_result", {**PICTURE, "execution_count": 4})

    assert area.shown() == ({"output_type": "execute_result", **PICTURE, "execution_count": 4},)


def test_an_error_keeps_its_traceback() -> None:
    area = Outputs()
    error = {"ename": "E", "evalue": "bad", "traceback": ["1", "2"]}

    area.receive("error", error)

    assert area.shown() == ({"output_type": "error", **error},)


def test_a_display_that_is_updated_changes_in_its_place() -> None:
    area = Outputs()
    area.receive("display_data", {**PICTURE, "transient": {"display_id": "x"}})
    say(area, "after\n")

    area.receive(
        "update_display_data", {"data": {"text/plain": "new"}, "metadata": {}, "transient": {"display_id": "x"}}
    )

    assert area.shown()[0] == {"output_type": "display_data", "data": {"text/plain": "new"}, "metadata": {}}


def test_an_update_of_another_area_changes_nothing() -> None:
    area = Outputs()
    area.receive("display_data", PICTURE)

    area.receive("update_display_data", {"data": {}, "metadata": {}, "transient": {"display_id": "y"}})

    assert area.shown() == ({"output_type": "display_data", **PICTURE},)


def test_clearing_empties_the_area_at_once() -> None:
    area = Outputs()
    say(area, "old\n")

    area.receive("clear_output", {"wait": False})

    assert area.shown() == ()


def test_clearing_later_keeps_what_is_there_until_the_next_output() -> None:
    area = Outputs()
    say(area, "old\n")

    area.receive("clear_output", {"wait": True})
    before = texts(area)
    say(area, "new\n", "newer\n")

    assert (before, texts(area)) == (["old\n"], ["new\nnewer\n"])


def test_outputs_of_before_are_gone_on_with() -> None:
    area = Outputs((printed("a\n"),))

    say(area, "b\n")
    area.add((printed("c\n"),))

    assert texts(area) == ["a\nb\n", "c\n"]


def test_what_was_shown_does_not_change_later() -> None:
    area = Outputs()
    say(area, "a\n")
    before = area.shown()

    say(area, "b\n")
    area.shown()

    assert before == (printed("a\n"),)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain\n", "plain\n"),
        ("10%\r20%\r30%", "30%"),
        ("a\n10%\r20%\nb", "a\n20%\nb"),
        ("long line\rshort", "shortline"),
        ("windows\r\n", "windows\n"),
        ("100%\r", "100%\r"),
    ],
)
def test_a_carriage_return_overwrites_the_line(text: str, shown: str) -> None:
    assert terminal_text(text) == shown


def test_a_progress_bar_stays_one_line() -> None:
    area = Outputs()

    for percent in range(101):
        say(area, f"\r{percent:3d}%")
        area.shown()

    assert texts(area) == ["100%"]


def test_a_long_text_loses_its_beginning(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outputs, "MAX_TEXT", 100)
    area = Outputs()

    say(area, *(f"{i:09d}\n" for i in range(1000)))

    (text,) = texts(area)
    assert text.startswith(LEFT_OUT)
    assert text.endswith("000000999\n")
    assert len(text) == 100


def test_many_outputs_lose_the_oldest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outputs, "MAX_OUTPUTS", 5)
    area = Outputs()

    for number in range(20):
        area.receive("display_data", {"data": {"text/plain": str(number)}, "metadata": {}})

    shown = area.shown()
    assert shown[0] == printed(LEFT_OUT, "stderr")
    assert [output["data"]["text/plain"] for output in shown[1:]] == ["16", "17", "18", "19"]


def test_large_outputs_lose_the_oldest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outputs, "MAX_BYTES", 1000)
    area = Outputs()

    for number in range(4):
        area.receive("display_data", {"data": {"image/png": str(number) * 400}, "metadata": {}})

    assert [output["data"]["image/png"][0] for output in area.shown()[1:]] == ["2", "3"]
