"""Bytes and texts as docs/end-to-end.md writes them: b64, LP, u32, u64, and JSON that says one thing only."""

from __future__ import annotations

import base64
import json
from typing import Any, Never, TypeGuard

LARGEST_COUNT = 2**53 - 1
"""The largest whole number that JSON carries safely (RFC 8259 §6)."""


def b64(data: bytes) -> str:
    """Base64url without padding (RFC 4648 §5)."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def unb64(text: str) -> bytes:
    """The bytes of a base64url text without padding.

    Raises ValueError for anything that `b64` would not have written: each value has one text only.
    """
    try:
        data = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except ValueError as error:  # binascii.Error is one; so is a character that is not ASCII
        raise ValueError("not base64url") from error
    if b64(data) != text:
        raise ValueError("not canonical base64url")
    return data


def is_count(value: object) -> TypeGuard[int]:
    """Whether a JSON value is a whole number that every language has exactly: a time, a sequence number."""
    return type(value) is int and 0 <= value <= LARGEST_COUNT  # a bool is an int to isinstance


def is_version_one(value: object) -> bool:
    """Whether a JSON value is the number 1 (and not true, which Python holds to be equal)."""
    return is_count(value) and value == 1


def length_prefixed(data: bytes) -> bytes:
    """LP(x): the length as four bytes, big endian, then the bytes."""
    return u32(len(data)) + data


def u32(number: int) -> bytes:
    """Four bytes, big endian."""
    return number.to_bytes(4, "big")


def u64(number: int) -> bytes:
    """Eight bytes, big endian."""
    return number.to_bytes(8, "big")


def json_bytes(value: Any) -> bytes:
    """Compact JSON in UTF-8."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def json_object(data: bytes | str) -> dict[str, Any]:
    """The object that a JSON text is.

    Raises ValueError when it is none, is not UTF-8, is nested too deep, names a member twice, or holds a number that
    JSON does not know or half a surrogate pair.
    """
    try:
        text = data.decode() if isinstance(data, bytes) else data
        value = json.loads(text, object_pairs_hook=_once_each, parse_constant=_refuse)
        # Half a surrogate pair can be written in JSON, but is no text: it could not be hashed or shown.
        json.dumps(value, ensure_ascii=False).encode()
    except RecursionError as error:
        raise ValueError("nested too deep") from error
    if not isinstance(value, dict):
        raise ValueError("not a JSON object")
    return value


def _once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ValueError("a member is named twice")
    return members


def _refuse(constant: str) -> Never:
    raise ValueError(f"{constant} is not JSON")
