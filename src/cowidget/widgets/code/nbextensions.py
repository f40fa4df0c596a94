"""The AMD bundles of classic widget packages: `nbextensions/<name>/index.js` in Jupyter's data folders."""

from __future__ import annotations

import json
import logging
import re
from functools import lru_cache
from pathlib import Path

from jupyter_core.paths import jupyter_path

from cowidget.errors import ShareError
from cowidget.widgets.code.remote_code import data_url

_log = logging.getLogger(__name__)

# Classic widgets of the size of a small game engine have 8 MB.
MAX_BUNDLE = 20 << 20
MAX_PICTURE = 2 << 20
# As npm allows them, without the letters that only old packages have.
_NAME = re.compile(r"(?:@[a-z0-9][\w.-]*/)?[a-z0-9][\w.-]*", re.IGNORECASE | re.ASCII)
_DEFINED = re.compile(r"""(?<![\w$.])define\s*\(\s*(?:(["'])[^"'\n]*\1\s*,\s*)?(\[(?:"[^"\n]*"|'[^'\n]*'|[,\s])*\])""")
# What AMD itself provides, and what the bundle for classic widgets brings.
_PROVIDED = re.compile(r"require|exports|module|@jupyter-widgets/.*")
_BESIDE = re.compile(r"""(?<![\w$.])[\w$]+(?:\.[\w$]+)*\.p\s*\+\s*(["'])(?P<name>[\w@./-]+\.\w+)\1""")


def bundles_of(names: list[str]) -> dict[str, str]:
    """The code of these packages and of those they depend on, by name.

    Raises:
        ShareError: one is not installed as an nbextension, or too large; says what to do.
    """
    found: dict[str, str] = {}
    waiting = list(names)
    while waiting:
        name = waiting.pop(0)
        if name in found:
            continue
        found[name] = bundle_of(name)
        for dependency in _dependencies(found[name]):
            if _index(dependency) is not None:
                waiting.append(dependency)
            else:
                _warn_missing(name, dependency)
    return found


def bundle_of(name: str) -> str:
    """The code of one package, the pictures and fonts it loads from beside it inside.

    Raises:
        ShareError: as `bundles_of`.
    """
    index = _index(name)
    if index is None:
        raise ShareError(
            f"The code that draws {name!r} in a browser is not here: no nbextensions/{name}/index.js in "
            f"{', '.join(jupyter_path('nbextensions'))}. Install its Python package in the kernel's environment "
            "(not as an editable one), then share again."
        )
    stat = index.stat()
    if stat.st_size > MAX_BUNDLE:
        raise ShareError(
            f"The code of {name!r} has {stat.st_size >> 20} MB; guests get {MAX_BUNDLE >> 20} MB at most: {index}"
        )
    return _read(index, stat.st_mtime_ns)


def _index(name: str) -> Path | None:
    """Where the package's code is. A name is from a widget's trait, so it must not lead anywhere else."""
    if not _NAME.fullmatch(name):
        return None
    paths = (Path(folder, name, "index.js") for folder in jupyter_path("nbextensions"))
    return next((path for path in paths if path.is_file()), None)


@lru_cache(maxsize=64)
def _read(index: Path, changed: int) -> str:
    return _BESIDE.sub(lambda match: _inlined(match, index.parent), index.read_text("utf-8", "replace"))


def _inlined(match: re.Match[str], folder: Path) -> str:
    beside = folder / match["name"]
    if ".." in beside.parts or not beside.is_file():
        return match[0]
    if beside.stat().st_size > MAX_PICTURE:
        _log.warning("%s is too large to be sent to guests with its widget", beside)
        return match[0]
    return json.dumps(data_url(beside.name, beside.read_bytes()))


@lru_cache(maxsize=64)
def _warn_missing(name: str, dependency: str) -> None:
    _log.warning("%s asks for %r, which is no nbextension here; guests may not see it", name, dependency)


@lru_cache(maxsize=64)
def _dependencies(code: str) -> tuple[str, ...]:
    lists = (re.findall(r"""["']([^"'\n]*)["']""", match[2]) for match in _DEFINED.finditer(code))
    return tuple(dict.fromkeys(name for names in lists for name in names if name and not _PROVIDED.fullmatch(name)))
