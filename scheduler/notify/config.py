"""What messages to citizens are told from outside."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class NotifyConfig(BaseModel):
    """How messages leave, and the address in their links."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    carrier: Literal["file", "console"] = "file"
    """``file``: lines of JSON in ``messages/`` of the directory; ``console``: the terminal of the service."""
    address: str | None = Field(default=None, pattern=r"^https?://[A-Za-z0-9.:\[\]-]+$", max_length=60)
    """How citizens reach the service, such as ``https://majlis.example.sa``; absent: where the pages are served."""
