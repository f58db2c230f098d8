"""Cases: agencies and their accounts, cases with their entries, directives and documents, and what they count."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_OPEN = sa.text("state <> 'closed'")
_ON_AGENDA = sa.text("agenda IS NOT NULL")
_PROPOSED = sa.text("state = 'proposed'")

_TABLES = (
    "satisfaction_counts", "case_tokens", "case_documents", "remaining_items", "directives", "case_entries", "cases",
    "case_serials", "agencies",
)  # fmt: skip


def upgrade() -> None:
    """From booking. What is there stays as it is: an audience has no case until it is given one."""
    _new_tables()
    _wider_tables()
    # Not in a batch, which would make the table anew, without its AUTOINCREMENT.
    op.execute("ALTER TABLE outbox RENAME COLUMN audience_id TO subject_id")


def downgrade() -> None:
    """Back to booking. Cases are lost, with all that only they need: their tasks and events, agencies' accounts."""
    for done in (
        "DELETE FROM outbox WHERE kind = 'CaseChanged'",
        "DELETE FROM tasks WHERE case_id IS NOT NULL",
        "DELETE FROM sign_ins WHERE staff_id IN (SELECT id FROM staff WHERE agency_id IS NOT NULL)",
        "UPDATE audiences SET case_id = NULL, directive_agency_id = NULL",
    ):
        op.execute(done)
    op.execute("ALTER TABLE outbox RENAME COLUMN subject_id TO audience_id")
    with op.batch_alter_table("tasks") as table:
        table.drop_constraint(op.f("fk_tasks_case_id"), type_="foreignkey")
        table.drop_index(op.f("ix_tasks_case_id"))
        table.drop_column("case_id")
    with op.batch_alter_table("audiences") as table:
        table.drop_constraint(op.f("fk_audiences_directive_agency_id"), type_="foreignkey")
        table.drop_constraint(op.f("fk_audiences_case_id"), type_="foreignkey")
        table.drop_index(op.f("ix_audiences_case_id"))
        for column in ("case_id", "directive_due_on", "directive_urgency", "directive_agency_id"):
            table.drop_column(column)
    for name in _TABLES[:-1]:
        op.drop_table(name)
    op.execute("DELETE FROM staff WHERE agency_id IS NOT NULL")
    with op.batch_alter_table("staff") as table:
        table.drop_constraint(op.f("fk_staff_agency_id"), type_="foreignkey")
        table.drop_column("agency_id")
    op.drop_table(_TABLES[-1])


