"""docs/operations.md has every setting with its default, every command that it names is one, and nothing else."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
import typer
from pydantic import BaseModel
from pydantic.fields import FieldInfo
from support.house import ROOT

from tawasul.cli import app
from tawasul.settings import Settings

DOCUMENT = (ROOT / "docs" / "operations.md").read_text()
ROW = re.compile(r"^\| `(TAWASUL_[A-Z_]+)` \| (?P<default>.+?) \| (?P<says>.+) \|$", re.MULTILINE)

NOT_SETTINGS = {
    "TAWASUL_NEW_PASSWORD",
    "TAWASUL_CA__PASSWORD",
    "TAWASUL_ISSUER__PASSWORD",
    "TAWASUL_STEWARD__PASSWORD",
}
"""Variables that some commands read by themselves."""


def settings(model: type[BaseModel] = Settings, before: str = "TAWASUL_") -> Iterator[tuple[str, FieldInfo]]:
    """Every variable, with its field."""
    for name, field in model.model_fields.items():
        kind = field.annotation
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            yield from settings(kind, f"{before}{name.upper()}__")
        else:
            yield before + name.upper(), field


def written(default: Any) -> str:
    """A default as one would give it in the environment."""
    if default is None:
        return "–"
    if isinstance(default, bool | tuple):
        return f"`{json.dumps(default)}`"
    return f"`{default:g}`" if isinstance(default, float) else f"`{default}`"


def commands(group: Any, before: tuple[str, ...] = ()) -> Iterator[tuple[str, Any]]:
    """Every command of the command line, as it is typed."""
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from commands(command, (*before, name))
            if command.invoke_without_command:
                yield " ".join((*before, name)), command
        else:
            yield " ".join((*before, name)), command


COMMANDS = dict(commands(typer.main.get_command(app)))
ROWS = {match[1]: match for match in ROW.finditer(DOCUMENT)}


def test_every_setting_has_a_row_and_every_row_a_setting() -> None:
    assert set(ROWS) == {name for name, _ in settings()}


@pytest.mark.parametrize(("name", "field"), [pytest.param(*each, id=each[0]) for each in settings()])
def test_the_default_is_the_one_that_holds(name: str, field: FieldInfo) -> None:
    # No secret is the default of secrets, whatever it is in Python.
    expected = "–" if name.endswith("__SECRETS") else written(field.default)
    assert ROWS[name]["default"] == expected
    assert len(ROWS[name]["says"]) > 20


def test_no_variable_is_named_that_is_none() -> None:
    # `TAWASUL_SEVER__PORT` stands there as an example of a slip.
    named = set(re.findall(r"\bTAWASUL_[A-Z]+(?:_+[A-Z]+)*(?![A-Z_…])", DOCUMENT)) - {"TAWASUL_SEVER__PORT"}
    assert named - {"TAWASUL_RELAY"} <= {name for name, _ in settings()} | NOT_SETTINGS


def test_every_command_is_named() -> None:
    # `protocol export` is for those who change the program.
    unnamed = [command for command in COMMANDS if f"tawasul {command}" not in DOCUMENT]
    assert unnamed in ([], ["protocol export"])


def test_commands_and_their_options_are_real() -> None:
    words = re.compile(r"(?:\$|`|^ExecStart=\S*/|/)\s*tawasul ((?:[a-z]+)(?: [a-z]+)?)([^`\n]*)", re.MULTILINE)
    found = 0
    for match in words.finditer(DOCUMENT.replace("\\\n", " ")):
        command = match[1] if match[1] in COMMANDS else match[1].split(" ")[0]
        assert command in COMMANDS, match[0]
        known = {option for parameter in COMMANDS[command].params for option in parameter.opts}
        assert set(re.findall(r"(?<!\S)(--[a-z-]+)", match[2])) <= known | {"--help"}, match[0]
        found += 1
    assert found >= 10, "the pattern finds the commands of the document"
