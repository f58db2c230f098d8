"""The error answers of the relay: a table of codes, and the exception by which a step of the core chooses one."""

from __future__ import annotations

from media_relay.stun.attributes import ErrorCode, Field

REASONS: dict[int, str] = {
    300: "Try Alternate",  # RFC 8489 14.8
    400: "Bad Request",  # RFC 8489 14.8
    401: "Unauthorized",  # RFC 8489 14.8
    403: "Forbidden",  # RFC 8656 19
    420: "Unknown Attribute",  # RFC 8489 14.8
    437: "Allocation Mismatch",  # RFC 8656 19
    438: "Stale Nonce",  # RFC 8489 14.8
    440: "Address Family not Supported",  # RFC 8656 19
    441: "Wrong Credentials",  # RFC 8656 19
    442: "Unsupported Transport Protocol",  # RFC 8656 19
    443: "Peer Address Family Mismatch",  # RFC 8656 19
    486: "Allocation Quota Reached",  # RFC 8656 19
    508: "Insufficient Capacity",  # RFC 8656 19
}


class Refused(Exception):
    """The request is answered with error ``code`` and what else belongs to it: ``fields``."""

    def __init__(self, code: int, *fields: Field) -> None:
        super().__init__(f"{code} {REASONS[code]}")
        self.code = code
        self.fields = fields


def error_code(code: int) -> ErrorCode:
    """``code`` with its words."""
    return ErrorCode(code, REASONS[code])
