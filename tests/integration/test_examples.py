"""The examples do what they say, as processes of their own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

EXAMPLES = Path(__file__).parents[2] / "examples"


@contextmanager
def running(example: str, home: Path) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, str(EXAMPLES / example)]
    environment = {**os.environ, "COWIDGET_HOME": str(home)}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as process:
        try:
            yield process
        finally:
            process.kill()


def test_a_script_shares_a_widget_and_another_one_drives_it(home: Path) -> None:
    with running("share_from_a_script.py", home) as host:
        assert host.stdout is not None
        link = host.stdout.readline().removeprefix("open ").strip()
        guest = subprocess.run(
            [sys.executable, str(EXAMPLES / "join_from_python.py"), link, "thermostat.celsius=40"],
            capture_output=True,
            text=True,
            timeout=40,
            check=True,
        )

        assert guest.stdout == "thermostat: celsius = 20.0\n"
        assert host.stdout.readline() == "set to 25.0 °C\n"  # clamped by the host
