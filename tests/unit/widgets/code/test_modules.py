"""The code that a share brings: of a widget, of what it imports, and how it is packed."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from pathlib import Path

import anywidget
import ipywidgets
import pytest
import traitlets

from cowidget.errors import ShareError
from cowidget.widgets.code import modules
from cowidget.widgets.code.modules import CLASSIC_MODULE, code_of, imports_of, packed
from tests.support.code_server import CodeServer, code_server
from tests.support.sample_widgets import Counter


@pytest.fixture(scope="module")
def server() -> Iterator[CodeServer]:
    with code_server() as running:
        yield running


@pytest.fixture
def _built(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "static").mkdir()
    (tmp_path / "static" / "classic.js").write_text("export const openClassic = 1;")
    monkeypatch.setattr(modules, "files", lambda package: tmp_path)


class Foreign(ipywidgets.DOMWidget):
    """A classic widget of another package."""

    _model_module = traitlets.Unicode("foreign").tag(sync=True)
    _view_module = traitlets.Unicode("foreign-views").tag(sync=True)


def from_address(esm: str, css: str = "") -> anywidget.AnyWidget:
    return type("Remote", (anywidget.AnyWidget,), {"_esm": esm, "_css": css})()


def test_code_is_the_text_of_the_widgets_class() -> None:
    assert code_of(Counter()) == (str(Counter._esm), str(Counter._css))


def test_code_in_files_is_read(tmp_path: Path) -> None:
    (tmp_path / "a.js").write_text("export default {};")
    (tmp_path / "a.css").write_text("a {}")
    widget = type("Filed", (anywidget.AnyWidget,), {"_esm": tmp_path / "a.js", "_css": tmp_path / "a.css"})()

    assert code_of(widget) == ("export default {};", "a {}")


def test_a_classic_widget_has_no_code_of_its_own() -> None:
    assert code_of(ipywidgets.IntSlider()) == ("", "")


def test_code_at_an_address_is_imported_from_there(server: CodeServer) -> None:
    url = server.script("/widget.mjs", "export default { render() {} };")

    assert code_of(from_address(url))[0] == f'export * from "{url}";\nexport {{ default }} from "{url}";\n'


def test_code_at_an_address_comes_with_the_share(server: CodeServer) -> None:
    url = server.script("/whole.mjs", "export default { render() {} };")
    widget = from_address(url)

    assert imports_of([widget], [code_of(widget)[0]]) == {url: "export default { render() {} };"}


def test_a_style_at_an_address_is_fetched(server: CodeServer) -> None:
    url = server.file("/widget.css", b"a { color: red }", "text/css")

    assert code_of(from_address("export default {};", url))[1] == "a { color: red }"


def test_code_that_cannot_be_fetched_says_what_to_do(server: CodeServer) -> None:
    with pytest.raises(ShareError, match=r"Remote cannot be shared\. Its code is at .*404.* Give it the code itself"):
        code_of(from_address(server.url + "/absent.mjs"))


@pytest.mark.usefixtures("_built")
@pytest.mark.parametrize("widget", [ipywidgets.IntSlider, ipywidgets.Output, ipywidgets.Layout])
def test_all_of_ipywidgets_own_come_with_one_bundle(widget: type[ipywidgets.Widget]) -> None:
    assert imports_of([widget()], []) == {CLASSIC_MODULE: "export const openClassic = 1;"}


@pytest.mark.usefixtures("_built")
def test_a_package_brings_its_models_and_its_views(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path))
    for name in ("foreign", "foreign-views"):
        (tmp_path / "nbextensions" / name).mkdir(parents=True)
        (tmp_path / "nbextensions" / name / "index.js").write_text(f"define([], () => '{name}')")

    found = imports_of([Foreign(), ipywidgets.IntSlider()], [])

    assert list(found) == [CLASSIC_MODULE, "foreign", "foreign-views"]
    assert found["foreign-views"] == "define([], () => 'foreign-views')"


@pytest.mark.usefixtures("_built")
def test_a_package_that_is_not_here_is_an_error() -> None:
    with pytest.raises(ShareError, match="draws 'foreign'"):
        imports_of([Foreign()], [])


def test_an_anywidget_needs_no_bundle() -> None:
    assert imports_of([Counter()], [code_of(Counter())[0]]) == {}


def test_a_checkout_that_was_not_built_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(modules, "files", lambda package: tmp_path)

    with pytest.raises(ShareError, match="make build"):
        imports_of([ipywidgets.IntSlider()], [])


def test_packed_text_is_the_same_bytes_every_time() -> None:
    code = "export default 1; // é"
    first = packed(code)
    modules.packed.cache_clear()

    assert packed(code) == first
    assert gzip.decompress(first).decode() == code
