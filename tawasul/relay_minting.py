"""Credentials for a check of a relay: minted where the secret is, and carried in a file to where the check is made.

The secret of a fleet is every relay's, and holds for years; such a file holds for an hour or so, and lets nobody mint.
"""

from __future__ import annotations

import json
import secrets
from pathlib import Path

from pydantic import BaseModel, ConfigDict, SecretStr, ValidationError

from kiosk_client.key_file import replace_private
from tawasul.access.relay_credentials import MalformedRelayUsername, RelayCredentials, mint, read_username
from tawasul.domain.errors import TawasulError
from tawasul.settings import Settings

CHECK_NAME = "relay-check"
"""As whom a check allocates, with digits of its own behind it: as one user, two checks at once would take each other's
allocations away. It names no person."""


class NoSecretToMintWith(TawasulError):
    """Neither the settings nor the data folder of this machine have a relay's secret."""

    code = "no-secret-to-mint-with"


class NoCheckCredentials(TawasulError):
    """A file that should hold credentials of a check does not."""

    code = "no-check-credentials"


class _File(BaseModel):
    """The file, as JSON: what the answer of a TURN REST service has of the same names."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    username: str
    password: SecretStr


def secret_here(settings: Settings) -> str | None:
    """The secret of this machine's settings, given or made by its server; None where there is none. It makes none."""
    if not settings.relay.secrets and not (settings.directory / "relay.key").exists():
        return None
    return settings.relay_with_secret.secrets[0].get_secret_value()


def for_a_check(secret: str, expires_at: int) -> RelayCredentials:
    """Credentials of no other check, until ``expires_at``, unix seconds."""
    return mint(secret, f"{CHECK_NAME}-{secrets.token_hex(4)}", expires_at)


def for_a_check_elsewhere(settings: Settings, expires_at: int) -> RelayCredentials:
    """The same, by the secret of ``settings``. Raises NoSecretToMintWith."""
    secret = secret_here(settings)
    if secret is None:
        raise NoSecretToMintWith(
            "there is no relay's secret here: ask for credentials at the server, with its settings (TAWASUL_DIRECTORY "
            "or TAWASUL_RELAY__SECRETS)"
        )
    return for_a_check(secret, expires_at)


def write(path: Path, credentials: RelayCredentials) -> None:
    """Writes ``path``, whole or not at all, readable by its owner alone. Raises OSError."""
    text = json.dumps({"username": credentials.username, "password": credentials.password}, indent=2)
    replace_private(path, f"{text}\n".encode())


def parsed(text: str, path: Path) -> RelayCredentials:
    """What ``write`` wrote to ``path``, read from there. Raises NoCheckCredentials, which quotes nothing of it."""
    try:
        held = _File.model_validate_json(text)
        read_username(held.username)
    except (ValidationError, MalformedRelayUsername):
        raise NoCheckCredentials(
            f"{path} holds no credentials for a check: `tawasul relay credentials` at the server writes such a file"
        ) from None
    return RelayCredentials(held.username, held.password.get_secret_value())
