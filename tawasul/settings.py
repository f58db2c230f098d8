"""What the service is told from outside: environment variables ``TAWASUL_…`` (``TAWASUL_SERVER__PORT``).

Nothing here is global: built once, in the command line, and passed down. Each part has a plain model of its room's.
"""

from __future__ import annotations

import json
import os
import ssl
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, HttpUrl, SecretStr, ValidationError, ValidationInfo
from pydantic import field_validator as validator
from pydantic_settings import BaseSettings, SettingsConfigDict, SettingsError

from media_relay.config import RelayConfig
from scheduler.notify.config import NotifyConfig
from signaling.ice import IceConfig
from tawasul.domain.errors import InvalidInput
from tawasul.store.key_file import load_or_create


class ServerConfig(BaseModel):
    """Where pages and lines are served. With a certificate (PEM) and its key it is HTTPS."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=0, le=65535)
    certificate: Path | None = None
    certificate_key: Path | None = Field(default=None, validate_default=True)
    authority: Path | None = None
    """The certificate (PEM) of a local authority, offered for download at ``/authority.crt``. For trials."""
    behind_https: bool = False
    """A reverse proxy on this machine speaks HTTPS for us: cookies are marked Secure."""

    @validator("certificate_key")
    @classmethod
    def _they_belong_together(cls, key: Path | None, others: ValidationInfo) -> Path | None:
        # Now, and not when the relay runs already and the first citizen waits.
        certificate = others.data.get("certificate")
        if (certificate is None) != (key is None):
            raise ValueError("HTTPS needs both a certificate and its key")
        if certificate is not None and key is not None:
            try:
                # A key under a passphrase would ask for it where nobody sits.
                ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(certificate, key, password=lambda: b"")
            except OSError:
                raise ValueError(
                    "the certificate and its key cannot be used: two PEM files, readable, that belong together"
                ) from None
        return key

    @property
    def https(self) -> bool:
        """Whether people reach the service by HTTPS."""
        return self.certificate is not None or self.behind_https

    @property
    def trusting(self) -> ssl.SSLContext | None:
        """Whom to believe besides those whom this system believes: the local authority, if there is one."""
        if self.authority is None:
            return None
        context = ssl.create_default_context()
        context.load_verify_locations(self.authority)
        return context

    @property
    def address(self) -> str:
        """How people on this machine reach the service."""
        return f"{'https' if self.https else 'http'}://{self.host}:{self.port}"


class TrustConfig(BaseModel):
    """Where the issuer of the devices' certificates is."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    issuer: HttpUrl | None = None
    """Its address, on another host; what passes is signed, so that ``http`` does on a network of one's own."""


class Settings(BaseSettings):
    """Everything. Defaults serve one machine, from a folder ``.tawasul`` beside where it is started."""

    model_config = SettingsConfigDict(
        env_prefix="TAWASUL_", env_nested_delimiter="__", frozen=True, extra="forbid", env_file=None
    )

    directory: Path = Path(".tawasul")
    """Database, keys and the relay's state. For its owner alone."""
    database_url: SecretStr | None = None
    """``sqlite+aiosqlite:///…`` or ``postgresql+psycopg://…``; absent: a SQLite file in ``directory``."""
    region: str = Field(default="madinah", pattern=r"^[a-z0-9-]+$")
    """The places to load: a file of ``tawasul/store/data``."""
    server: ServerConfig = ServerConfig()
    relay: RelayConfig = RelayConfig()
    ice: IceConfig = IceConfig()
    trust: TrustConfig = TrustConfig()
    notify: NotifyConfig = NotifyConfig()

    @property
    def database(self) -> str:
        """The SQLAlchemy URL."""
        if self.database_url is not None:
            return self.database_url.get_secret_value()
        return f"sqlite+aiosqlite:///{self.directory.absolute() / 'tawasul.db'}"

    @property
    def relay_with_secret(self) -> RelayConfig:
        """The relay's configuration, with the secret of ``directory`` where none was given.

        A relay that listens on loopback alone serves a trial on this one machine, where both ends are relayed on
        loopback: there, and only to its own relayed addresses, it may send. By TLS it serves the pages' certificate,
        unless it was given one.
        """
        relay = self.relay
        if all(address.is_loopback for address in relay.addresses):
            relay = relay.model_copy(update={"allow_loopback": True})
        if relay.tls_port is not None and relay.certificate is None:
            files = {"certificate": self.server.certificate, "certificate_key": self.server.certificate_key}
            relay = relay.model_copy(update={name: file.absolute() for name, file in files.items() if file is not None})
        if relay.secrets:
            return relay
        secret = SecretStr(load_or_create(self.directory / "relay.key").hex())
        return relay.model_copy(update={"secrets": (secret,)})

    @classmethod
    def from_environment(cls) -> Settings:
        """Raises: InvalidSettings: names each variable that is wrong, never its value."""
        try:
            return cls()
        except ValidationError as error:
            raise InvalidSettings(_complaints(error)) from None
        except SettingsError as error:
            raise InvalidSettings([f"{_not_json(error)}: not the JSON that belongs there"]) from None


class InvalidSettings(InvalidInput):
    """The environment holds something that cannot be right. ``lines``: one sentence for each variable."""

    code = "invalid-settings"

    def __init__(self, lines: list[str]) -> None:
        self.lines = lines
        super().__init__("; ".join(lines))


def _complaints(error: ValidationError) -> list[str]:
    found: dict[str, str] = {}
    for problem in error.errors(include_input=False, include_url=False, include_context=False):
        # A place within a list is no part of a variable's name.
        names = [part for part in problem["loc"] if isinstance(part, str)]
        found.setdefault(f"TAWASUL_{'__'.join(names).upper()}", problem["msg"].removeprefix("Value error, "))
    return [f"{variable}: {message}" for variable, message in found.items()]


def _not_json(error: SettingsError) -> str:
    """The variable; the library names no more than the part of the settings that it belongs to."""
    cause = error.__cause__
    if isinstance(cause, json.JSONDecodeError):
        for name, value in os.environ.items():
            if name.upper().startswith("TAWASUL_") and value == cause.doc:
                return name
    return "TAWASUL_…"
