"""The AMD bundles of classic widget packages, found in a Jupyter data folder of the test and in the real one."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from cowidget.errors import ShareError
from cowidget.widgets.code import nbextensions
from cowidget.widgets.code.nbextensions import bundle_of, bundles_of


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path))
    return tmp_path / "nbextensions"


def install(folder: Path, name: str, code: str) -> Path:
    (folder / name).mkdir(parents=True, exist_ok=True)
    index = folder / name / "index.js"
    index.write_text(code, "utf-8")
    return index


def test_a_bundle_comes_with_those_it_depends_on(folder: Path) -> None:
    install(folder, "charts", 'define(["@jupyter-widgets/base", "module", "@scope/scales"], (b, m, s) => 1);')
    install(folder, "@scope/scales", "define('@scope/scales', ['exports'], e => 2);")

    assert list(bundles_of(["charts"])) == ["charts", "@scope/scales"]


def test_a_dependency_that_is_not_here_is_left_out_and_named(folder: Path, caplog: pytest.LogCaptureFixture) -> None:
    install(folder, "lonely", 'define(["jquery"], j => 1);')

    assert list(bundles_of(["lonely"])) == ["lonely"]
    assert "lonely asks for 'jquery'" in caplog.text


def test_pictures_beside_the_bundle_are_put_into_it(folder: Path) -> None:
    index = install(
        folder, "maps", 'define([],()=>({a:i.p+"a1.png",b:__webpack_require__.p + "b/none.png",c:x.q+"a1.png"}))'
    )
    index.with_name("a1.png").write_bytes(b"\x89PNG")

    assert bundle_of("maps") == (
        'define([],()=>({a:"data:image/png;base64,iVBORw==",b:__webpack_require__.p + "b/none.png",c:x.q+"a1.png"}))'
    )


def test_what_is_not_beside_the_bundle_is_not_put_into_it(folder: Path) -> None:
    code = 'define([],()=>i.p+"../secret.txt")'
    install(folder, "curious", code)
    (folder / "secret.txt").write_text("secret")

    assert bundle_of("curious") == code


@pytest.mark.parametrize("name", ["../secret", "..", "/etc", "a/b", "@a/../b", "a\\b", "", ".hidden", "@a/b/c", "a\n"])
def test_a_name_that_leads_elsewhere_is_no_package(folder: Path, name: str) -> None:
    install(folder.parent, "secret", "secret")
    install(folder, "a/b", "nested")

    with pytest.raises(ShareError):
        bundle_of(name)


def test_a_package_that_is_not_installed_says_where_it_was_looked_for(folder: Path) -> None:
    with pytest.raises(
        ShareError, match=rf"(?s)no nbextensions/absent/index.js in {folder}.*Install its Python package"
    ):
        bundle_of("absent")


def test_a_bundle_that_is_too_large_says_so(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    install(folder, "huge", "define([],()=>'" + "x" * 3000 + "')")
    monkeypatch.setattr(nbextensions, "MAX_BUNDLE", 1000)

    with pytest.raises(ShareError, match="The code of 'huge' has 0 MB; guests get"):
        bundle_of("huge")


def test_a_picture_that_is_too_large_stays_outside(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    code = 'define([],()=>i.p+"photo.png")'
    install(folder, "photos", code).with_name("photo.png").write_bytes(b"x" * 2000)
    monkeypatch.setattr(nbextensions, "MAX_PICTURE", 1000)

    assert bundle_of("photos") == code


def test_a_reinstalled_package_is_read_again(folder: Path) -> None:
    index = install(folder, "fresh", "define([],()=>1)")
    bundle_of("fresh")
    install(folder, "fresh", "define([],()=>2)")
    os.utime(index, ns=(0, index.stat().st_mtime_ns + 1_000_000))

    assert bundle_of("fresh") == "define([],()=>2)"


@pytest.mark.parametrize("package", ["bqplot", "bqscales", "jupyter-leaflet", "ipycanvas"])
def test_the_packages_that_people_use_need_nothing_that_is_not_here(
    package: str, caplog: pytest.LogCaptureFixture
) -> None:
    assert list(bundles_of([package])) == [package]
    assert caplog.text == ""


def test_the_pictures_of_ipyleaflet_need_no_network() -> None:
    code = bundle_of("jupyter-leaflet")

    assert '.p+"' not in code
    assert code.count('t.exports="data:image/png;base64,') >= 2
