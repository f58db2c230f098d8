"""The answers of the relay: success, error and binding, in the protection that the question had."""

from __future__ import annotations

from collections import Counter

from media_relay.core.auth import OFFERED, Authenticator
from media_relay.core.effects import Answer, FiveTuple
from media_relay.core.refusal import Refused, error_code
from media_relay.stun import attributes as stun
from media_relay.stun.message import Message, MessageClass, Method, build

AMPLIFICATION = 4
"""How many times as long as the question the answer to one may be who has not authenticated: a source may be forged,
and the relay must not be worth the trouble to those who would flood somebody with answers."""


class Answers:
    """Builds answers and counts them in ``counters``."""

    def __init__(self, realm: str, authenticator: Authenticator, counters: Counter[str]) -> None:
        self._realm = realm
        self._authenticator = authenticator
        self._counters = counters

    def success(self, message: Message, five_tuple: FiveTuple, *fields: stun.Field, key: bytes | None = None) -> Answer:
        """The success answer to ``message``, signed with ``key`` if there is one."""
        self._counters[f"answered.{Method(message.method).name.lower().replace('_', '-')}"] += 1
        return _answer(message, five_tuple, MessageClass.SUCCESS, fields, key)

    def error(self, message: Message, five_tuple: FiveTuple, refused: Refused, key: bytes) -> Answer:
        """The error answer to an authenticated ``message``."""
        self._counters[f"refused.{refused.code}"] += 1
        code = stun.ERROR_CODE(error_code(refused.code))
        return _answer(message, five_tuple, MessageClass.ERROR, (code, *refused.fields), key)

    def challenge(
        self, message: Message, five_tuple: FiveTuple, refused: Refused, unix_time: float, *, limit: int
    ) -> Answer:
        """The error answer to a ``message`` that has not been authenticated: unsigned, with realm, nonce and the offer
        of password algorithms in 401 and 438 (RFC 8489 section 9.2.4). Without the words that go with the code where
        it would otherwise have more than ``limit`` bytes; it may have more even so."""
        self._counters[f"refused.{refused.code}"] += 1
        fields = refused.fields
        if refused.code in (401, 438):
            nonce = self._authenticator.nonce(five_tuple.client, unix_time)
            fields = (*fields, stun.REALM(self._realm), stun.NONCE(nonce), stun.PASSWORD_ALGORITHMS(OFFERED))
        code = stun.ERROR_CODE(error_code(refused.code))
        answer = _answer(message, five_tuple, MessageClass.ERROR, (code, *fields), None)
        if len(answer.data) <= limit:
            return answer
        wordless = stun.ERROR_CODE(stun.ErrorCode(refused.code, ""))
        return _answer(message, five_tuple, MessageClass.ERROR, (wordless, *fields), None)


def _answer(
    message: Message, five_tuple: FiveTuple, kind: MessageClass, fields: tuple[stun.Field, ...], key: bytes | None
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
