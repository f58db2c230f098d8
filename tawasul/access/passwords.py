"""Passwords: argon2id by pwdlib, off the event loop, and the same time for a name that nobody has."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

LONGEST_PASSWORD = 256

_AT_ONCE = 2
"""Verifications at the same time: each takes 64 MiB and a core for some tens of milliseconds."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether the password is right, and, if its hash was made with older parameters, the new one to keep."""

    right: bool
    new_hash: str | None = None


class Passwords:
    """Hashes and verifies. ``hasher`` sets the cost; pwdlib's recommendation is RFC 9106's second."""

    def __init__(self, hasher: Argon2Hasher | None = None) -> None:
        self._hash = PasswordHash((hasher or Argon2Hasher(),))
        self._turns = asyncio.Semaphore(_AT_ONCE)
        self._nobodys = self._hash.hash("the password of nobody")

    async def hash(self, password: str) -> str:
        """For keeping."""
        return await asyncio.to_thread(self._hash.hash, password)

    async def verify(self, password: str, password_hash: str | None) -> Verdict:
        """``None`` for a user whom nobody knows: never right, and it takes as long."""
        async with self._turns:
            right, new_hash = await asyncio.to_thread(
                self._hash.verify_and_update, password, password_hash or self._nobodys
            )
        return Verdict(right, new_hash) if password_hash is not None else Verdict(False)
