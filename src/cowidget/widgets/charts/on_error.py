"""What follows the errors of a source that does not run here: `cw.live(url, on_error=…)`."""

from __future__ import annotations

import logging
from functools import partial
from typing import Any

from cowidget.client.link import link_thread
from cowidget.errors import FeedError
from cowidget.widgets.feeds.feed import Feed
from cowidget.widgets.feeds.health import Health
from cowidget.widgets.main_thread import MainThread

_log = logging.getLogger("cowidget")


def obey(feed: Feed, on_error: Any) -> None:
    """Stop the feed at its first error, or ask a function of each error whether to go on.

    Raises:
        FeedError: it is neither.
    """
    if on_error != "stop" and not callable(on_error):
        raise FeedError(f"on_error={on_error!r} is neither 'retry', 'stop' nor a function.")
    main, heard = MainThread(link_thread()), 0

    def follow(health: Health) -> None:
        nonlocal heard
        if health.errors > heard:
            heard = health.errors
            main.call(partial(_decide, feed, on_error))

    feed.on_status(follow)


def _decide(feed: Feed, on_error: Any) -> None:
    try:
        last = feed.errors[-1].text if feed.errors else ""
        if on_error == "stop" or on_error(FeedError(last)) == "stop":
            feed.stop()
    except Exception:  # noqa: BLE001 - the user's function
        _log.exception("on_error of the feed %s failed", feed.name)
