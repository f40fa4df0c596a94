"""A mirror outside of any share, and what it sends."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.support.mirrors import Sink, mirrors


@pytest.fixture
def sink() -> Sink:
    return Sink()


@pytest.fixture
def opened(sink: Sink) -> Iterator[Any]:
    with mirrors(sink) as open_mirror:
        yield open_mirror
