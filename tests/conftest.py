"""What every suite has: marks by folder, and for the browser tests one Chromium and guests with it."""

import asyncio
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import settings

from tests.support.chromium import LAUNCH_ARGS, chromium_path

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

_TESTS = Path(__file__).parent

# How long an example takes says more about the machine's neighbours than about the code.
# The same examples each time: `pytest --hypothesis-profile=search` looks for others.
settings.register_profile("cowidget", deadline=None, derandomize=True)
settings.register_profile("search", deadline=None, max_examples=1000)
settings.load_profile("cowidget")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        folder = item.path.relative_to(_TESTS).parts[0]
        if folder in {"e2e", "integration"}:
            item.add_marker(folder)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    # Between its calls, Playwright's synchronous API leaves its own loop marked as running in this thread, and no
    # other loop would start. Tests without the browser get a thread without a running loop.
    playwright_loop = asyncio._get_running_loop()
    if "browser" not in getattr(item, "fixturenames", ()):
        asyncio._set_running_loop(None)
    try:
        return (yield)
    finally:
        if playwright_loop is not None and not playwright_loop.is_closed():
            asyncio._set_running_loop(playwright_loop)


@pytest.fixture(scope="session")
def browser() -> "Iterator[Browser]":
    """One headless Chromium for all tests; ask for `guest` to get a page of it."""
    from playwright.sync_api import sync_playwright  # late: the fast suites need no Playwright

    with sync_playwright() as playwright:
        playwright_loop = asyncio._get_running_loop()
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=LAUNCH_ARGS)
        yield browser
        asyncio._set_running_loop(playwright_loop)  # a test without the browser may have been the last one
        browser.close()


class Guests:
    """Makes pages that share nothing, as if on different machines, and remembers what breaks in them."""

    def __init__(self, browser: "Browser") -> None:
        self.errors: list[str] = []
        self._browser = browser
        self._contexts: list[BrowserContext] = []

    def __call__(self, url: str | None = None, **context_options: Any) -> "Page":
        """A page in a new context, at the url if there is one; options are those of Playwright's `new_context`."""
        context = self._browser.new_context(**context_options)
        context.on("weberror", lambda error: self.errors.append(str(error.error)))
        self._contexts.append(context)
        page = context.new_page()
        if url is not None:
            page.goto(url)
        return page

    def leave(self) -> None:
        for context in self._contexts:
            context.close()


@pytest.fixture
def guest(browser: "Browser") -> Iterator[Guests]:
    """Makes guests: `ann = guest(url)`. An uncaught error in any of their pages fails the test."""
    guests = Guests(browser)
    yield guests
    guests.leave()
    assert not guests.errors, "uncaught in a page:\n" + "\n".join(guests.errors)
