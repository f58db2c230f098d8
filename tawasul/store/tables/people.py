"""Staff and their sign-ins; citizens, whose personal columns are sealed (``tawasul.store.sealed``)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Boolean, ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from tawasul.store.tables.base import LONGEST_ID, Base, UtcDateTime


class StaffRow(Base):
    """A member of staff."""

    __tablename__ = "staff"

    id: Mapped[str] = mapped_column(String(LONGEST_ID), primary_key=True)
    user_name: Mapped[str] = mapped_column(String(64), unique=True)
    display_name: Mapped[str] = mapped_column(String(120))
    role: Mapped[str] = mapped_column(String(16))
    governorate_id: Mapped[str | None] = mapped_column(ForeignKey("governorates.id"))
    agency_id: Mapped[str | None] = mapped_column(ForeignKey("agencies.id"))
    password_hash: Mapped[str] = mapped_column(String(255))
    active: Mapped[bool] = mapped_column(Boolean())


class SignInRow(Base):
    """A sign-in of a member of staff. Only the hash of its token is kept."""

    __tablename__ = "sign_ins"

    id: Mapped[str] = mapped_column(String(LONGEST_ID), primary_key=True)
    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    staff_id: Mapped[str] = mapped_column(ForeignKey("staff.id", ondelete="CASCADE"), index=True)
    signed_in_at: Mapped[datetime] = mapped_column(UtcDateTime())
    last_seen_at: Mapped[datetime] = mapped_column(UtcDateTime())
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime(), index=True)


class CitizenRow(Base):
    """A citizen. The sealed columns open only with the key; the hashes are how a number is found again."""

    __tablename__ = "citizens"

    id: Mapped[str] = mapped_column(String(LONGEST_ID), primary_key=True)
    name_sealed: Mapped[bytes] = mapped_column(LargeBinary())
    national_id_sealed: Mapped[bytes] = mapped_column(LargeBinary())
    national_id_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    mobile_sealed: Mapped[bytes] = mapped_column(LargeBinary())
    mobile_hash: Mapped[bytes] = mapped_column(LargeBinary(32), index=True)
    kind: Mapped[str] = mapped_column(String(16))
    registered_at: Mapped[datetime] = mapped_column(UtcDateTime())


class CitizenNameTokenRow(Base):
    """A keyed hash of a word of a citizen's name, or of its beginning: by these a name is found without being read."""

    __tablename__ = "citizen_name_tokens"

    token: Mapped[bytes] = mapped_column(LargeBinary(16), primary_key=True)
    citizen_id: Mapped[str] = mapped_column(ForeignKey("citizens.id", ondelete="CASCADE"), primary_key=True, index=True)


class PersonalDataKeyRow(Base):
    """The identifier of each key that sealed something here, so that a wrong key file is noticed at start."""

    __tablename__ = "personal_data_keys"

    key_id: Mapped[bytes] = mapped_column(LargeBinary(4), primary_key=True)
    first_used_at: Mapped[datetime] = mapped_column(UtcDateTime())
