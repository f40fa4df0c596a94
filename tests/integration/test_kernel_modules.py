"""The code that a kernel brings to the guests of its widgets, as a guest's session is told of it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from cowidget.widgets.code.modules import classic_code, packed
from cowidget.widgets.code.nbextensions import bundle_of
from tests.support.code_server import CodeServer, code_server
from tests.support.kernels import Kernel, end_relay, running_kernel

pytestmark = pytest.mark.integration


@pytest.fixture(scope="module")
def server() -> Iterator[CodeServer]:
    with code_server() as running:
        yield running


@pytest.fixture(scope="module")
def kernels(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Kernel, Kernel]]:
    """A host and a guest of the host's room."""
    home: Path = tmp_path_factory.mktemp("home")
    with running_kernel(home, notebook="/lessons/one.ipynb") as host, running_kernel(home) as guest:
        host.run("import anywidget, ipywidgets; room = cw.room()")
        guest.run(f"room = cw.join({host.value('str(room.url)')!r}, name='Ana')")
        yield host, guest
    end_relay(home)


@pytest.fixture
def host(kernels: tuple[Kernel, Kernel]) -> Kernel:
    return kernels[0]


@pytest.fixture
def guest(kernels: tuple[Kernel, Kernel]) -> Kernel:
    return kernels[1]


def brings(guest: Kernel, name: str, expected: dict[str, str]) -> None:
    """Waits until the share brings exactly these texts."""
    told = f"room._handle.ask(lambda r: {{m.name: m.code for m in r.shares[{name!r}].modules}})"
    guest.sees(f"{name!r} in room.widgets and {told}", {url: sha256(text) for url, text in expected.items()})


def sha256(text: str) -> str:
    return hashlib.sha256(packed(text)).hexdigest()


def share(host: Kernel, name: str, esm: str) -> None:
    host.run(f"{name} = type('Remote', (anywidget.AnyWidget,), {{'_esm': {esm!r}}})(); cw.share({name})")


def test_what_code_imports_by_address_comes_with_it(host: Kernel, guest: Kernel, server: CodeServer) -> None:
    vega = server.script("/vega.mjs", 'export * from "./d3.mjs"; export default 1;')
    d3 = server.script("/d3.mjs", "export const d3 = 1;")

    share(host, "chart", f'import vega from "{vega}"; export default {{ render() {{}} }};')

    brings(guest, "chart", {vega: f'export * from "{d3}"; export default 1;', d3: "export const d3 = 1;"})


def test_code_at_an_address_comes_with_its_widget(host: Kernel, guest: Kernel, server: CodeServer) -> None:
    code = "export default { render() {} };"
    url = server.script("/widget.mjs", code)

    share(host, "distant", url)

    brings(guest, "distant", {url: code})


def test_an_address_that_gives_nothing_does_not_stop_the_share(host: Kernel, guest: Kernel, server: CodeServer) -> None:
    share(host, "partial", f'import a from "{server.url}/absent.mjs"; export default {{ render() {{}} }};')

    brings(guest, "partial", {})


def test_the_link_stays_alive_while_code_is_fetched(host: Kernel, guest: Kernel, server: CodeServer) -> None:
    slow = server.stall("/slow.mjs")
    host.run("cw.share(Counter(), name='tally')")
    guest.sees("'tally' in room.widgets", True)
    esm = f'import a from "{slow}"; export default {{ render() {{}} }};'
    running = host.start(f"late = type('Remote', (anywidget.AnyWidget,), {{'_esm': {esm!r}}})(); cw.share(late)")
    server.wait_reached()

    guest.run("room.chat.send('hello')")
    guest.sees("[m.text for m in room.chat.messages]", ["hello"])

    server.release()
    host.finish(running)
    brings(guest, "late", {})


def test_classic_widgets_come_with_our_bundle_and_those_of_their_packages(host: Kernel, guest: Kernel) -> None:
    host.run(
        "import ipycanvas; canvas = ipywidgets.VBox([ipywidgets.IntSlider(), ipycanvas.Canvas()]); cw.share(canvas)"
    )

    brings(guest, "canvas", {"@jupyter-widgets/base": classic_code(), "ipycanvas": bundle_of("ipycanvas")})


def test_a_package_whose_code_is_not_here_says_so_in_the_cell(host: Kernel) -> None:
    host.run("""
import traitlets
class Foreign(ipywidgets.DOMWidget):
    _view_name = traitlets.Unicode('Foreign').tag(sync=True)
    _view_module = _model_module = traitlets.Unicode('foreign').tag(sync=True)
try: cw.share(Foreign())
except Exception as error: told = f'{type(error).__name__}: {error}'
""")

    assert "ShareError: The code that draws 'foreign' in a browser is not here" in host.value("told")
