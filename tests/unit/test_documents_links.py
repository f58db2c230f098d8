"""What the documents point at is there: links and their headings, files, and names in the code."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterator
from json import loads
from pathlib import Path
from urllib.parse import unquote

import pytest
from support.house import PACKAGES, ROOT, files, name

DOCUMENTS = files(".", suffixes=(".md",))
EVERYTHING = {name(path) for path in files(".")}

FENCE = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"!?\[[^\]]*\]\((?P<target>[^)\s]+)\)")
HEADING = re.compile(r"^#{1,6} (.+)$", re.MULTILINE)
CODE = re.compile(r"`([^`\n]+)`")
FILE = re.compile(r"[\w./-]*[\w-]\.(?:py|js|css|html|md|toml|json|ftl|svg|ts)")
FOLDER = re.compile(rf"(?:{'|'.join(PACKAGES)}|tests|docs|alembic|deploy|scripts)(?:/[\w-]+)+/?")
DOTTED = re.compile(rf"(?:{'|'.join(PACKAGES)})(?:\.\w+)+")

NOT_HERE = {"anchor.json", "relay.json", "server.json", "relay/relay-stats.json", "tawasul.db", "aioice/stun.py"}
"""Files that a running service makes, and one of another project: named in the documents, never in the repository."""


def prose(path: Path) -> str:
    """A document without its blocks of code."""
    return FENCE.sub("", path.read_text())


def anchors(path: Path) -> set[str]:
    """The names of its headings, as GitHub and GitLab make them."""
    plain = (re.sub(r"[`*]|\[([^\]]*)\]\([^)]*\)", r"\1", heading[1]) for heading in HEADING.finditer(prose(path)))
    return {
        "".join(c for c in text.strip().lower().replace(" ", "-") if c in "-_" or unicodedata.category(c)[0] in "LNM")
        for text in plain
    }


def links(path: Path) -> Iterator[str]:
    """The relative links of a document."""
    for match in LINK.finditer(prose(path)):
        if not re.match(r"[a-z]+:", match["target"]):
            yield unquote(match["target"])


@pytest.mark.parametrize("path", DOCUMENTS, ids=name)
def test_links_lead_somewhere(path: Path) -> None:
    broken = []
    for link in links(path):
        target, _, anchor = link.partition("#")
        there = (path.parent / target).resolve() if target else path
        if not there.exists() or not there.is_relative_to(ROOT):
            broken.append(link)
        elif anchor and anchor not in anchors(there):
            broken.append(f"{link} (no such heading)")
    assert broken == []


@pytest.mark.parametrize("path", DOCUMENTS, ids=name)
def test_files_and_names_that_are_mentioned_exist(path: Path) -> None:
    unknown = [code for match in CODE.finditer(prose(path)) if not known(code := match[1])]
    assert unknown == []


def known(code: str) -> bool:
    """Whether this is there; what looks like neither a file nor a name of ours is none of this test's business."""
    if code in NOT_HERE:
        return True
    if FILE.fullmatch(code):
        # A file may be named by its end: `line-core.js`.
        return any(file == code or file.endswith(f"/{code}") for file in EVERYTHING)
    if FOLDER.fullmatch(code):
        return (ROOT / code).exists()
    return not DOTTED.fullmatch(code) or in_the_code(code)


def in_the_code(dotted: str) -> bool:
    """Whether a dotted name leads to a module, or to a module in which the rest is written."""
    parts = dotted.split(".")
    for length in range(len(parts), 0, -1):
        place = ROOT.joinpath(*parts[:length])
        module = place.with_suffix(".py") if place.with_suffix(".py").is_file() else place / "__init__.py"
        if module.is_file():
            text = module.read_text()
            return all(re.search(rf"\b{part}\b", text) for part in parts[length:])
    return False


def test_a_wrong_name_is_noticed() -> None:
    assert not known("scheduler/bookings.py")
    assert not known("tawasul/nowhere")
    assert not known("tawasul.domain.audience.Session")
    assert known("tawasul.domain.audience.Audience")
    assert known("line-core.js")
    assert known("BOOKED")


def test_every_decision_is_in_the_index() -> None:
    index = (ROOT / "docs/adr/README.md").read_text()
    decisions = [path.name for path in files("docs/adr", suffixes=(".md",)) if path.name != "README.md"]
    assert [decision for decision in decisions if f"({decision})" not in index] == []
    numbers = [int(decision[:4]) for decision in decisions]
    assert numbers == list(range(1, len(numbers) + 1)), "numbers run without a gap"


def test_every_decision_says_when_and_what() -> None:
    for path in files("docs/adr", suffixes=(".md",)):
        if path.name == "README.md":
            continue
        text = path.read_text()
        assert re.match(rf"# {int(path.name[:4])}\. \S", text), path.name
        assert re.search(r"^Status: \w+, \d{4}-\d\d-\d\d$", text, re.MULTILINE), path.name
        assert {"## Decision", "## Alternatives", "## Consequences"} <= set(text.splitlines()), path.name


def test_every_library_has_its_reason() -> None:
    decision = (ROOT / "docs/adr/0007-libraries.md").read_text()
    rows = set(re.findall(r"^\| `([^`]+)` \|", decision, re.MULTILINE))
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    named = [
        *project["project"]["dependencies"],
        *(one for extra in project["project"]["optional-dependencies"].values() for one in extra),
        *(one for group in project["dependency-groups"].values() for one in group),
    ]
    package = loads((ROOT / "package.json").read_text())
    wanted = {re.split(r"[\[<>=!~ ;]", one)[0] for one in named}
    assert wanted | {*package["dependencies"], *package["devDependencies"]} == rows
