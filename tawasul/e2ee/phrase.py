"""The phrase: six digits that both people see, and a picture beside each for who does not read digits aloud.

With the commitment in the handshake, somebody in the middle has one try in a million to make both phrases the same.
"""

from __future__ import annotations

from tawasul.e2ee.session import EpochSecrets

DIGITS = 6

PICTURES = ("palm", "camel", "falcon", "coffee-pot", "lantern", "tent", "moon", "horse", "key", "ship")
"""The picture of each digit, 0 to 9. Both ends show the same ones."""


def phrase_of(secrets: EpochSecrets) -> str:
    """The six digits of a handshake."""
    number = int.from_bytes(secrets.derive(b"tawasul/1 phrase", 8), "big")
    return f"{number % 10**DIGITS:0{DIGITS}}"


def pictures_of(phrase: str) -> tuple[str, ...]:
    """The names of the pictures beside a phrase's digits."""
    return tuple(PICTURES[int(digit)] for digit in phrase)
