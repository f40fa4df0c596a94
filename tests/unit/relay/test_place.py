from pathlib import Path

import pytest

from cowidget.relay.place import Place


def test_the_environment_names_another_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COWIDGET_HOME", str(tmp_path))
    assert Place.of_user().folder.parent == tmp_path


def test_machines_that_share_a_home_have_places_of_their_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("platform.node", lambda: "one")
    one = Place.of_user()
    monkeypatch.setattr("platform.node", lambda: "two/../..")
    two = Place.of_user()
    assert one.folder != two.folder
    assert one.folder.parent == two.folder.parent


def test_the_folder_belongs_to_its_user_alone(tmp_path: Path) -> None:
    place = Place(tmp_path / "a" / "b")
    place.make()
    assert place.folder.stat().st_mode & 0o077 == 0
