"""The messages of the handshake: what travels in `seal`, and what the two signed texts in it claim.

Each is the UTF-8 JSON of one object of at most 16 384 bytes, without members that are not known.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, TypeAdapter, ValidationError

from tawasul.e2ee.encoding import LARGEST_COUNT, is_count, json_bytes, json_object, unb64
from tawasul.e2ee.errors import PrivacyError, SealMalformed, SealTooLarge, VersionUnknown
from tawasul.e2ee.jws import read
from tawasul.e2ee.key_share import PUBLIC_SIZE, SEALED_SIZE
from tawasul.e2ee.keys import PublicKey

LARGEST = 16_384
"""Bytes of a message."""
INIT_TYPE = "tawasul-init+jwt"
RESP_TYPE = "tawasul-resp+jwt"
VERSION = 1


def _sized(size: int) -> Callable[[Any], bytes]:
    def octets(value: Any) -> bytes:
        if not isinstance(value, str):
            raise ValueError("not a text")
        data = unb64(value)
        if len(data) != size:
            raise ValueError("of another size")
        return data

    return octets


Octets32 = Annotated[bytes, BeforeValidator(_sized(32))]
Fingerprint = Annotated[str, Field(pattern=r"^sha-256 [0-9A-F]{2}(:[0-9A-F]{2}){31}$")]


class _Strict(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True, hide_input_in_errors=True)


class Init(_Strict):
    """The citizen's end begins."""

    t: Literal["init"]
    jws: str


class Resp(_Strict):
    """The office's end answers."""

    t: Literal["resp"]
    jws: str


class Reveal(_Strict):
    """The citizen's end opens its commitment, and confirms."""

    t: Literal["reveal"]
    n: Octets32
    mac: Octets32


class Conf(_Strict):
    """The office's end confirms."""

    t: Literal["conf"]
    mac: Octets32


class Refused(_Strict):
    """The other end gave up, by its own word."""

    t: Literal["refused"]
    code: Annotated[str, Field(pattern=r"^[a-z0-9-]{1,64}$")]


Message = Annotated[Init | Resp | Reveal | Conf | Refused, Field(discriminator="t")]
_MESSAGE: TypeAdapter[Message] = TypeAdapter(Message)


class _Claims(_Strict):
    v: Literal[1]
    sid: str
    iat: Annotated[int, Field(ge=0, le=LARGEST_COUNT)]
    role: str
    to: str
    fp: Fingerprint


class InitClaims(_Claims):
    """What init's signed text claims; `chain` is absent for a citizen's own device."""

    chain: list[str] | None = None
    pk: Annotated[bytes, BeforeValidator(_sized(PUBLIC_SIZE))]
    hc: Octets32


class RespClaims(_Claims):
    """What resp's signed text claims."""

    chain: list[str]
    hi: Octets32
    ct: Annotated[bytes, BeforeValidator(_sized(SEALED_SIZE))]
    n: Octets32


Claims = TypeVar("Claims", InitClaims, RespClaims)


def read_message(payload: bytes) -> Message:
    """The message that a payload is. Raises SealTooLarge, SealMalformed."""
    if len(payload) > LARGEST:
        raise SealTooLarge
    try:
        return _MESSAGE.validate_python(json_object(payload))
    except ValueError as error:  # pydantic's ValidationError is one
        raise SealMalformed from error


def write_message(t: str, **members: str) -> bytes:
    """A payload. Raises SealTooLarge."""
    payload = json_bytes({"t": t, **members})
    if len(payload) > LARGEST:
        raise SealTooLarge
    return payload


def read_claims(text: str, typ: str, shape: type[Claims]) -> tuple[PublicKey, Claims]:
    """Who signed a text, and what it claims. Raises SealTooLarge, SealMalformed, SignatureWrong, VersionUnknown."""
    signer, claims = read(text, typ, malformed=SealMalformed, too_large=SealTooLarge)
    # Before the shape: another version may have another one, and its people should read why.
    if not is_count(claims.get("v")):
        raise SealMalformed
    if claims["v"] != VERSION:
        raise VersionUnknown
    if "chain" in claims and claims["chain"] is None:
        raise SealMalformed
    try:
        return signer, shape.model_validate(claims)
    except ValidationError as error:
        raise SealMalformed from error


def write_refused(error: PrivacyError) -> bytes:
    """The payload that tells the other end why this one gave up."""
    return write_message("refused", code=error.code)
