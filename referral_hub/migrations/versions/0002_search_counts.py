"""Counts of searches, for the map of unmet need."""

import sqlalchemy as sa
from alembic import op


revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "search_count",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("term", sa.String(), nullable=False),
        sa.Column("area", sa.String(), nullable=False),
        sa.Column("band", sa.String(), nullable=False),
        sa.Column("searches", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "band IN ('0', '1-4', '20+', '5-19')", name=op.f("ck_search_count_band")
        ),
        sa.CheckConstraint("searches > 0", name=op.f("ck_search_count_searches")),
        sa.PrimaryKeyConstraint("day", "term", "area", "band", name=op.f("pk_search_count")),
    )


def downgrade() -> None:
    op.drop_table("search_count")
