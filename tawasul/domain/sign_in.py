"""Proofs of entry that are kept: a member of staff's sign-in, and the device a citizen's link belongs to.

What is kept is only ever the hash of a secret: the database, read by a stranger, opens no door.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import NewType

from tawasul.domain.audience import AudienceId
from tawasul.domain.people import StaffId

SignInId = NewType("SignInId", str)


@dataclass(frozen=True, slots=True)
class SignIn:
    """One sign-in of one browser. ``token_hash`` is SHA-256 (32 bytes) of the token in its cookie."""

    id: SignInId
    token_hash: bytes
    staff_id: StaffId
    signed_in_at: datetime
    last_seen_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class LinkDevice:
    """The link of one audience: which ``generation`` of it is valid, until when, and the device that used it first.

    ``device_hash`` is SHA-256 (32 bytes) of the device's secret, or ``None`` while nobody has used the link.
    """

    audience_id: AudienceId
    generation: int
    expires_at: datetime
    device_hash: bytes | None = None
    bound_at: datetime | None = None
