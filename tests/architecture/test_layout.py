"""Files are where and how they should be: small, explained, finished, and no package where there must be none."""

import ast
import re
from collections import Counter
from pathlib import Path

import pytest
from support.house import PACKAGES, ROOT, comments, files, name, python_files

LONGEST = 400
# Files that may be longer, each with its reason. Wire tables and vectors only.
MAY_BE_LONGER: dict[str, str] = {}
CODE = (".py", ".js", ".css", ".html", ".ftl")
UNFINISHED = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b")


@pytest.mark.parametrize("folder", ["alembic", "tests"])
def test_no_package_where_there_must_be_none(folder: str) -> None:
    # alembic/__init__.py would hide the library of that name; tests are found by path (--import-mode=importlib).
    assert [name(path) for path in files(folder, suffixes=("__init__.py",))] == []


def test_every_folder_with_python_in_a_package_is_one() -> None:
    # A folder without __init__.py still imports, but import-linter would not see what is in it.
    folders = {path.parent for path in python_files()}
    assert [name(folder) for folder in sorted(folders) if not (folder / "__init__.py").exists()] == []


def test_no_file_is_too_long() -> None:
    code = files(*PACKAGES, "tests", "scripts", suffixes=CODE)
    lengths = {name(path): len(path.read_text().splitlines()) for path in code}
    assert {file: length for file, length in lengths.items() if length > LONGEST and file not in MAY_BE_LONGER} == {}


def test_every_exception_is_still_needed() -> None:
    for file, reason in MAY_BE_LONGER.items():
        assert len((ROOT / file).read_text().splitlines()) > LONGEST, f"{file} is short enough now"
        assert len(reason) > 20


def test_every_module_says_what_it_is() -> None:
    silent = [
        name(path)
        for path in [*python_files(), *files("tests", "scripts", "deploy", "alembic", suffixes=(".py",))]
        if not ast.get_docstring(ast.parse(path.read_text()))
    ]
    assert silent == []


def test_what_is_public_is_explained() -> None:
    silent = []
    for path in python_files():
        tree = ast.parse(path.read_text())
        public = [node for node in tree.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)]
        silent += [
            f"{name(path)}:{node.lineno} {node.name}"
            for node in public
            if not node.name.startswith("_") and not ast.get_docstring(node)
        ]
    assert silent == []


def test_names_of_test_files_are_distinct() -> None:
    counted = Counter(path.name for path in files("tests", suffixes=(".py",)) if path.name.startswith("test_"))
    assert [file for file, times in counted.items() if times > 1] == []


def test_nothing_is_left_unfinished() -> None:
    found = [
        f"{name(path)}:{number}"
        for path in files(*PACKAGES, "scripts", "deploy", "alembic", suffixes=CODE)
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if UNFINISHED.search(line) or "NotImplementedError" in line
    ]
    assert found == []


def test_no_test_is_skipped() -> None:
    skips = re.compile(r"\b(pytest\.skip|mark\.skip|mark\.skipif|mark\.xfail|importorskip|unittest\.mock|MagicMock)\b")
    here = Path(__file__)
    found = [
        f"{name(path)}:{number}"
        for path in files("tests", suffixes=(".py",))
        if path != here
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if skips.search(line)
    ]
    assert found == []


def test_an_ignored_warning_names_its_rule() -> None:
    bare = re.compile(r"#\s*(noqa(?!:)|type:\s*ignore(?!\[))")
    found = [
        f"{name(path)}:{number}"
        for path in [*python_files(), *files("tests", "scripts", suffixes=(".py",))]
        for number, comment in comments(path)
        if bare.search(comment)
    ]
    assert found == []
