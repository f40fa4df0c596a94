from __future__ import annotations

import pytest

from cowidget.widgets.reach import reach_of


@pytest.mark.parametrize(
    ("page", "local", "who", "words"),
    [
        ("http://127.0.0.1:8000", True, "machine", "share with lan=True"),
        ("http://192.168.1.5:8000", True, "network", "plain HTTP: others on that network could read along"),
        ("https://relay.example/team", False, "everywhere", "wherever relay.example can be reached"),
        ("https://relay.example", False, "everywhere", "encrypted"),
        ("http://relay.example", False, "network", "plain HTTP"),
        ("https://localhost:8000", False, "machine", "COWIDGET_RELAY calls the relay localhost"),
    ],
)
def test_it_says_who_can_open_the_link_and_why(page: str, local: bool, who: str, words: str) -> None:
    reach = reach_of(page, local=local)

    assert reach.who == who
    assert words in str(reach)


def test_its_repr_is_for_reading() -> None:
    assert repr(reach_of("http://127.0.0.1:8000", local=True)).startswith("<reach: machine. Only browsers on the comp")
