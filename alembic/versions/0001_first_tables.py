"""The first tables: places, people, sittings, audiences, their slots and links, and the outbox."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """From nothing."""
    op.create_table(
        "citizens",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("name_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("national_id_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("national_id_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("mobile_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("mobile_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("registered_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_citizens")),
        sa.UniqueConstraint("national_id_hash", name=op.f("uq_citizens_national_id_hash")),
    )
    op.create_index(op.f("ix_citizens_mobile_hash"), "citizens", ["mobile_hash"], unique=False)

    op.create_table(
        "outbox",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("audience_id", sa.String(length=64), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("happened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_attempt_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("parked_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
        sqlite_autoincrement=True,
    )
    op.create_index(
        op.f("ix_outbox_to_publish"),
        "outbox",
        ["id"],
        unique=False,
        sqlite_where=sa.text("published_at IS NULL AND parked_at IS NULL"),
        postgresql_where=sa.text("published_at IS NULL AND parked_at IS NULL"),
    )

    op.create_table(
        "personal_data_keys",
        sa.Column("key_id", sa.LargeBinary(length=4), nullable=False),
        sa.Column("first_used_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key_id", name=op.f("pk_personal_data_keys")),
    )
    op.create_table(
        "regions",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("name_arabic", sa.String(length=120), nullable=False),
        sa.Column("name_english", sa.String(length=120), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_regions")),
    )
    op.create_table(
        "sittings",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("opens_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("slot_seconds", sa.Integer(), nullable=False),
        sa.Column("purpose", sa.String(length=16), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sittings")),
    )
    op.create_index(op.f("ix_sittings_opens_at"), "sittings", ["opens_at"], unique=False)

    op.create_table(
        "governorates",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("region_id", sa.String(length=64), nullable=False),
        sa.Column("name_arabic", sa.String(length=120), nullable=False),
        sa.Column("name_english", sa.String(length=120), nullable=False),
        sa.Column("latitude", sa.Double(), nullable=False),
        sa.Column("longitude", sa.Double(), nullable=False),
        sa.ForeignKeyConstraint(["region_id"], ["regions.id"], name=op.f("fk_governorates_region_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_governorates")),
    )
    op.create_table(
        "centres",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("governorate_id", sa.String(length=64), nullable=False),
        sa.Column("name_arabic", sa.String(length=120), nullable=False),
        sa.Column("name_english", sa.String(length=120), nullable=False),
        sa.Column("latitude", sa.Double(), nullable=False),
        sa.Column("longitude", sa.Double(), nullable=False),
        sa.ForeignKeyConstraint(["governorate_id"], ["governorates.id"], name=op.f("fk_centres_governorate_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_centres")),
    )
    op.create_index(op.f("ix_centres_governorate_id"), "centres", ["governorate_id"], unique=False)

    op.create_table(
        "staff",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("user_name", sa.String(length=64), nullable=False),
        sa.Column("display_name", sa.String(length=120), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("governorate_id", sa.String(length=64), nullable=True),
        sa.Column("password_hash", sa.String(length=255), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["governorate_id"], ["governorates.id"], name=op.f("fk_staff_governorate_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff")),
        sa.UniqueConstraint("user_name", name=op.f("uq_staff_user_name")),
    )
    op.create_table(
        "kiosks",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("centre_id", sa.String(length=64), nullable=False),
        sa.Column("name_arabic", sa.String(length=120), nullable=False),
        sa.Column("name_english", sa.String(length=120), nullable=False),
        sa.Column("public_key", sa.LargeBinary(length=32), nullable=True),
        sa.ForeignKeyConstraint(["centre_id"], ["centres.id"], name=op.f("fk_kiosks_centre_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kiosks")),
    )
    op.create_index(op.f("ix_kiosks_centre_id"), "kiosks", ["centre_id"], unique=False)

    op.create_table(
        "sign_ins",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("staff_id", sa.String(length=64), nullable=False),
        sa.Column("signed_in_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_sign_ins_staff_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_ins")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_sign_ins_token_hash")),
    )
    op.create_index(op.f("ix_sign_ins_expires_at"), "sign_ins", ["expires_at"], unique=False)
    op.create_index(op.f("ix_sign_ins_staff_id"), "sign_ins", ["staff_id"], unique=False)

    op.create_table(
        "audiences",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("reference", sa.String(length=16), nullable=False),
        sa.Column("citizen_id", sa.String(length=64), nullable=False),
        sa.Column("sitting_id", sa.String(length=64), nullable=False),
        sa.Column("slot_starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("venue", sa.String(length=16), nullable=False),
        sa.Column("kiosk_id", sa.String(length=64), nullable=True),
        sa.Column("governorate_id", sa.String(length=64), nullable=False),
        sa.Column("subject_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("assurance", sa.String(length=16), nullable=False),
        sa.Column("arrived_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("call_id", sa.String(length=64), nullable=True),
        sa.Column("called_in_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("joined_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("heard_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("concluded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("interruptions", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.String(length=16), nullable=True),
        sa.Column("wording_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["citizen_id"], ["citizens.id"], name=op.f("fk_audiences_citizen_id")),
        sa.ForeignKeyConstraint(["governorate_id"], ["governorates.id"], name=op.f("fk_audiences_governorate_id")),
        sa.ForeignKeyConstraint(["kiosk_id"], ["kiosks.id"], name=op.f("fk_audiences_kiosk_id")),
        sa.ForeignKeyConstraint(["sitting_id"], ["sittings.id"], name=op.f("fk_audiences_sitting_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audiences")),
        sa.UniqueConstraint("reference", name=op.f("uq_audiences_reference")),
    )
    op.create_index(op.f("ix_audiences_sitting_id"), "audiences", ["sitting_id"], unique=False)
    op.create_index(
        op.f("uq_audiences_open_of_citizen"),
        "audiences",
        ["citizen_id", "sitting_id"],
        unique=True,
        sqlite_where=sa.text("state IN ('arrived', 'booked', 'called-in', 'heard', 'in-call')"),
        postgresql_where=sa.text("state IN ('arrived', 'booked', 'called-in', 'heard', 'in-call')"),
    )
    op.create_index(
        op.f("uq_audiences_with_the_office"),
        "audiences",
        ["sitting_id"],
        unique=True,
        sqlite_where=sa.text("state IN ('called-in', 'heard', 'in-call')"),
        postgresql_where=sa.text("state IN ('called-in', 'heard', 'in-call')"),
    )

    op.create_table(
        "link_devices",
        sa.Column("audience_id", sa.String(length=64), nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("device_hash", sa.LargeBinary(length=32), nullable=True),
        sa.Column("bound_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["audience_id"], ["audiences.id"], name=op.f("fk_link_devices_audience_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("audience_id", name=op.f("pk_link_devices")),
    )
    op.create_table(
        "occupancies",
        sa.Column("resource", sa.String(length=72), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("audience_id", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["audience_id"], ["audiences.id"], name=op.f("fk_occupancies_audience_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("resource", "starts_at", name=op.f("pk_occupancies")),
    )
    op.create_index(op.f("ix_occupancies_audience_id"), "occupancies", ["audience_id"], unique=False)


def downgrade() -> None:
    """Back to nothing."""
    op.drop_table("occupancies")
    op.drop_table("link_devices")
    op.drop_table("audiences")
    op.drop_table("sign_ins")
    op.drop_table("kiosks")
    op.drop_table("staff")
    op.drop_table("centres")
    op.drop_table("governorates")
    op.drop_table("sittings")
    op.drop_table("regions")
    op.drop_table("personal_data_keys")
    op.drop_table("outbox")
    op.drop_table("citizens")
