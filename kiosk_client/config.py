"""What a kiosk has to be told: where the service is, who it is, and what it sends."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from kiosk_client.media.sources import Source, choose_source
from tawasul.protocol.base import Identifier, Reference


class KioskConfig(BaseModel):
    """One kiosk. Relative paths are taken from the working directory.

    `server`: `http://` or `https://` address of the service. `kiosk_id`: the name under which it is registered.
    `key_file`: its device key, made there at the first start. `authority`: certificates (PEM) to trust instead of the
    machine's. `anchor`: the region's anchor, brought by a person. `office`: the place of the office that it calls, and
    no other. `camera`, `microphone`: V4L2 and ALSA devices; `media_file` instead of both; the synthetic citizen stands
    in for what is not given. `check_in`: references that are checked in without anybody at the kiosk.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    server: str = "http://127.0.0.1:8000"
    kiosk_id: Identifier
    key_file: Path
    authority: Path | None = None
    anchor: Path | None = None
    office: Annotated[str, Field(pattern=r"^[a-z0-9-]{1,64}$")] = "emirate"
    camera: str | None = None
    microphone: str | None = None
    media_file: Path | None = None
    check_in: tuple[Reference, ...] = ()

    @field_validator("server")
    @classmethod
    def _is_an_origin(cls, server: str) -> str:
        parts = urlsplit(server)
        if parts.scheme not in {"http", "https"} or not parts.hostname or parts.path.strip("/") or parts.query:
            raise ValueError("give the service's address alone, as http://host:port or https://host")
        return f"{parts.scheme}://{parts.netloc}"

    @model_validator(mode="after")
    def _one_source(self) -> KioskConfig:
        self.source()
        return self

    def source(self) -> Source:
        """What the kiosk sends. Nothing is opened yet."""
        return choose_source(camera=self.camera, microphone=self.microphone, file=self.media_file)

    def line_address(self, door: str) -> str:
        """The WebSocket address of a door (`kiosk`, `office`) of the service's signaling."""
        return line_address(self.server, door)


def line_address(server: str, door: str) -> str:
    """`http://host` → `ws://host/signaling/<door>`, and https → wss."""
    return f"ws{server.removeprefix('http')}/signaling/{door}"
