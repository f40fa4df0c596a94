"""Builds the JavaScript into the package, and takes the demo notebook along, when a wheel is made."""

import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

DEMO = "notebooks/01-share-a-widget.ipynb"


class JavaScriptBuildHook(BuildHookInterface[Any]):
    """Runs npm when `src/cowidget/static` is missing; `COWIDGET_SKIP_JS=1` keeps it from that."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Called by hatchling before it collects the files of an sdist, a wheel or an editable."""
        if self.target_name == "wheel" and version != "editable":
            build_data["force_include"][DEMO] = f"cowidget/{DEMO}"
        built = Path(self.root, "src/cowidget/static/manifest.json").exists()
        if not built and os.environ.get("COWIDGET_SKIP_JS") != "1":
            self._build_javascript()

    def _build_javascript(self) -> None:
        npm = shutil.which("npm")
        if npm is None:
            raise RuntimeError(
                "cowidget's JavaScript is not built and npm is missing: install Node 20.19 or newer, "
                "or set COWIDGET_SKIP_JS=1 to go without the pages and widgets."
            )
        for command in (["ci"], ["run", "build"]):
            subprocess.run([npm, *command], cwd=Path(self.root, "js"), check=True)
