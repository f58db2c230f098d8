"""The ground and the cores ask neither the clock nor chance nor the machine: time and random bytes are arguments.

The import contracts refuse the modules; here the calls are refused that hide behind a harmless module.
"""

import ast
from pathlib import Path

import pytest
from support.house import ROOT, files, name

PURE = (
    "tawasul/domain", "tawasul/protocol", "tawasul/e2ee",
    "scheduler/core", "signaling/core", "media_relay/core", "media_relay/stun", "kiosk_client/core",
    "kiosk_client/media/core",
    "kiosk_client/media/core", "tawasul/issuer/core",
)  # fmt: skip
IMPURE_MODULES = {
    "asyncio", "socket", "ssl", "select", "selectors", "threading", "multiprocessing", "subprocess", "os", "sys",
    "sqlalchemy", "fastapi", "starlette", "websockets", "httpx", "aiortc", "aioice", "av", "logging",
    "time", "random", "secrets", "tempfile", "shutil", "psutil",
}  # fmt: skip
# (what it is called on, the call): the first is None for a call by its bare name.
IMPURE_CALLS = {
    ("datetime", "now"), ("datetime", "utcnow"), ("datetime", "today"), ("date", "today"),
    ("uuid", "uuid1"), ("uuid", "uuid4"), ("os", "urandom"), (None, "uuid1"), (None, "uuid4"), (None, "urandom"),
    (None, "open"), (None, "print"), (None, "input"),
}  # fmt: skip


def impurities(source: str) -> list[str]:
    """What a piece of Python asks of the machine, each with its line."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import | ast.ImportFrom):
            imported = [alias.name for alias in node.names]
            if isinstance(node, ast.ImportFrom):
                imported = [node.module] if node.module and not node.level else []
            found += [f"line {node.lineno}: import {each}" for each in imported if each.split(".")[0] in IMPURE_MODULES]
        if isinstance(node, ast.Call) and _called(node.func) in IMPURE_CALLS:
            found.append(f"line {node.lineno}: {ast.unparse(node.func)}()")
        # A default factory calls without a call being written.
        if isinstance(node, ast.keyword) and node.arg == "default_factory" and _called(node.value) in IMPURE_CALLS:
            found.append(f"line {node.value.lineno}: default_factory={ast.unparse(node.value)}")
    return found


def _called(function: ast.expr) -> tuple[str | None, str]:
    match function:
        case ast.Name(id=called):
            return None, called
        case (
            ast.Attribute(value=ast.Name(id=owner), attr=called)
            | ast.Attribute(value=ast.Attribute(attr=owner), attr=called)
        ):
            return owner, called
    return None, ""


@pytest.mark.parametrize("path", files(*PURE, suffixes=(".py",)), ids=name)
def test_asks_nothing_of_the_machine(path: Path) -> None:
    assert impurities(path.read_text()) == []


def test_the_ground_was_looked_at() -> None:
    looked_at = {name(path) for path in files(*PURE, suffixes=(".py",))}
    assert {"tawasul/domain/audience.py", "signaling/core/call.py"} <= looked_at
    assert (ROOT / "tawasul/e2ee").is_dir()


@pytest.mark.parametrize(
    "line",
    [
        "import time",
        "from random import choice",
        "import os.path",
        "datetime.now(UTC)",
        "datetime.datetime.now()",
        "date.today()",
        "uuid.uuid4()",
        "uuid4()",
        "os.urandom(8)",
        "open('file')",
        "field(default_factory=uuid4)",
    ],
)
def test_an_impure_line_is_noticed(line: str) -> None:
    assert impurities(line) != []


@pytest.mark.parametrize("line", ["now.isoformat()", "datetime.fromisoformat(text)", "import hashlib", "slot.open()"])
def test_a_pure_line_is_left_alone(line: str) -> None:
    assert impurities(line) == []
