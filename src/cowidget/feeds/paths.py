"""Where a value is in a message: `data.k.c`, `[0]`, `quotes[*].bid`, `["a key with.dots"]`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from cowidget.feeds.failures import FieldError, Mismatch

# Names in an error's text; more of them hide the sentence.
MAX_NAMES = 8
# Characters of what a person sees of a wrong value.
MAX_SHOWN = 40

_STEP = re.compile(
    r"""
    \[ (?: (?P<index>-?\d{1,9}) | (?P<every>\*) | "(?P<double>[^"]*)" | '(?P<single>[^']*)' ) \]
    | (?P<key>[^.:\[\]"']+)
    """,
    re.VERBOSE,
)

Step = str | int


@dataclass(frozen=True, slots=True)
class Path:
    """Steps into a JSON value; `[*]` goes to every item of a list and may occur once.

    Attributes:
        text: as it was written.
        steps: keys and indexes, up to `[*]` or to the end.
        inner: the steps after `[*]`; None without one.
    """

    text: str
    steps: tuple[Step, ...]
    inner: tuple[Step, ...] | None = None

    @property
    def first(self) -> Step | None:
        """The first step; None for a path that begins with `[*]` or has no step."""
        return self.steps[0] if self.steps else None

    def value(self, record: Any) -> Any:
        """What is there; for a path with `[*]`, the list of what is in each item.

        Raises:
            Mismatch: a step leads nowhere; says which, and what is there instead.
        """
        value = _walk(record, self.steps, "")
        if self.inner is None:
            return value
        at = _spell(self.steps)
        if not isinstance(value, list):
            raise Mismatch(f"{at or 'the message'} is no list but {name_of(value)}")
        return [_walk(item, self.inner, f"{at}[{index}]") for index, item in enumerate(value)]

    def is_there(self, record: Any) -> bool:
        """Whether the first step leads anywhere."""
        if self.first is None:
            return self.inner is None or isinstance(record, list)
        try:
            _walk(record, self.steps[:1], "")
        except Mismatch:
            return False
        return True


def parse_path(text: str) -> Path:
    """Read a path; an empty one, or `.`, is the record itself.

    Raises:
        FieldError: this is no path; says where it goes wrong.
    """
    steps: list[Step] = []
    outer: list[Step] | None = None
    for step in _steps(text):
        if step is not None:
            steps.append(step)
        elif outer is None:
            outer, steps = steps, []
        else:
            raise FieldError(f"{text!r}: [*] may occur once in a path")
    if outer is None:
        return Path(text, tuple(steps))
    return Path(text, tuple(outer), tuple(steps))


def name_of(value: Any) -> str:
    """What a JSON value is, in words."""
    match value:
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case dict():
            return f"an object with {_names(value)}" if value else "an empty object"
        case list():
            return f"a list of {len(value)}"
        case str():
            return f"the text {_short(repr(value))}"
    return f"the number {_short(str(value))}"


def _steps(text: str) -> Iterator[Step | None]:
    # None is [*].
    at = 0
    whole = "" if text == "." else text
    while at < len(whole):
        if at and whole[at] == ".":
            at += 1
        found = _STEP.match(whole, at)
        if found is None:
            raise FieldError(
                f"{text!r} is no path, {whole[at:]!r} is not understood; "
                'write data.k.c, [0], items[*].price or ["a key"]'
            )
        at = found.end()
        yield _step_of(found)


def _step_of(found: re.Match[str]) -> Step | None:
    match found.lastgroup:
        case "index":
            return int(found["index"])
        case "every":
            return None
        case name:
            return found[name or "key"]


def _walk(value: Any, steps: tuple[Step, ...], before: str) -> Any:
    for index, step in enumerate(steps):
        # An index leads into a list only: a text has indexes, too, and no fields.
        holder: Any = value if isinstance(value, list if isinstance(step, int) else dict) else {}
        try:
            value = holder[step]
        except LookupError as error:
            raise Mismatch(_not_there(value, step, before + _spell(steps[:index]))) from error
    return value


def _not_there(value: Any, step: Step, at: str) -> str:
    where = at or "the message"
    if isinstance(step, int):
        return f"there is no [{step}] in {where}: it is {name_of(value)}"
    return f"there is no {step!r} in {where}: it is {name_of(value)}"


def _spell(steps: tuple[Step, ...]) -> str:
    parts = (f"[{step}]" if isinstance(step, int) else f".{step}" for step in steps)
    return "".join(parts).removeprefix(".")


def _names(value: dict[str, Any]) -> str:
    names = [str(name) for name in value]
    listed = ", ".join(_short(name) for name in names[:MAX_NAMES])
    return f"{listed} and {len(names) - MAX_NAMES} more" if len(names) > MAX_NAMES else listed


def _short(text: str) -> str:
    return text if len(text) <= MAX_SHOWN else text[: MAX_SHOWN - 1] + "…"