def _new_tables() -> None:
    op.create_table(
        "agencies",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("name_arabic", sa.String(length=120), nullable=False),
        sa.Column("name_english", sa.String(length=120), nullable=False),
        sa.Column("acceptance_days", sa.Integer(), nullable=False),
        sa.Column("answer_days", sa.Integer(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agencies")),
    )
    op.create_table(
        "case_serials",
        sa.Column("hijri_year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("hijri_year", name=op.f("pk_case_serials")),
    )
    op.create_table(
        "cases",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("hijri_year", sa.Integer(), nullable=False),
        sa.Column("serial", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("citizen_id", sa.String(length=64), nullable=False),
        sa.Column("governorate_id", sa.String(length=64), nullable=False),
        sa.Column("subject_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("owner", sa.String(length=16), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("agency_id", sa.String(length=64), nullable=True),
        sa.Column("directed", sa.Boolean(), nullable=False),
        sa.Column("remaining", sa.Integer(), nullable=False),
        sa.Column("escalations", sa.Integer(), nullable=False),
        sa.Column("agenda", sa.String(length=16), nullable=True),
        sa.Column("contests", sa.Integer(), nullable=False),
        sa.Column("agency_due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("notified_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by", sa.String(length=64), nullable=True),
        sa.Column("answer_contested", sa.Boolean(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_because", sa.String(length=16), nullable=True),
        sa.Column("merged_into", sa.String(length=64), nullable=True),
        sa.Column("rated", sa.Boolean(), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("(state = 'closed') = (due_at IS NULL)", name=op.f("ck_cases_open_cases_have_a_clock")),
        sa.ForeignKeyConstraint(["agency_id"], ["agencies.id"], name=op.f("fk_cases_agency_id")),
        sa.ForeignKeyConstraint(["answered_by"], ["agencies.id"], name=op.f("fk_cases_answered_by")),
        sa.ForeignKeyConstraint(["citizen_id"], ["citizens.id"], name=op.f("fk_cases_citizen_id")),
        sa.ForeignKeyConstraint(["governorate_id"], ["governorates.id"], name=op.f("fk_cases_governorate_id")),
        sa.ForeignKeyConstraint(["merged_into"], ["cases.id"], name=op.f("fk_cases_merged_into")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cases")),
        sa.UniqueConstraint("hijri_year", "serial", name=op.f("uq_cases_number")),
    )
    op.create_index(op.f("ix_cases_agency"), "cases", ["agency_id", "state", "due_at", "closed_at"])
    op.create_index(op.f("ix_cases_agenda"), "cases", ["since"], sqlite_where=_ON_AGENDA, postgresql_where=_ON_AGENDA)
    op.create_index(
        op.f("ix_cases_answered_at"),
        "cases",
        ["answered_at", "governorate_id", "answered_by", "opened_at", "answer_contested"],
    )
    op.create_index(op.f("ix_cases_citizen_id"), "cases", ["citizen_id", "opened_at"])
    op.create_index(op.f("ix_cases_closed_at"), "cases", ["closed_at", "governorate_id", "agency_id"])
    op.create_index(op.f("ix_cases_due"), "cases", ["due_at"], sqlite_where=_OPEN, postgresql_where=_OPEN)
    op.create_index(op.f("ix_cases_governorate"), "cases", ["governorate_id", "hijri_year", "serial"])
    op.create_index(op.f("ix_cases_governorate_state"), "cases", ["governorate_id", "state", "hijri_year", "serial"])
    op.create_index(
        op.f("ix_cases_open"),
        "cases",
        ["governorate_id", "owner", "due_at", "agency_id", "escalations", "state"],
        sqlite_where=_OPEN,
        postgresql_where=_OPEN,
    )
    op.create_index(op.f("ix_cases_opened_at"), "cases", ["opened_at", "governorate_id", "agency_id"])
    op.create_index(op.f("ix_cases_state"), "cases", ["state", "hijri_year", "serial"])

    op.create_table(
        "satisfaction_counts",
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("governorate_id", sa.String(length=64), nullable=False),
        sa.Column("agency_id", sa.String(length=64), nullable=False),
        sa.Column("rating", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.CheckConstraint("rating BETWEEN 1 AND 3", name=op.f("ck_satisfaction_counts_rating")),
        sa.ForeignKeyConstraint(
            ["governorate_id"], ["governorates.id"], name=op.f("fk_satisfaction_counts_governorate_id")
        ),
        sa.PrimaryKeyConstraint("month", "governorate_id", "agency_id", "rating", name=op.f("pk_satisfaction_counts")),
    )
    op.create_table(
        "case_documents",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("case_id", sa.String(length=64), nullable=False),
        sa.Column("came_with", sa.String(length=16), nullable=False),
        sa.Column("agency_id", sa.String(length=64), nullable=True),
        sa.Column("file_name_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("media_type", sa.String(length=32), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.LargeBinary(length=32), nullable=False),
        sa.Column("attached_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_staff", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(["agency_id"], ["agencies.id"], name=op.f("fk_case_documents_agency_id")),
        sa.ForeignKeyConstraint(["by_staff"], ["staff.id"], name=op.f("fk_case_documents_by_staff")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_case_documents_case_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_documents")),
    )
    op.create_index(op.f("ix_case_documents_case_id"), "case_documents", ["case_id"])

    op.create_table(
        "case_entries",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("case_id", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_kind", sa.String(length=16), nullable=False),
        sa.Column("by_staff", sa.String(length=64), nullable=True),
        sa.Column("by_agency", sa.String(length=64), nullable=True),
        sa.Column("agency_id", sa.String(length=64), nullable=True),
        sa.Column("words_sealed", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["agency_id"], ["agencies.id"], name=op.f("fk_case_entries_agency_id")),
        sa.ForeignKeyConstraint(["by_agency"], ["agencies.id"], name=op.f("fk_case_entries_by_agency")),
        sa.ForeignKeyConstraint(["by_staff"], ["staff.id"], name=op.f("fk_case_entries_by_staff")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_case_entries_case_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_entries")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_case_entries_case_id"), "case_entries", ["case_id", "id"])

    op.create_table(
        "case_tokens",
        sa.Column("token", sa.LargeBinary(length=16), nullable=False),
        sa.Column("hijri_year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("serial", sa.Integer(), autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(
            ["hijri_year", "serial"],
            ["cases.hijri_year", "cases.serial"],
            name=op.f("fk_case_tokens_number"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("token", "hijri_year", "serial", name=op.f("pk_case_tokens")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "remaining_items",
        sa.Column("case_id", sa.String(length=64), nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("words_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_remaining_items_case_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("case_id", "position", name=op.f("pk_remaining_items")),
    )
    op.create_table(
        "directives",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("case_id", sa.String(length=64), nullable=False),
        sa.Column("audience_id", sa.String(length=64), nullable=True),
        sa.Column("agency_id", sa.String(length=64), nullable=False),
        sa.Column("wording_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("urgency", sa.String(length=16), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("proposed_by", sa.String(length=64), nullable=True),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ratified_by", sa.String(length=16), nullable=True),
        sa.Column("correction_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["agency_id"], ["agencies.id"], name=op.f("fk_directives_agency_id")),
        sa.ForeignKeyConstraint(
            ["audience_id"], ["audiences.id"], name=op.f("fk_directives_audience_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_directives_case_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["proposed_by"], ["staff.id"], name=op.f("fk_directives_proposed_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_directives")),
        sa.UniqueConstraint("audience_id", name=op.f("uq_directives_audience_id")),
    )
    op.create_index(op.f("ix_directives_case_id"), "directives", ["case_id", "proposed_at"])
    op.create_index(
        op.f("uq_directives_proposed_of_case"),
        "directives",
        ["case_id"],
        unique=True,
        sqlite_where=_PROPOSED,
        postgresql_where=_PROPOSED,
    )


def _wider_tables() -> None:
    with op.batch_alter_table("staff") as table:
        table.add_column(sa.Column("agency_id", sa.String(length=64), nullable=True))
        table.create_foreign_key(op.f("fk_staff_agency_id"), "agencies", ["agency_id"], ["id"])
    with op.batch_alter_table("audiences") as table:
        table.add_column(sa.Column("directive_agency_id", sa.String(length=64), nullable=True))
        table.add_column(sa.Column("directive_urgency", sa.String(length=16), nullable=True))
        table.add_column(sa.Column("directive_due_on", sa.Date(), nullable=True))
        table.add_column(sa.Column("case_id", sa.String(length=64), nullable=True))
        table.create_foreign_key(op.f("fk_audiences_case_id"), "cases", ["case_id"], ["id"])
        table.create_foreign_key(op.f("fk_audiences_directive_agency_id"), "agencies", ["directive_agency_id"], ["id"])
        table.create_index(op.f("ix_audiences_case_id"), ["case_id"])
    with op.batch_alter_table("tasks") as table:
        table.add_column(sa.Column("case_id", sa.String(length=64), nullable=True))
        table.create_foreign_key(op.f("fk_tasks_case_id"), "cases", ["case_id"], ["id"])
        table.create_index(op.f("ix_tasks_case_id"), ["case_id"])
