"""Names for feeds that were given none."""

import pytest

from cowidget.errors import FeedError
from cowidget.widgets import main_thread
from cowidget.widgets.feeds import naming


def test_a_cell_that_is_run_again_gives_the_same_names(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(main_thread, "cell", lambda: "cell one")
    monkeypatch.setattr(main_thread, "execution", lambda: "first run")
    names = [naming.free_name(), naming.free_name()]
    monkeypatch.setattr(main_thread, "execution", lambda: "second run")
    assert [naming.free_name(), naming.free_name()] == names
    assert len(set(names)) == 2


def test_two_cells_give_different_names(monkeypatch: pytest.MonkeyPatch) -> None:
    names = set()
    for cell in ("cell one", "cell two"):
        monkeypatch.setattr(main_thread, "cell", lambda cell=cell: cell)
        monkeypatch.setattr(main_thread, "execution", lambda cell=cell: f"run of {cell}")
        names.add(naming.free_name())
    assert len(names) == 2


@pytest.mark.parametrize("name", ["", " ticks", "a\nb", "x" * 65])
def test_what_cannot_be_a_name_is_refused(name: str) -> None:
    with pytest.raises(FeedError):
        naming.checked(name)
