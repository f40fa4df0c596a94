"""TypeScript's half of the wire is generated, and up to date."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools import generate_protocol

GENERATED = generate_protocol.generated()


@pytest.mark.parametrize("path", GENERATED, ids=lambda path: path.name)
def test_generated_file_is_up_to_date(path: Path) -> None:
    assert path.read_text() == GENERATED[path], "run: python tools/generate_protocol.py"
