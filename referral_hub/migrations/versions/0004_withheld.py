"""Services that are withheld from searches until they are indexed again."""

import sqlalchemy as sa
from alembic import op


revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "pending_index",
        sa.Column("withheld", sa.Boolean(), server_default=sa.true(), nullable=False),
    )
    withheld = sa.column("withheld", sa.Boolean()).is_(True)
    op.create_index(
        "ix_pending_index_withheld",
        "pending_index",
        ["service_id"],
        sqlite_where=withheld,
        postgresql_where=withheld,
    )


def downgrade() -> None:
    op.drop_index("ix_pending_index_withheld", "pending_index")
    op.drop_column("pending_index", "withheld")
