"""What others read of the protocol is what the models say, and the models refuse what they should."""

from __future__ import annotations

import json
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from tawasul.domain import errors
from tawasul.protocol.export import DIRECTIONS, json_schema, markdown_tables, typescript, with_tables
from tawasul.protocol.from_endpoint import FROM_ENDPOINT
from tawasul.protocol.peer import PEER_MESSAGE
from tawasul.protocol.problems import PROBLEMS, problem

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    ("file", "made"),
    [
        ("docs/protocol.schema.json", json_schema()),
        ("tawasul/web/static/js/messages.d.ts", typescript()),
    ],
)
def test_the_exported_files_are_not_stale(file: str, made: str) -> None:
    assert (ROOT / file).read_text() == made, "run `tawasul protocol export`"


def test_the_document_is_not_stale() -> None:
    document = (ROOT / "docs/protocol.md").read_text()
    assert document == with_tables(document), "run `tawasul protocol export`"


def test_a_document_without_its_marks_is_refused() -> None:
    with pytest.raises(ValueError, match="marks"):
        with_tables("# no marks here")


def test_every_message_and_every_problem_has_its_row() -> None:
    tables = markdown_tables()
    for _, _, _, union in DIRECTIONS:
        for model in get_args(get_args(union)[0]):
            assert f"| `{model.model_fields['type'].default}` |" in tables
            assert model.__doc__, model
    for code in PROBLEMS:
        assert f"| `{code}` |" in tables


def test_the_schema_is_whole() -> None:
    schema = json.loads(json_schema())
    text = json.dumps(schema)
    for reference in {part.split('"')[0] for part in text.split("#/$defs/")[1:]}:
        assert reference in schema["$defs"]


def test_every_error_of_the_domain_has_a_published_problem() -> None:
    def below(kind: type[errors.TawasulError]) -> set[type[errors.TawasulError]]:
        return {kind}.union(*(below(child) for child in kind.__subclasses__() if child.__module__ == errors.__name__))

    for kind in below(errors.TawasulError):
        assert kind.code in PROBLEMS, kind
        assert kind.__name__ in (errors.__doc__ or ""), f"{kind.__name__} is not in the drawn tree"


def test_problems_speak_both_languages_and_an_unknown_code_is_internal() -> None:
    for row in PROBLEMS.values():
        assert any("\u0600" <= letter <= "\u06ff" for letter in row.arabic)
        assert row.english.isascii()
        assert 400 <= row.status < 600
    assert problem("no-such-code") is PROBLEMS["internal"]


@pytest.mark.parametrize(
    "wrong",
    [
        '{"type":"hello"}',
        '{"type":"hello","protocol":"1"}',
        '{"type":"hello","protocol":1,"surplus":true}',
        '{"type":"offer","call_id":"c","attempt":0,"sdp":"v=0"}',
        '{"type":"offer","call_id":"c","attempt":1,"sdp":""}',
        '{"type":"offer","call_id":"c d","attempt":1,"sdp":"v=0"}',
        '{"type":"seal","call_id":"c","attempt":1,"payload":"not base64url!"}',
        '{"type":"media","call_id":"c","attempt":1,"state":"perhaps"}',
        '{"type":"board"}',
    ],
)
def test_look_alikes_are_refused(wrong: str) -> None:
    with pytest.raises(ValidationError):
        FROM_ENDPOINT.validate_json(wrong)


def test_messages_are_frozen() -> None:
    message = FROM_ENDPOINT.validate_json('{"type":"call-in","audience_id":"a"}')
    with pytest.raises(ValidationError):
        message.audience_id = "b"  # type: ignore[misc, union-attr]


@given(st.binary(max_size=300))
def test_the_data_channel_refuses_noise_by_its_own_error_alone(noise: bytes) -> None:
    try:
        message = PEER_MESSAGE.validate_json(noise)
    except ValidationError:
        return
    assert message.type in {"heartbeat", "muted", "goodbye"}
