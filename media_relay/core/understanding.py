"""Which attributes this server understands: what it does not, and must, is answered 420 (RFC 8489 section 6.3.1)."""

from __future__ import annotations

from media_relay.core.effects import Abilities
from media_relay.core.refusal import Refused
from media_relay.stun import attributes as stun
from media_relay.stun.message import Message

_ALWAYS = (
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
    stun.PASSWORD_ALGORITHM,
    stun.USERHASH,
    stun.XOR_MAPPED_ADDRESS,
    stun.RESERVATION_TOKEN,
)


class Understanding:
    """What is understood over a data plane of these ``abilities``: DONT-FRAGMENT is, only where it can be done
    (RFC 8656 sections 7.2 and 11.2)."""

    def __init__(self, abilities: Abilities) -> None:
        rows = (*_ALWAYS, stun.DONT_FRAGMENT) if abilities.dont_fragment else _ALWAYS
        self._numbers = frozenset(row.number for row in rows)

    def lacking(self, message: Message) -> tuple[int, ...]:
        """The attributes of ``message`` that a server must understand and this one does not, each once."""
        return tuple(
            {number: None for number, _ in message.attributes if number < 0x8000 and number not in self._numbers}
        )

    def check(self, message: Message) -> None:
        """Raises Refused (420) when ``message`` asks for what is not understood."""
        unknown = self.lacking(message)
        if unknown:
            raise Refused(420, stun.UNKNOWN_ATTRIBUTES(unknown))
