import gzip
import json
import os
from pathlib import Path

import pytest

from cowidget.relay import assets
from cowidget.relay.assets import Assets


@pytest.fixture
def static(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(assets, "LOOK_INTERVAL", 0.0)
    return tmp_path


def build(static: Path, page: str, stamp: int) -> None:
    for name, text in (("page.html", page), ("page.1.js", "1")):
        (static / name).write_text(text)
        (static / f"{name}.gz").write_bytes(gzip.compress(text.encode()))
    manifest = static / "manifest.json"
    manifest.write_text(json.dumps({"page": "page.html", "assets": {"page.js": "page.1.js"}, "parts": {}}))
    os.utime(manifest, ns=(stamp, stamp))


def test_without_a_manifest_there_is_no_build(static: Path) -> None:
    assert Assets(static).build() is None


def test_a_new_build_is_taken_up_while_we_run(static: Path) -> None:
    found = Assets(static)
    build(static, "first", 1)
    before = found.build()
    build(static, "second", 2)
    after = found.build()
    assert before is not None
    assert after is not None
    assert (before.page.body, after.page.body) == (b"first", b"second")


def test_an_unchanged_build_is_not_read_again(static: Path) -> None:
    found = Assets(static)
    build(static, "first", 1)
    assert found.build() is found.build()


@pytest.mark.parametrize(
    "manifest",
    [
        "",
        "{}",
        '{"page": "nothing.html", "assets": {}, "parts": {}}',
        '{"page": "page.html", "assets": {}, "parts": {"chat": {"file": "chat.js"}}}',
    ],
)
def test_a_build_that_is_not_whole_is_none(static: Path, manifest: str) -> None:
    (static / "manifest.json").write_text(manifest)
    assert Assets(static).build() is None


def test_a_file_comes_with_what_the_build_has_compressed(static: Path) -> None:
    build(static, "page", 1)
    found = Assets(static).build()
    assert found is not None
    assert [gzip.decompress(each.packed) for each in (found.page, found.assets["page.1.js"])] == [b"page", b"1"]


def test_a_build_without_its_compressed_files_is_not_whole(static: Path) -> None:
    build(static, "page", 1)
    (static / "page.1.js.gz").unlink()
    assert Assets(static).build() is None
