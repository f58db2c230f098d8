"""Passwords: argon2id by pwdlib, off the event loop, and the same time for a name that nobody has."""

from __future__ import annotations

import asyncio
import base64
import secrets
from dataclasses import dataclass
from typing import Final

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

LONGEST_PASSWORD: Final = 256

_AT_ONCE: Final = 2
"""Verifications at the same time: each takes 64 MiB and a core for some tens of milliseconds."""


@dataclass(frozen=True, slots=True)
class Cost:
    """What one verification costs. The default is RFC 9106's second recommendation (§4); memory in KiB."""

    time: int = 3
    memory: int = 65536
    parallelism: int = 4


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether the password is right, and, if its hash was made at another cost, the new one to keep."""

    right: bool
    new_hash: str | None = None


class Passwords:
    """Hashes and verifies."""

    def __init__(self, cost: Cost | None = None) -> None:
        cost = cost or Cost()
        self._hash = PasswordHash((Argon2Hasher(cost.time, cost.memory, cost.parallelism),))
        self._turns = asyncio.Semaphore(_AT_ONCE)
        self._nobodys = _hash_of_no_password(cost)

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


def _hash_of_no_password(cost: Cost) -> str:
    """A hash in argon2's encoding with random bytes for its salt and digest: as dear to verify, and of no password."""
    salt, digest = (base64.b64encode(secrets.token_bytes(size)).rstrip(b"=").decode() for size in (16, 32))
    return f"$argon2id$v=19$m={cost.memory},t={cost.time},p={cost.parallelism}${salt}${digest}"
