"""What the service is told from outside: environment variables ``TAWASUL_…`` (``TAWASUL_SERVER__PORT``).

Nothing here is global: built once, in the command line, and passed down. Each part has a plain model of its room's.
"""

from __future__ import annotations

from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from media_relay.config import RelayConfig
from signaling.ice import IceConfig
from tawasul.domain.errors import InvalidInput
from tawasul.store.key_file import load_or_create


class ServerConfig(BaseModel):
    """Where pages and lines are served. With a certificate (PEM) and its key it is HTTPS."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=0, le=65535)
    certificate: Path | None = None
    certificate_key: Path | None = None
    authority: Path | None = None
    """The certificate (PEM) of a local authority, offered for download at ``/authority.crt``. For trials."""
    behind_https: bool = False
    """A reverse proxy on this machine speaks HTTPS for us: cookies are marked Secure."""

    @property
    def https(self) -> bool:
        """Whether people reach the service by HTTPS."""
        return self.certificate is not None or self.behind_https


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

    @property
    def database(self) -> str:
        """The SQLAlchemy URL."""
        if self.database_url is not None:
            return self.database_url.get_secret_value()
        return f"sqlite+aiosqlite:///{self.directory.absolute() / 'tawasul.db'}"

    @property
    def relay_with_secret(self) -> RelayConfig:
        """The relay's configuration, with the secret of ``directory`` where none was given."""
        if self.relay.secrets:
            return self.relay
        secret = SecretStr(load_or_create(self.directory / "relay.key").hex())
        return self.relay.model_copy(update={"secrets": (secret,)})

    @classmethod
    def from_environment(cls) -> Settings:
        """Raises: InvalidSettings: names each variable that is wrong, never its value."""
        try:
            return cls()
        except ValidationError as error:
            raise InvalidSettings(error) from None


class InvalidSettings(InvalidInput):
    """The environment holds something that cannot be right. ``lines``: one sentence for each."""

    code = "invalid-settings"

    def __init__(self, error: ValidationError) -> None:
        self.lines = [
            f"TAWASUL_{'__'.join(str(part) for part in problem['loc']).upper()}: {problem['msg']}"
            for problem in error.errors(include_input=False, include_url=False, include_context=False)
        ]
        super().__init__("; ".join(self.lines))
