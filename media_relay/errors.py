"""Everything that can go wrong in the relay, as one drawn tree.

RelayError
├── MalformedMessage      the bytes are not a STUN message: dropped in silence           malformed-message
├── MalformedAttribute    a STUN message with an attribute that makes no sense           malformed-attribute
├── RelayConfigError      the configuration cannot be served                             relay-config
├── RelayPortTaken        another program listens where the relay should                 relay-port-taken
├── RelayAddressMissing   an address to listen on is not one of this machine             relay-address-missing
├── RelayPortsExhausted   no free port is left for a relayed address                     relay-ports-exhausted
├── RelayStartFailed      the relay process ended, or was not ready in time              relay-start-failed
├── AnswerNotStun         what answers a client of ours is no relay                      answer-not-stun
└── RequestRefused        a relay has refused a request of ours                          request-refused
"""

from __future__ import annotations

from typing import Self

EXIT_CONFIG = 2
"""Status with which a relay process ends when its configuration cannot be served."""
EXIT_PORT_TAKEN = 3
"""Status with which it ends on RelayPortTaken."""


class RelayError(Exception):
    """The root: catch this to catch all of the relay's errors. ``code`` is stable, for programs."""

    code = "relay"


class MalformedMessage(RelayError):
    """The bytes break the framing of a STUN message (RFC 8489 section 5 or 14)."""

    code = "malformed-message"


class MalformedAttribute(RelayError):
    """The framing holds, but the value of ``attribute`` does not: the peer is answered 400."""

    code = "malformed-attribute"

    def __init__(self, attribute: str, reason: str) -> None:
        super().__init__(f"{attribute}: {reason}")
        self.attribute = attribute


class RelayConfigError(RelayError):
    """The configuration is unreadable or contradicts itself."""

    code = "relay-config"


class RelayPortTaken(RelayError):
    """Another program already listens where the relay should; the message says on which port, and of what."""

    code = "relay-port-taken"

    def __init__(self, host: str, port: int, protocol: str = "UDP") -> None:
        super().__init__(
            f"{protocol} port {port} on {host} is taken by another program; "
            "stop it, or choose another port for the relay"
        )

    @classmethod
    def said(cls, sentence: str) -> Self:
        """As the relay's process has said it to who started it."""
        return cls.__new__(cls, sentence)


class RelayAddressMissing(RelayError):
    """``host`` is not an address of this machine, or may not be bound by this user."""

    code = "relay-address-missing"

    def __init__(self, host: str, reason: str) -> None:
        super().__init__(f"the relay cannot listen on {host}: {reason}")
        self.host = host


class RelayPortsExhausted(RelayError):
    """Every port of the configured range is in use."""

    code = "relay-ports-exhausted"


class RelayStartFailed(RelayError):
    """The relay process did not come up; the message carries what it said."""

    code = "relay-start-failed"


class AnswerNotStun(RelayError):
    """What answers is something else than STUN, or not what was asked for."""

    code = "answer-not-stun"


class RequestRefused(RelayError):
    """A relay answered with error ``number`` (RFC 8489 section 14.8); a challenge carries ``realm`` and ``nonce``."""

    code = "request-refused"

    def __init__(self, number: int, realm: str = "", nonce: str = "") -> None:
        super().__init__(f"the relay answered {number}")
        self.number = number
        self.realm = realm
        self.nonce = nonce
