"""The protocol for those who do not read Python: JSON Schema, TypeScript declarations, tables of docs/protocol.md.

All three are made from the models, so they cannot say something else; a test fails when the committed ones are stale.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, get_args

from pydantic import BaseModel, TypeAdapter

from tawasul.protocol.from_endpoint import FROM_ENDPOINT, FromEndpoint
from tawasul.protocol.from_server import FROM_SERVER, FromServer
from tawasul.protocol.peer import PEER_MESSAGE, PeerMessage
from tawasul.protocol.problems import PROBLEMS

DIRECTIONS: tuple[tuple[str, str, TypeAdapter[Any], Any], ...] = (
    ("FromEndpoint", "Endpoint to server", FROM_ENDPOINT, FromEndpoint),
    ("FromServer", "Server to endpoint", FROM_SERVER, FromServer),
    ("PeerMessage", "Between the two ends, on the data channel", PEER_MESSAGE, PeerMessage),
)
"""Name of the union, its title in the documents, its adapter, and the union itself."""

TABLES_BEGIN = "<!-- made by `tawasul protocol export`: begin -->"
TABLES_END = "<!-- made by `tawasul protocol export`: end -->"


def json_schema() -> str:
    """One JSON Schema (2020-12) that holds the three unions under ``$defs``."""
    definitions: dict[str, Any] = {}
    for name, _, adapter, _ in DIRECTIONS:
        schema = adapter.json_schema(mode="validation", ref_template="#/$defs/{model}")
        definitions |= schema.pop("$defs", {})
        definitions[name] = schema
    document = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Tawasul protocol",
        "$defs": dict(sorted(definitions.items())),
    }
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def typescript() -> str:
    """Declarations for the pages' modules, as they are after defaults are filled in: every key is there, or null."""
    definitions: dict[str, Any] = {}
    for name, _, adapter, _ in DIRECTIONS:
        schema = adapter.json_schema(mode="serialization", ref_template="#/$defs/{model}")
        definitions |= schema.pop("$defs", {})
        definitions[name] = schema
    lines = ["// Made by `tawasul protocol export` from tawasul/protocol. Do not edit."]
    for name, schema in sorted(definitions.items()):
        lines += ["", *_declaration(name, schema)]
    codes = " | ".join(f'"{code}"' for code in PROBLEMS)
    lines += ["", f"export type ProblemCode = {codes};"]
    return "\n".join(lines) + "\n"


def markdown_tables() -> str:
    """The tables of messages and problems, between the two marks of docs/protocol.md."""
    lines = [TABLES_BEGIN]
    for name, title, _, union in DIRECTIONS:
        lines += ["", f"### {title} (`{name}`)", "", "| Type | Fields | Meaning |", "|---|---|---|"]
        lines += [_message_row(model) for model in _models(union)]
    lines += ["", "### Problems", "", "| Code | HTTP | WebSocket close | Arabic | English |", "|---|---|---|---|---|"]
    lines += [f"| `{p.code}` | {p.status} | {p.close or '–'} | {p.arabic} | {p.english} |" for p in PROBLEMS.values()]
    return "\n".join([*lines, "", TABLES_END])


def with_tables(document: str) -> str:
    """``document`` with what stands between the two marks made anew.

    Raises:
        ValueError: the marks are not both there, in this order.
    """
    before, found_begin, rest = document.partition(TABLES_BEGIN)
    _, found_end, after = rest.partition(TABLES_END)
    if not (found_begin and found_end):
        raise ValueError("the marks of the generated tables are missing")
    return before + markdown_tables() + after


def _models(union: Any) -> Iterator[type[BaseModel]]:
    """The models of ``Annotated[A | B | …, Field(discriminator=…)]``, in order."""
    yield from get_args(get_args(union)[0])


def _message_row(model: type[BaseModel]) -> str:
    schema = model.model_json_schema(mode="serialization", ref_template="#/$defs/{model}")
    fields = [
        f"`{name}`{'' if name in schema.get('required', ()) or _is_constant(part) else '?'}"
        for name, part in schema["properties"].items()
        if name != "type"
    ]
    meaning = " ".join((model.__doc__ or "").split())
    return f"| `{model.model_fields['type'].default}` | {', '.join(fields) or '–'} | {meaning} |"


def _is_constant(schema: dict[str, Any]) -> bool:
    return "const" in schema


def _declaration(name: str, schema: dict[str, Any]) -> Iterator[str]:
    if description := schema.get("description"):
        yield f"/** {' '.join(description.split())} */"
    if "properties" not in schema:
        yield f"export type {name} = {_type(schema)};"
        return
    yield f"export interface {name} {{"
    for field, part in schema["properties"].items():
        # An endpoint may leave out what has a default; what the server sends always has every key.
        optional = "" if field in schema.get("required", ()) or _is_constant(part) else "?"
        yield f"  {field}{optional}: {_type(part)};"
    yield "}"


def _type(schema: dict[str, Any]) -> str:
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    if "const" in schema:
        return json.dumps(schema["const"])
    if "enum" in schema:
        return " | ".join(json.dumps(value) for value in schema["enum"])
    for union in ("oneOf", "anyOf"):
        if union in schema:
            return " | ".join(dict.fromkeys(_type(part) for part in schema[union]))
    if schema.get("type") == "array":
        return f"ReadonlyArray<{_type(schema['items'])}>"
    return {"string": "string", "integer": "number", "number": "number", "boolean": "boolean", "null": "null"}[
        schema["type"]
    ]
