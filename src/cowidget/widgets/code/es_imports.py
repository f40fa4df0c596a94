"""The imports and exports of an ES module's text, as far as sharing it needs them.

No parser: what is looked for is the syntax of imports with a literal specifier. A comment's line is passed over;
a string that quotes a whole import statement is taken for one, which costs a needless fetch.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from urllib.parse import urljoin

_COMMENT = r"/\*[^*]*(?:\*(?!/)[^*]*)*\*/|//[^\n]*\n"
_IMPORT = re.compile(
    rf"""(?<![\w$.\#])(?:
        import \s* \( (?:\s|{_COMMENT})* (?P<quote>["'`]) (?P<dynamic>[^"'`\\\s$]+) (?P=quote) (?=\s*[,)])
      | (?:import|export) (?![\w$]) (?:[\w$\s*{{}},]|{_COMMENT})*? [\s}}*]from \s* (["']) (?P<given>[^"'\\\n]+) \3
      | import \s* (["']) (?P<bare>[^"'\\\n]+) \5
    )""",
    re.VERBOSE,
)
_DEFAULT = re.compile(
    r"""(?<![\w$.])export\s*(?:default(?![\w$])|\*\s*as\s+default(?![\w$])|\{[^}]*(?<![\w$])default["']?\s*[,}])"""
)
_HERE = re.compile(r"(?<![\w$.])import\.meta\.url(?![\w$])")
_QUOTED_URL = re.compile(r"""["'`]https?://""", re.IGNORECASE)
_RELATIVE = ("/", "./", "../")


@lru_cache(maxsize=64)
def remote_imports(code: str) -> tuple[str, ...]:
    """The http(s) URLs that a text imports, as it writes them, each once."""
    # Most code imports nothing from the network, and this look at 5 MB takes a few ms.
    if _QUOTED_URL.search(code) is None:
        return ()
    found = (match[_group(match)] for match in _imports(code))
    return tuple(dict.fromkeys(name for name in found if name.lower().startswith(("http://", "https://"))))


def grounded(code: str, base: str) -> str:
    """The text of the module at `base` for a place that has another URL: what it names relatively, it names wholly."""

    def whole(match: re.Match[str]) -> str:
        group = _group(match)
        if not match[group].startswith(_RELATIVE):
            return match[0]
        start, end = match.start(group) - match.start(), match.end(group) - match.start()
        return match[0][:start] + urljoin(base, match[group]) + match[0][end:]

    here = '"' + base.replace("\\", "%5C").replace('"', "%22") + '"'
    return _HERE.sub(lambda _: here, _replaced(code, whole))


def has_default(code: str) -> bool:
    """Whether the module has a default export."""
    return _DEFAULT.search(code) is not None


def reexported(url: str, code: str) -> str:
    """A module that exports what the one at `url` does, whose text is `code`."""
    again = f'export * from "{url}";\n'
    return again + f'export {{ default }} from "{url}";\n' if has_default(code) else again


def _imports(code: str) -> Iterator[re.Match[str]]:
    return (match for match in _IMPORT.finditer(code) if not _in_comment(code, match.start()))


def _replaced(code: str, replace: Callable[[re.Match[str]], str]) -> str:
    pieces: list[str] = []
    at = 0
    for match in _imports(code):
        pieces += code[at : match.start()], replace(match)
        at = match.end()
    return "".join((*pieces, code[at:]))


def _group(match: re.Match[str]) -> str:
    return next(name for name in ("dynamic", "given", "bare") if match[name] is not None)


def _in_comment(code: str, at: int) -> bool:
    line = code.rfind("\n", 0, at) + 1
    # A minified line is long and its start tells nothing about its end.
    return at - line < 400 and code[line:at].lstrip().startswith(("//", "*"))
