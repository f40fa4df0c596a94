from pathlib import Path

import pytest

from cowidget.relay import runtime_file
from cowidget.relay.runtime_file import RelayAddress

ADDRESS = RelayAddress("http://127.0.0.1:9", "token", 1)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "relay.json"


def test_the_file_is_its_users_alone_and_whole(path: Path) -> None:
    runtime_file.write(path, ADDRESS)
    assert path.stat().st_mode & 0o077 == 0
    assert list(path.parent.iterdir()) == [path]


def test_a_relay_that_does_not_answer_is_not_found(path: Path) -> None:
    runtime_file.write(path, ADDRESS)
    assert runtime_file.find(path) is None


@pytest.mark.parametrize("url", ["", "x", "http://", "http://127.0.0.1:99999", "http://[", "http://nowhere.invalid:1"])
def test_an_address_that_makes_no_sense_is_not_found(path: Path, url: str) -> None:
    runtime_file.write(path, RelayAddress(url, "token", 1))
    assert runtime_file.find(path) is None


def test_a_relay_removes_its_own_file_only(path: Path) -> None:
    runtime_file.write(path, ADDRESS)
    runtime_file.remove(path, RelayAddress("http://127.0.0.1:9", "token", 2))
    assert path.exists()
    runtime_file.remove(path, ADDRESS)
    assert not path.exists()


def test_the_token_is_not_shown() -> None:
    assert "token" not in repr(ADDRESS)
