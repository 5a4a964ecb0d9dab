"""Signals of caseloads wait each for itself, and no day keeps how many cases weigh on somebody."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _begin_anew(
        sa.Column("reason", sa.String(), nullable=False),
        sa.CheckConstraint("reason IN ('load', 'trauma')", name=op.f("ck_caseload_signal_reason")),
    )
    op.drop_column("caseload_day", "trauma")


def downgrade() -> None:
    op.add_column(
        "caseload_day", sa.Column("trauma", sa.Integer(), nullable=False, server_default="0")
    )
    _begin_anew()


def _begin_anew(*more: sa.schema.SchemaItem) -> None:
    """For which reason a signal was shown is not known of those that there are. So they go: the
    workers are shown theirs again, and first."""
    reason = ["reason"] if more else []
    op.drop_table("caseload_signal")
    op.create_table(
        "caseload_signal",
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("worker_id", sa.Uuid(), nullable=False),
        *more,
        sa.Column("shown_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("shared_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["agency_id"], ["agency.id"], name=op.f("fk_caseload_signal_agency_id")
        ),
        sa.ForeignKeyConstraint(
            ["worker_id"], ["person.id"], name=op.f("fk_caseload_signal_worker_id")
        ),
        sa.PrimaryKeyConstraint(
            "agency_id", "worker_id", *reason, name=op.f("pk_caseload_signal")
        ),
    )
