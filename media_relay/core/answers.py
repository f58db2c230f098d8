"""The answers of the relay: success, error and binding, in the protection that the question had."""

from __future__ import annotations

from collections import Counter

from media_relay.core.auth import Authenticator
from media_relay.core.effects import Answer, FiveTuple
from media_relay.core.refusal import REASONS, Refused
from media_relay.stun import attributes as stun
from media_relay.stun.message import Message, MessageClass, Method, build

_UNDERSTOOD = frozenset(
    row.number
    for row in (
        stun.MAPPED_ADDRESS,
        stun.USERNAME,
        stun.ERROR_CODE,
        stun.UNKNOWN_ATTRIBUTES,
        stun.CHANNEL_NUMBER,
        stun.LIFETIME,
        stun.XOR_PEER_ADDRESS,
        stun.DATA,
        stun.REALM,
        stun.NONCE,
        stun.XOR_RELAYED_ADDRESS,
        stun.REQUESTED_ADDRESS_FAMILY,
        stun.EVEN_PORT,
        stun.REQUESTED_TRANSPORT,
        stun.XOR_MAPPED_ADDRESS,
    )
)
"""What this server acts upon, of the attributes that must be understood. RESERVATION-TOKEN and DONT-FRAGMENT are not
among them: WebRTC asks for neither, and 420 says so plainly (RFC 8656 section 7.2)."""


def not_understood(message: Message) -> tuple[int, ...]:
    """The attributes of ``message`` that a server must understand and this one does not, each once."""
    return tuple({number: None for number, _ in message.attributes if number < 0x8000 and number not in _UNDERSTOOD})


def refuse_unknown(message: Message) -> None:
    """Raises Refused (420) when ``message`` asks for what we do not understand (RFC 8489 section 6.3.1)."""
    unknown = not_understood(message)
    if unknown:
        raise Refused(420, unknown)


class Answers:
    """Builds answers and counts them in ``counters``."""

    def __init__(self, realm: str, authenticator: Authenticator, counters: Counter[str]) -> None:
        self._realm = realm
        self._authenticator = authenticator
        self._counters = counters

    def success(self, message: Message, five_tuple: FiveTuple, *fields: stun.Field, key: bytes | None = None) -> Answer:
        """The success answer to ``message``, signed with ``key`` if there is one."""
        self._counters[f"answered.{Method(message.method).name.lower().replace('_', '-')}"] += 1
        return _answer(message, five_tuple, MessageClass.SUCCESS, list(fields), key)

    def error(self, message: Message, five_tuple: FiveTuple, refused: Refused, key: bytes) -> Answer:
        """The error answer to an authenticated ``message``."""
        return self._refusal(message, five_tuple, refused, [], key)

    def challenge(self, message: Message, five_tuple: FiveTuple, refused: Refused, unix_time: float) -> Answer:
        """The error answer to a ``message`` that has not been authenticated: unsigned, with realm and nonce in 401 and
        438 (RFC 8489 section 9.2.4), and small, for its source may be forged."""
        fields: list[stun.Field] = []
        if refused.code in (401, 438):
            nonce = self._authenticator.nonce(five_tuple.client, unix_time)
            fields = [stun.REALM(self._realm), stun.NONCE(nonce)]
        return self._refusal(message, five_tuple, refused, fields, None)

    def _refusal(
        self, message: Message, five_tuple: FiveTuple, refused: Refused, fields: list[stun.Field], key: bytes | None
    ) -> Answer:
        self._counters[f"refused.{refused.code}"] += 1
        code = stun.ERROR_CODE(stun.ErrorCode(refused.code, REASONS[refused.code]))
        unknown = [stun.UNKNOWN_ATTRIBUTES(refused.unknown)] if refused.unknown else []
        return _answer(message, five_tuple, MessageClass.ERROR, [code, *unknown, *fields], key)


def _answer(
    message: Message, five_tuple: FiveTuple, kind: MessageClass, fields: list[stun.Field], key: bytes | None
) -> Answer:
    data = build(
        message.method,
        kind,
        message.transaction_id,
        fields,
        key=key,
        sha256=message.protection.sha256_at is not None,
        fingerprint=message.has_fingerprint,
    )
    return Answer(five_tuple, data)
