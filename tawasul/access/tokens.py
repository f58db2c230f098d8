"""Random secrets for cookies, and the hash of them that is kept."""

from __future__ import annotations

import hashlib
import secrets

TOKEN_BYTES = 32
LONGEST_TOKEN = 64


def new_token() -> str:
    """32 random bytes, base64url: 43 characters."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def hash_of(token: str) -> bytes:
    """SHA-256, 32 bytes. No salt and no stretching: the token is random and cannot be guessed from its hash."""
    return hashlib.sha256(token.encode()).digest()
