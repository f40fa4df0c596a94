"""Several versions of ipykernel beside the installed one, in the folder `.matrix/`, which ignores itself.

`python -m tests.support.ipykernels` fetches them ahead of the tests; else the first that needs them does.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from tests.support.kernels import ROOT

INSTALLED = "installed"
OLDER = ("6.30", "7.3")
"""6.30 has no subshells; 7.3 has, and answers comms where the message said; the installed one is the newest."""

VERSIONS = (*OLDER, INSTALLED)


def environment(version: str) -> dict[str, str]:
    """What a kernel's environment needs so that it runs this version."""
    if version == INSTALLED:
        return {}
    return {"PYTHONPATH": os.pathsep.join(filter(None, (str(_fetched(version)), os.environ.get("PYTHONPATH"))))}


def _fetched(version: str) -> Path:
    folder = ROOT / ".matrix" / f"ipykernel-{version}"
    if not folder.is_dir():
        folder.parent.mkdir(exist_ok=True)
        (folder.parent / ".gitignore").write_text("*\n")
        # Complete or not there: another test run may look at the same moment.
        partial = folder.with_name(f"{folder.name}.{os.getpid()}")
        arguments = ["--quiet", "--no-deps", "--target", str(partial), f"ipykernel=={version}.*"]
        subprocess.run([sys.executable, "-m", "pip", "install", *arguments], check=True, stdout=subprocess.DEVNULL)
        try:
            partial.rename(folder)
        except OSError:
            shutil.rmtree(partial)
    return folder


if __name__ == "__main__":
    for older in OLDER:
        _fetched(older)
