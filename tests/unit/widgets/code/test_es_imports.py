"""The imports of ES modules: which are remote, and how relative ones are made whole."""

from __future__ import annotations

import pytest

from cowidget.widgets.code.es_imports import grounded, has_default, reexported, remote_imports

BASE = "https://cdn.test/vega@6/es2022/vega.mjs"


@pytest.mark.parametrize(
    "code",
    [
        'import a from "https://cdn.test/a";',
        "import a from 'https://cdn.test/a'",
        'import*as a from"https://cdn.test/a";',
        'import{x as y,z}from"https://cdn.test/a";',
        'import a, {\n  b, // the second\n  c /* third */\n} from "https://cdn.test/a";',
        'import "https://cdn.test/a";',
        'export * from "https://cdn.test/a";',
        'export { default } from "https://cdn.test/a";',
        'const a = await import("https://cdn.test/a");',
        "const a = import(/* @vite-ignore */ `https://cdn.test/a`)",
        'var b=1;import a from"https://cdn.test/a";',
    ],
)
def test_every_form_of_import_is_found(code: str) -> None:
    assert remote_imports(code) == ("https://cdn.test/a",)


@pytest.mark.parametrize(
    "code",
    [
        'import a from "react";',
        'import a from "./https://cdn.test/a";',
        '// import a from "https://cdn.test/a"',
        ' * import a from "https://cdn.test/a"',
        'loader.import("https://cdn.test/a")',
        'reimport("https://cdn.test/a")',
        'import("https://cdn.test/" + name)',
        "import(`https://cdn.test/${name}`)",
        'fetch("https://cdn.test/a")',
        'const important = "https://cdn.test/a"',
    ],
)
def test_what_is_no_import_by_address_is_not_fetched(code: str) -> None:
    assert remote_imports(code) == ()


def test_an_address_that_is_imported_twice_is_named_once() -> None:
    code = 'import a from "https://cdn.test/a"; import b from "http://cdn.test/b"; export * from "https://cdn.test/a";'

    assert remote_imports(code) == ("https://cdn.test/a", "http://cdn.test/b")


@pytest.mark.parametrize(
    ("given", "whole"),
    [
        ("./util.mjs", "https://cdn.test/vega@6/es2022/util.mjs"),
        ("../other.mjs?x=1", "https://cdn.test/vega@6/other.mjs?x=1"),
        ("/d3@7/d3.mjs", "https://cdn.test/d3@7/d3.mjs"),
        ("//elsewhere.test/a.mjs", "https://elsewhere.test/a.mjs"),
        ("https://elsewhere.test/a", "https://elsewhere.test/a"),
        ("react", "react"),
    ],
)
def test_a_specifier_becomes_what_a_browser_would_fetch(given: str, whole: str) -> None:
    code = f'import{{a}}from"{given}";export*from"{given}";import("{given}");'

    assert grounded(code, BASE) == code.replace(given, whole)


def test_what_surrounds_the_specifiers_is_left_as_it_is() -> None:
    code = '/* esm.sh */\nimport{a as b}from"./a.mjs";\nconst c = "./a.mjs", d = {import: 1};\n// import "./a.mjs"\n'

    assert grounded(code, BASE) == code.replace('from"./a', 'from"https://cdn.test/vega@6/es2022/a')


def test_a_module_that_asks_where_it_is_hears_where_it_came_from() -> None:
    assert grounded("new URL('x', import.meta.url)", BASE) == f"new URL('x', \"{BASE}\")"


@pytest.mark.parametrize(
    "code",
    [
        "export default { render };",
        "export default(a,b)=>1",
        'export { default } from "/x";',
        "const a = 1; export{a as default};",
        "export {b,\n c as default,\n}",
        'export * as default from "./a"',
    ],
)
def test_a_default_export_is_seen(code: str) -> None:
    assert has_default(code)


@pytest.mark.parametrize(
    "code", ["export const a = 1", "export { default as a } from '/x'", "switch (a) { default: 1 }"]
)
def test_a_module_without_default_export_is_seen_as_that(code: str) -> None:
    assert not has_default(code)


def test_a_module_without_default_export_is_not_asked_for_one() -> None:
    assert reexported(BASE, "export function render() {}") == f'export * from "{BASE}";\n'


def test_a_default_export_is_exported_again() -> None:
    assert f'export {{ default }} from "{BASE}";' in reexported(BASE, "export default {};")
