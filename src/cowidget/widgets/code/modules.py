"""The code that a share brings to its guests (PROTOCOL.md D11): the page has no network and runs nothing else."""

from __future__ import annotations

import gzip
import os
from collections.abc import Iterable, Sequence
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from ipywidgets import Widget

from cowidget.core.packing import digest
from cowidget.errors import ShareError
from cowidget.widgets.code.es_imports import reexported
from cowidget.widgets.code.nbextensions import bundles_of
from cowidget.widgets.code.remote_code import is_url, modules_for, script_at, style_at
from cowidget.widgets.kinds.table import kind_of
from cowidget.widgets.registry import is_classic

CLASSIC_MODULE = "@jupyter-widgets/base"
"""The name that our own code for classic widgets goes by. It brings these modules of ipywidgets."""

_OWN = frozenset({CLASSIC_MODULE, "@jupyter-widgets/controls", "@jupyter-widgets/output"})
# Sharing must be quick. Plotly's 5 MB: level 1 47 ms, 1.75 MB; 5 97 ms, 1.52 MB; 6 132 ms, 1.51 MB; 9 180 ms, 1.51 MB.
_LEVEL = 5


def code_of(widget: Widget) -> tuple[str, str]:
    """The text of a widget's `_esm` and `_css`, empty where it has none. Blocks if they are addresses.

    Raises:
        ShareError: the code is somewhere where this kernel cannot read it; says why and what to do.
    """
    if (code := kind_of(widget).code) is not None:
        return code(widget)
    try:
        return _script(getattr(widget, "_esm", None)), _style(getattr(widget, "_css", None))
    except ShareError as error:
        raise ShareError(f"{type(widget).__name__} cannot be shared. {error} Give it the code itself.") from error


def imports_of(widgets: Sequence[Widget], codes: Iterable[str]) -> dict[str, str]:
    """Everything that these widgets and the texts of their code import, by the name it is imported by.

    Blocks while modules are fetched from the network; what cannot be fetched is left out and logged.

    Raises:
        ShareError: code that must be on this machine is not; says what to do.
    """
    classic = [widget for widget in widgets if is_classic(widget)]
    found = {CLASSIC_MODULE: classic_code()} if classic else {}
    return found | bundles_of(_packages(classic)) | modules_for(codes)


@lru_cache(maxsize=64)
def packed(text: str) -> bytes:
    """A text as blobs hold code: UTF-8, compressed with gzip; the same text gives the same bytes."""
    return gzip.compress(text.encode(), _LEVEL, mtime=0)


@lru_cache(maxsize=64)
def packed_hash(text: str) -> str:
    """The SHA-256 that names the blob of a text."""
    return digest(packed(text))


def classic_code() -> str:
    """Our own code for classic widgets.

    Raises:
        ShareError: it has not been built.
    """
    built = Path(str(files("cowidget") / "static" / "classic.js"))
    if not built.is_file():
        raise ShareError("The code for classic widgets is not built. In the source folder run: make build.")
    return _read(built, built.stat().st_mtime_ns)


@lru_cache(maxsize=2)
def _read(path: Path, changed: int) -> str:
    return path.read_text("utf-8")


def _packages(widgets: Iterable[Widget]) -> list[str]:
    """The modules of others that run these widgets, each once, in an order that is the same every time."""
    names = {getattr(widget, trait, None) for widget in widgets for trait in ("_model_module", "_view_module")}
    return sorted(name for name in names - _OWN if name)


def _script(source: Any) -> str:
    text = _text(source)
    return reexported(text, script_at(text)) if is_url(text) else text


def _style(source: Any) -> str:
    text = _text(source)
    return style_at(text) if is_url(text) else text


def _text(source: Any) -> str:
    """What `_esm` and `_css` may be: a text, a path, or what anywidget makes of one, whose `str` is the text."""
    if isinstance(source, os.PathLike):
        return Path(source).read_text("utf-8")
    return str(source or "")
