"""Cards of services, so that a list needs one row each."""

import sqlalchemy as sa
from alembic import op


revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "stored_card",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("service_id", sa.Uuid(), nullable=False),
        sa.Column("location_id", sa.Uuid(), nullable=True),
        sa.Column("time_zone", sa.String(), nullable=True),
        sa.Column("content", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_stored_card")),
    )
    op.create_index(op.f("ix_stored_card_service_id"), "stored_card", ["service_id"])


def downgrade() -> None:
    op.drop_table("stored_card")
