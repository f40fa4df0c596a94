"""Starts a command that outlives us and whoever started us: `launch.py <log file> <command>…`.

A step of its own, because a kernel's children end with it on Windows, and would be zombies in it
elsewhere. It is run by its path, without the package, so that it costs little.
"""

import os
import subprocess
import sys
from pathlib import Path


def main(log: str, *command: str) -> None:
    """Start the command with our standard output as its own, and return."""
    flags = 0
    if sys.platform == "win32":
        flags = subprocess.DETACHED_PROCESS | subprocess.CREATE_NEW_PROCESS_GROUP
    with os.fdopen(os.open(log, os.O_CREAT | os.O_WRONLY | os.O_APPEND, 0o600), "ab") as errors:
        child = subprocess.Popen(  # noqa: S603 - our own interpreter and arguments
            command,
            stdin=subprocess.DEVNULL,
            stderr=errors,
            # Not the notebook's folder, which could not be removed on Windows meanwhile.
            cwd=Path(log).parent,
            start_new_session=True,
            creationflags=flags,
        )
    # We leave it behind on purpose; Popen would warn.
    child.returncode = 0


if __name__ == "__main__":
    main(*sys.argv[1:])
