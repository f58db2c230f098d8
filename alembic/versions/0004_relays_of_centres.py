"""By which transport the kiosks of a centre reach their relay."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """From cases. Nothing is known of any centre yet."""
    op.create_table(
        "centre_relays",
        sa.Column("centre_id", sa.String(length=64), nullable=False),
        sa.Column("transport", sa.String(length=8), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["centre_id"], ["centres.id"], name=op.f("fk_centre_relays_centre_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("centre_id", name=op.f("pk_centre_relays")),
    )


def downgrade() -> None:
    """Back to cases. Each centre's kiosks find their way anew."""
    op.drop_table("centre_relays")
