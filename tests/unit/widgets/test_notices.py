from __future__ import annotations

import ipywidgets
import pytest

from cowidget.core.frames import Notice
from cowidget.widgets.notices import MOST_FAILURES, Notices
from tests.support.sample_widgets import Counter


@pytest.fixture
def errors() -> list[Exception]:
    return []


@pytest.fixture
def notices(errors: list[Exception]) -> Notices:
    shared = {"counter": Counter(), "markup": ipywidgets.HTML()}
    return Notices(shared.get, errors.append)


def refused(key: str) -> Notice:
    trait = key.rpartition("/")[2]
    return Notice("not-writable", f"A guest tried to change {key}.", key, "ana", f'allow={{"{trait}"}}')


def test_a_refused_write_is_told_once_with_the_argument_that_allows_it(
    notices: Notices, errors: list[Exception]
) -> None:
    for _ in range(2):
        notices.receive(refused("counter/label"))

    assert [str(error) for error in errors] == [
        'A guest tried to change counter/label. To let them: cw.share(…, allow={"label"}).'
    ]


def test_for_what_no_argument_allows_none_is_named(notices: Notices, errors: list[Exception]) -> None:
    notices.receive(refused("markup/value"))
    notices.receive(refused("counter/_esm"))

    assert [str(error) for error in errors] == [
        "A guest tried to change markup/value.",
        "A guest tried to change counter/_esm.",
    ]


@pytest.mark.parametrize("key", ["counter/nothing", "nobody/value", "counter/$events"])
def test_what_does_not_exist_is_not_told(notices: Notices, errors: list[Exception], key: str) -> None:
    notices.receive(refused(key))

    assert errors == []


def test_messages_that_a_widget_does_not_take_are_told(notices: Notices, errors: list[Exception]) -> None:
    notices.receive(Notice("messages", "counter does not take messages.", "counter", "ana", 'allow={"messages"}'))

    assert str(errors[0]).endswith('cw.share(…, allow={"messages"}).')


def test_a_failure_names_the_widget_and_is_told_once(notices: Notices, errors: list[Exception]) -> None:
    for _ in range(2):
        notices.receive(Notice("failed", "render: no\n such  element", "counter", "ana"))

    assert [str(error) for error in errors] == ["Counter 'counter' failed in a viewer's page: render: no such element"]


def test_a_guest_who_invents_failures_does_not_fill_the_hosts_list(notices: Notices, errors: list[Exception]) -> None:
    for number in range(100):
        notices.receive(Notice("failed", f"no {number}", "counter", "ana"))
        notices.receive(Notice("failed", f"no {number}", "nobody", "ana"))

    assert len(errors) == MOST_FAILURES
