from pathlib import Path

import pytest

from cowidget.errors import StoreError
from cowidget.relay.backends import load_key, open_store, sqlite_url
from cowidget.stores.memory import MemoryStore
from cowidget.stores.sqlite import SqliteStore


async def test_a_url_names_a_file_at_an_absolute_path(tmp_path: Path) -> None:
    path = tmp_path / "a folder #1?" / "rooms.sqlite"
    store = await open_store(sqlite_url(path))
    assert isinstance(store, SqliteStore)
    assert path.exists()
    await store.aclose()


async def test_a_url_names_a_file_at_a_relative_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    await (await open_store("sqlite:///rooms.sqlite")).aclose()
    assert (tmp_path / "rooms.sqlite").exists()


async def test_a_url_names_the_memory() -> None:
    assert isinstance(await open_store("memory:"), MemoryStore)


async def test_a_store_may_be_limited(tmp_path: Path) -> None:
    store = await open_store(sqlite_url(tmp_path / "rooms.sqlite") + "?max_mb=1")
    await store.create("lab")
    with pytest.raises(StoreError):
        await store.put_blob("lab", "a" * 64, bytes(2 << 20))
    await store.aclose()


@pytest.mark.parametrize("url", ["", "redis://x", "sqlite://", "sqlite:///", "sqlite://host/x", "memory:?max_mb=many"])
async def test_other_urls_are_refused_in_one_sentence(url: str) -> None:
    with pytest.raises(StoreError) as raised:
        await open_store(url)
    assert "\n" not in str(raised.value)


def test_the_key_stays_with_its_store(tmp_path: Path) -> None:
    url = sqlite_url(tmp_path / "rooms.sqlite")
    key = load_key(url)
    assert len(key) == 32
    assert load_key(url) == key
    assert load_key(sqlite_url(tmp_path / "other.sqlite")) != key
    assert {file.stat().st_mode & 0o077 for file in tmp_path.iterdir()} == {0}


def test_a_key_that_cannot_be_kept_is_a_store_error(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StoreError, match="key"):
        load_key(sqlite_url(tmp_path / "file" / "rooms.sqlite"))
