"""Each numbered rule of PROTOCOL.md is named by a test, and tests name no others."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
RULE = re.compile(r"^- \*\*([A-Z]\d+)\*\*", re.MULTILINE)
MARK = re.compile(r"mark\.rule\(([^)]*)\)")
TITLE = re.compile(r"\b(?:describe|it|test)(?:\.each\([^)]*\))?\(\s*[`\"'](.*?)[`\"']\s*,")
RULES = RULE.findall((files("cowidget.core") / "PROTOCOL.md").read_text("utf-8"))


@cache
def named_rules() -> dict[str, list[str]]:
    """Rules and the test files that name them: `@pytest.mark.rule("D5")`, or `[D5]` in a title of TypeScript."""
    named: dict[str, list[str]] = {}
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        for arguments in MARK.findall(path.read_text("utf-8")):
            for rule in re.findall(r"\"([A-Z]\d+)\"", arguments):
                named.setdefault(rule, []).append(str(path.relative_to(ROOT)))
    for path in sorted((ROOT / "js" / "src").rglob("*.test.ts")):
        for title in TITLE.findall(path.read_text("utf-8")):
            for rule in re.findall(r"\[([A-Z]\d+)\]", title):
                named.setdefault(rule, []).append(str(path.relative_to(ROOT)))
    return named


@pytest.mark.parametrize("rule", RULES)
def test_each_rule_is_named_by_a_test(rule: str) -> None:
    named = rule in named_rules()

    assert named, f"{rule} of PROTOCOL.md: no test names it"


def test_tests_name_no_rule_that_does_not_exist() -> None:
    assert set(named_rules()) <= set(RULES)


def test_each_rule_has_its_own_number() -> None:
    assert len(set(RULES)) == len(RULES) > 40
