"""The blobs that pushes name."""

from __future__ import annotations

import pytest

from cowidget.core.frames import Declare, Post, Push, Set, Settle
from cowidget.core.references import blobs_of
from cowidget.core.values import Change, Model, Module, Settlement, Share, Text


@pytest.mark.rule("D9", "D11")
@pytest.mark.parametrize(
    ("push", "blobs"),
    [
        (Set(1, (Change("/a", blob="a"), Change("/b", 1), Change("/c", blob="c"))), ["a", "c"]),
        (Settle(1, (Settlement("s/v", 1, "rebase", blob="a"),)), ["a"]),
        (
            Declare(
                1,
                Share("s", (Model("", "S", (), code="e", style="f"),), (Module("https://esm.sh/d3", "g"),)),
                (Change("s/v", blob="a"),),
            ),
            ["e", "f", "g", "a"],
        ),
        (Post(1, Text("hello")), []),
    ],
)
def test_a_push_waits_for_the_blobs_it_names(push: Push, blobs: list[str]) -> None:
    assert blobs_of(push) == blobs
