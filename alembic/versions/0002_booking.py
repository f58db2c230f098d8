"""Booking: hours and calendar, slots with an end, grains and holds, waitlist, petitions, tasks, messages, audit log."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_GRAIN = timedelta(minutes=5)
_TIME = sa.DateTime(timezone=True)

_audiences = sa.table(
    "audiences",
    sa.column("id", sa.String),
    sa.column("sitting_id", sa.String),
    sa.column("slot_starts_at", _TIME),
    sa.column("slot_ends_at", _TIME),
)
_sittings = sa.table("sittings", sa.column("id", sa.String), sa.column("slot_seconds", sa.Integer))
_occupancies = sa.table(
    "occupancies",
    sa.column("resource", sa.String),
    sa.column("starts_at", _TIME),
    sa.column("audience_id", sa.String),
)


def upgrade() -> None:
    """From the first tables. Slots get an end, and what is taken of a kiosk becomes grains."""
    _new_tables()
    _wider_tables()
    _audiences_with_an_end()
    _occupancies_in_grains()


def downgrade() -> None:
    """Back to the first tables. What only the new ones hold is lost, and nobody holds a slot for a while."""
    _occupancies_of_slots()
    with op.batch_alter_table("audiences") as table:
        table.drop_constraint(op.f("fk_audiences_booked_governorate_id"), type_="foreignkey")
        table.drop_index(op.f("ix_audiences_slot_starts_at"))
        table.drop_index(op.f("ix_audiences_citizen_id"))
        for column in (
            "missed_because", "language", "holds_slot", "walk_in", "priorities", "party_sealed",
            "booked_governorate_id", "slot_ends_at",
        ):  # fmt: skip
            table.drop_column(column)
    for name, columns in (
        ("sittings", ("quota", "buffer_seconds", "receiver")),
        ("regions", ("emirate",)),
        ("centres", ("pauses", "hours", "closes_on", "opens_on", "kind")),
    ):
        with op.batch_alter_table(name) as table:
            for column in columns:
                table.drop_column(column)
    for name in (
        "offers", "waitlist_entries", "tasks", "petitions", "messages", "attachments", "holds", "blackouts",
        "centre_stops", "towns", "holidays", "citizen_name_tokens", "ramadans", "audit_entries",
    ):  # fmt: skip
        op.drop_table(name)


def _new_tables() -> None:
    op.create_table(
        "audit_entries",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_kind", sa.String(length=16), nullable=False),
        sa.Column("actor_id", sa.String(length=64), nullable=False),
        sa.Column("action", sa.String(length=32), nullable=False),
        sa.Column("subject_kind", sa.String(length=16), nullable=False),
        sa.Column("subject_id", sa.String(length=64), nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("chain", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("previous", sa.LargeBinary(length=32), nullable=True),
        sa.Column("digest", sa.LargeBinary(length=32), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_entries")),
        sa.UniqueConstraint("chain", name=op.f("uq_audit_entries_chain")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_audit_entries_actor"), "audit_entries", ["actor_kind", "actor_id"], unique=False)
    op.create_index(op.f("ix_audit_entries_subject"), "audit_entries", ["subject_kind", "subject_id"], unique=False)
    op.create_index(
        op.f("ix_audit_entries_to_chain"),
        "audit_entries",
        ["id"],
        unique=False,
        sqlite_where=sa.text("digest IS NULL"),
        postgresql_where=sa.text("digest IS NULL"),
    )

    op.create_table(
        "ramadans",
        sa.Column("hijri_year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("hijri_year", name=op.f("pk_ramadans")),
    )
    op.create_table(
        "citizen_name_tokens",
        sa.Column("token", sa.LargeBinary(length=16), nullable=False),
        sa.Column("citizen_id", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["citizen_id"], ["citizens.id"], name=op.f("fk_citizen_name_tokens_citizen_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("token", "citizen_id", name=op.f("pk_citizen_name_tokens")),
    )
    op.create_index(op.f("ix_citizen_name_tokens_citizen_id"), "citizen_name_tokens", ["citizen_id"], unique=False)

    op.create_table(
        "holidays",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("name_arabic", sa.String(length=120), nullable=False),
        sa.Column("name_english", sa.String(length=120), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("governorate_id", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(["governorate_id"], ["governorates.id"], name=op.f("fk_holidays_governorate_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_holidays")),
    )
    op.create_table(
        "towns",
        sa.Column("governorate_id", sa.String(length=64), nullable=False),
        sa.Column("name_arabic", sa.String(length=120), nullable=False),
        sa.Column("name_english", sa.String(length=120), nullable=False),
        sa.Column("latitude", sa.Double(), nullable=False),
        sa.Column("longitude", sa.Double(), nullable=False),
        sa.Column("also", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["governorate_id"], ["governorates.id"], name=op.f("fk_towns_governorate_id")),
        sa.PrimaryKeyConstraint("governorate_id", "name_arabic", name=op.f("pk_towns")),
    )
    op.create_table(
        "centre_stops",
        sa.Column("centre_id", sa.String(length=64), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("opens", sa.Time(), nullable=False),
        sa.Column("closes", sa.Time(), nullable=False),
        sa.Column("place_arabic", sa.String(length=120), nullable=False),
        sa.Column("place_english", sa.String(length=120), nullable=False),
        sa.Column("latitude", sa.Double(), nullable=False),
        sa.Column("longitude", sa.Double(), nullable=False),
        sa.Column("home", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["centre_id"], ["centres.id"], name=op.f("fk_centre_stops_centre_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("centre_id", "day", "opens", name=op.f("pk_centre_stops")),
    )
    op.create_table(
        "blackouts",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("centre_id", sa.String(length=64), nullable=True),
        sa.Column("kiosk_id", sa.String(length=64), nullable=True),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(["centre_id"], ["centres.id"], name=op.f("fk_blackouts_centre_id")),
        sa.ForeignKeyConstraint(["kiosk_id"], ["kiosks.id"], name=op.f("fk_blackouts_kiosk_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_blackouts")),
    )
    op.create_index(op.f("ix_blackouts_starts_at"), "blackouts", ["starts_at"], unique=False)

    op.create_table(
        "holds",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("sitting_id", sa.String(length=64), nullable=False),
        sa.Column("slot_starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("slot_ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("venue", sa.String(length=16), nullable=False),
        sa.Column("kiosk_id", sa.String(length=64), nullable=True),
        sa.Column("governorate_id", sa.String(length=64), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("held_by", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(["governorate_id"], ["governorates.id"], name=op.f("fk_holds_governorate_id")),
        sa.ForeignKeyConstraint(["kiosk_id"], ["kiosks.id"], name=op.f("fk_holds_kiosk_id")),
        sa.ForeignKeyConstraint(["sitting_id"], ["sittings.id"], name=op.f("fk_holds_sitting_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_holds")),
    )
    op.create_index(op.f("ix_holds_expires_at"), "holds", ["expires_at"], unique=False)
    op.create_index(op.f("ix_holds_held_by"), "holds", ["held_by"], unique=False)
    op.create_index(op.f("ix_holds_sitting_id"), "holds", ["sitting_id"], unique=False)

    op.create_table(
        "attachments",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("audience_id", sa.String(length=64), nullable=False),
        sa.Column("file_name_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("media_type", sa.String(length=32), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.LargeBinary(length=32), nullable=False),
        sa.Column("attached_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["audience_id"], ["audiences.id"], name=op.f("fk_attachments_audience_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachments")),
    )
    op.create_index(op.f("ix_attachments_audience_id"), "attachments", ["audience_id"], unique=False)

    op.create_table(
        "messages",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("citizen_id", sa.String(length=64), nullable=False),
        sa.Column("audience_id", sa.String(length=64), nullable=True),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("facts_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["audience_id"], ["audiences.id"], name=op.f("fk_messages_audience_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["citizen_id"], ["citizens.id"], name=op.f("fk_messages_citizen_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_messages")),
    )
    op.create_index(op.f("ix_messages_audience_id"), "messages", ["audience_id"], unique=False)
    op.create_index(op.f("ix_messages_citizen_id"), "messages", ["citizen_id"], unique=False)
    op.create_index(
        op.f("ix_messages_due"),
        "messages",
        ["due_at"],
        unique=False,
        sqlite_where=sa.text("state = 'due'"),
        postgresql_where=sa.text("state = 'due'"),
    )

    op.create_table(
        "petitions",
        sa.Column("audience_id", sa.String(length=64), nullable=False),
        sa.Column("text_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["audience_id"], ["audiences.id"], name=op.f("fk_petitions_audience_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("audience_id", name=op.f("pk_petitions")),
    )
    op.create_table(
        "tasks",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("governorate_id", sa.String(length=64), nullable=False),
        sa.Column("audience_id", sa.String(length=64), nullable=True),
        sa.Column("citizen_id", sa.String(length=64), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("owner", sa.String(length=64), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_by", sa.String(length=64), nullable=True),
        sa.Column("note_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["audience_id"], ["audiences.id"], name=op.f("fk_tasks_audience_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["citizen_id"], ["citizens.id"], name=op.f("fk_tasks_citizen_id")),
        sa.ForeignKeyConstraint(["done_by"], ["staff.id"], name=op.f("fk_tasks_done_by")),
        sa.ForeignKeyConstraint(["governorate_id"], ["governorates.id"], name=op.f("fk_tasks_governorate_id")),
        sa.ForeignKeyConstraint(["owner"], ["staff.id"], name=op.f("fk_tasks_owner")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tasks")),
    )
    op.create_index(op.f("ix_tasks_audience_id"), "tasks", ["audience_id"], unique=False)
    op.create_index(op.f("ix_tasks_citizen_id"), "tasks", ["citizen_id"], unique=False)
    op.create_index(op.f("ix_tasks_governorate_id"), "tasks", ["governorate_id", "done_at"], unique=False)

    op.create_table(
        "waitlist_entries",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("citizen_id", sa.String(length=64), nullable=False),
        sa.Column("governorate_id", sa.String(length=64), nullable=False),
        sa.Column("venue", sa.String(length=16), nullable=False),
        sa.Column("centre_id", sa.String(length=64), nullable=True),
        sa.Column("from_day", sa.Date(), nullable=False),
        sa.Column("to_day", sa.Date(), nullable=False),
        sa.Column("subject_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("party_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("priorities", sa.String(length=80), nullable=False),
        sa.Column("joined_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("passed_over", sa.Integer(), nullable=False),
        sa.Column("audience_id", sa.String(length=64), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["audience_id"], ["audiences.id"], name=op.f("fk_waitlist_entries_audience_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["centre_id"], ["centres.id"], name=op.f("fk_waitlist_entries_centre_id")),
        sa.ForeignKeyConstraint(["citizen_id"], ["citizens.id"], name=op.f("fk_waitlist_entries_citizen_id")),
        sa.ForeignKeyConstraint(
            ["governorate_id"], ["governorates.id"], name=op.f("fk_waitlist_entries_governorate_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_waitlist_entries")),
    )
    op.create_index(op.f("ix_waitlist_entries_citizen_id"), "waitlist_entries", ["citizen_id"], unique=False)
    op.create_index(op.f("ix_waitlist_entries_governorate_id"), "waitlist_entries", ["governorate_id"], unique=False)
    op.create_index(
        op.f("ix_waitlist_entries_waiting"),
        "waitlist_entries",
        ["joined_at", "id"],
        unique=False,
        sqlite_where=sa.text("state IN ('offered', 'waiting')"),
        postgresql_where=sa.text("state IN ('offered', 'waiting')"),
    )
    op.create_index(
        op.f("uq_waitlist_entries_open_of_citizen"),
        "waitlist_entries",
        ["citizen_id"],
        unique=True,
        sqlite_where=sa.text("state IN ('offered', 'waiting')"),
        postgresql_where=sa.text("state IN ('offered', 'waiting')"),
    )

    op.create_table(
        "offers",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("entry_id", sa.String(length=64), nullable=False),
        sa.Column("hold_id", sa.String(length=64), nullable=False),
        sa.Column("slot_starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["waitlist_entries.id"], name=op.f("fk_offers_entry_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_offers")),
        sa.UniqueConstraint("hold_id", name=op.f("uq_offers_hold_id")),
    )
    op.create_index(op.f("ix_offers_entry_id"), "offers", ["entry_id"], unique=False)
    op.create_index(
        op.f("ix_offers_open"),
        "offers",
        ["expires_at"],
        unique=False,
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_index(
        op.f("uq_offers_open_of_entry"),
        "offers",
        ["entry_id"],
        unique=True,
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )


def _wider_tables() -> None:
    with op.batch_alter_table("centres") as table:
        table.add_column(sa.Column("kind", sa.String(length=16), nullable=False, server_default="permanent"))
        table.add_column(sa.Column("opens_on", sa.Date(), nullable=True))
        table.add_column(sa.Column("closes_on", sa.Date(), nullable=True))
        table.add_column(sa.Column("hours", sa.JSON(), nullable=True))
        table.add_column(sa.Column("pauses", sa.JSON(), nullable=True))
    with op.batch_alter_table("regions") as table:
        table.add_column(sa.Column("emirate", sa.JSON(), nullable=True))
    with op.batch_alter_table("sittings") as table:
        table.add_column(sa.Column("receiver", sa.String(length=16), nullable=False, server_default="amir"))
        table.add_column(sa.Column("buffer_seconds", sa.Integer(), nullable=False, server_default="0"))
        table.add_column(sa.Column("quota", sa.Integer(), nullable=True))
    # What the defaults were for is done; from now on every row says it itself.
    _without_defaults("centres", "kind")
    _without_defaults("sittings", "receiver", "buffer_seconds")


def _audiences_with_an_end() -> None:
    with op.batch_alter_table("audiences") as table:
        table.add_column(sa.Column("slot_ends_at", _TIME, nullable=True))
        table.add_column(sa.Column("booked_governorate_id", sa.String(length=64), nullable=True))
        table.add_column(sa.Column("party_sealed", sa.LargeBinary(), nullable=True))
        table.add_column(sa.Column("priorities", sa.String(length=80), nullable=False, server_default=""))
        table.add_column(sa.Column("walk_in", sa.Boolean(), nullable=False, server_default=sa.false()))
        table.add_column(sa.Column("holds_slot", sa.Boolean(), nullable=False, server_default=sa.true()))
        table.add_column(sa.Column("language", sa.String(length=8), nullable=False, server_default="ar"))
        table.add_column(sa.Column("missed_because", sa.String(length=16), nullable=True))
    op.execute("UPDATE audiences SET booked_governorate_id = governorate_id")
    op.execute("UPDATE audiences SET missed_because = 'citizen' WHERE state = 'missed'")
    lengths = _slot_lengths()
    connection = op.get_bind()
    for id, starts_at in connection.execute(sa.select(_audiences.c.id, _audiences.c.slot_starts_at)).all():
        connection.execute(
            sa.update(_audiences).where(_audiences.c.id == id).values(slot_ends_at=starts_at + lengths[id])
        )
    with op.batch_alter_table("audiences") as table:
        table.alter_column("slot_ends_at", existing_type=_TIME, nullable=False)
        table.alter_column("booked_governorate_id", existing_type=sa.String(length=64), nullable=False)
        table.create_foreign_key(
            op.f("fk_audiences_booked_governorate_id"), "governorates", ["booked_governorate_id"], ["id"]
        )
        table.create_index(op.f("ix_audiences_citizen_id"), ["citizen_id", "slot_starts_at"])
        table.create_index(op.f("ix_audiences_slot_starts_at"), ["slot_starts_at"])
    _without_defaults("audiences", "priorities", "walk_in", "holds_slot", "language")


def _occupancies_in_grains() -> None:
    taken = _taken()
    lengths = _slot_lengths()
    op.drop_table("occupancies")
    op.create_table(
        "occupancies",
        sa.Column("resource", sa.String(length=72), nullable=False),
        sa.Column("starts_at", _TIME, nullable=False),
        sa.Column("audience_id", sa.String(length=64), nullable=True),
        sa.Column("hold_id", sa.String(length=64), nullable=True),
        sa.Column("expires_at", _TIME, nullable=True),
        sa.CheckConstraint("(audience_id IS NULL) <> (hold_id IS NULL)", name=op.f("ck_occupancies_one_taker")),
        sa.CheckConstraint("(hold_id IS NULL) = (expires_at IS NULL)", name=op.f("ck_occupancies_a_hold_ends")),
        sa.ForeignKeyConstraint(
            ["audience_id"],
            ["audiences.id"],
            name=op.f("fk_occupancies_audience_id"),
            ondelete="CASCADE",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("resource", "starts_at", name=op.f("pk_occupancies")),
    )
    for column in ("audience_id", "expires_at", "hold_id", "starts_at"):
        op.create_index(op.f(f"ix_occupancies_{column}"), "occupancies", [column])
    grains: dict[tuple[str, datetime], str] = {}
    for resource, starts_at, audience_id in taken:
        at_once = [starts_at] if resource.startswith("office:") else _grains(starts_at, lengths[audience_id])
        for grain in at_once:
            # Two slots of an old sitting off the grid may share a grain: the first has it, both keep the office.
            grains.setdefault((resource, grain), audience_id)
    _insert([(resource, at, audience_id) for (resource, at), audience_id in grains.items()])


def _occupancies_of_slots() -> None:
    kept = op.get_bind().execute(
        sa.select(_occupancies.c.resource, _audiences.c.slot_starts_at, _audiences.c.id)
        .join(_audiences, _audiences.c.id == _occupancies.c.audience_id)
        .distinct()
    )
    taken = [(resource, starts_at, audience_id) for resource, starts_at, audience_id in kept]
    op.drop_table("occupancies")
    op.create_table(
        "occupancies",
        sa.Column("resource", sa.String(length=72), nullable=False),
        sa.Column("starts_at", _TIME, nullable=False),
        sa.Column("audience_id", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["audience_id"], ["audiences.id"], name=op.f("fk_occupancies_audience_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("resource", "starts_at", name=op.f("pk_occupancies")),
    )
    op.create_index(op.f("ix_occupancies_audience_id"), "occupancies", ["audience_id"])
    _insert(taken)


def _slot_lengths() -> dict[str, timedelta]:
    """Of each audience by the sitting's slots, the only length there was."""
    rows = op.get_bind().execute(
        sa.select(_audiences.c.id, _sittings.c.slot_seconds).join(_sittings, _sittings.c.id == _audiences.c.sitting_id)
    )
    return {id: timedelta(seconds=seconds) for id, seconds in rows}


def _taken() -> list[Any]:
    columns = (_occupancies.c.resource, _occupancies.c.starts_at, _occupancies.c.audience_id)
    return list(op.get_bind().execute(sa.select(*columns).order_by(*columns)))


def _insert(rows: list[tuple[str, datetime, str]]) -> None:
    if rows:
        names = ("resource", "starts_at", "audience_id")
        op.bulk_insert(_occupancies, [dict(zip(names, row, strict=True)) for row in rows])


def _grains(starts_at: datetime, length: timedelta) -> list[datetime]:
    """The five minutes that the slot touches. No zone is a part of five minutes away from UTC."""
    grain = starts_at - timedelta(
        minutes=starts_at.minute % 5, seconds=starts_at.second, microseconds=starts_at.microsecond
    )
    touched = []
    while grain < starts_at + length:
        touched.append(grain)
        grain += _GRAIN
    return touched


def _without_defaults(table_name: str, *columns: str) -> None:
    with op.batch_alter_table(table_name) as table:
        for column in columns:
            table.alter_column(column, server_default=None)
