"""The JupyterLab of the tests: starts alone, finds this Python's kernel and widgets, and leaves nothing behind."""

import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import psutil
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.conftest import Guests
from tests.support.jupyter import (
    JupyterServer,
    cell,
    open_notebook,
    run_all,
    run_cell,
    running_jupyterlab,
    wait_idle,
    write_notebook,
)

Guest = Callable[..., Page]

BASE_URL = "/user/ann/"
CELLS = [
    "import os; print(os.getpid(), os.environ['OF_THE_TEST'])",
    "import ipywidgets; ipywidgets.IntSlider(7)",
    "print('done')",
]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[JupyterServer]:
    folder = tmp_path_factory.mktemp("jupyterlab")
    with running_jupyterlab(folder, base_url=BASE_URL, env={"OF_THE_TEST": "passed on"}) as server:
        yield server


@pytest.fixture(scope="module")
def page(server: JupyterServer, browser: Browser) -> Iterator[Page]:
    """A notebook that no test changes. What was made with the browser ends with it: after a test that has one."""
    guests = Guests(browser)
    yield opened(guests(), server, "a notebook.ipynb", CELLS)
    guests.leave()
    assert not guests.errors, "uncaught in a page: " + "; ".join(guests.errors)


def opened(page: Page, server: JupyterServer, path: str, cells: Sequence[str]) -> Page:
    write_notebook(server.root / path, cells)
    open_notebook(page, server, path)
    wait_idle(page)
    return page


def test_it_serves_below_its_base_url(server: JupyterServer) -> None:
    assert server.url == f"http://127.0.0.1:{server.port}{BASE_URL}"
    assert server.api("status")["kernels"] == 0


def test_its_kernels_end_with_it(tmp_path: Path) -> None:
    with running_jupyterlab(tmp_path) as server:
        kernel = server.api("kernels", method="POST")["id"]
        running = psutil.process_iter(["pid", "cmdline"])
        (pid,) = (process.info["pid"] for process in running if kernel in " ".join(process.info["cmdline"] or []))
    assert has_ended(pid)


def has_ended(pid: int) -> bool:
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline:
        if not Path(f"/proc/{pid}").exists():
            return True
        time.sleep(0.05)
    return False


def test_a_cell_runs_in_a_kernel_with_the_environment_of_the_test(page: Page) -> None:
    expect(run_cell(page, 0).locator(".jp-OutputArea-output")).to_contain_text("passed on")


def test_widgets_are_drawn(page: Page) -> None:
    expect(run_cell(page, 1).locator(".widget-readout")).to_have_text("7")


def test_all_cells_run(page: Page) -> None:
    run_all(page)
    expect(cell(page, 2).locator(".jp-OutputArea-output")).to_have_text("done")


def test_running_all_fails_with_the_error_of_the_cell_that_does(server: JupyterServer, guest: Guest) -> None:
    page = opened(guest(), server, "failing.ipynb", ["'first'", "'second'"])
    cell(page, 1).locator(".jp-InputArea-editor").click()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type("1/0")
    with pytest.raises(AssertionError, match="ZeroDivisionError"):
        run_all(page)


def test_no_dialog_and_no_news_cover_the_notebook(page: Page) -> None:
    expect(page.locator(".jp-Dialog")).to_have_count(0)
    expect(page.locator(".Toastify__toast")).to_have_count(0)
