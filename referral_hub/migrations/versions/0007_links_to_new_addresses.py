"""Links that confirm a new e-mail address."""

import sqlalchemy as sa
from alembic import op
from alembic.operations.base import BatchOperations

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

NAME = "ck_one_time_link_purpose"


def upgrade() -> None:
    with op.batch_alter_table("one_time_link") as table:
        table.add_column(sa.Column("email_sealed", sa.LargeBinary(), nullable=True))
        _allow(table, "purpose IN ('change_email', 'reset_password')")


def downgrade() -> None:
    op.execute("DELETE FROM one_time_link WHERE purpose = 'change_email'")
    with op.batch_alter_table("one_time_link") as table:
        table.drop_column("email_sealed")
        _allow(table, "purpose IN ('reset_password')")


def _allow(table: BatchOperations, condition: str) -> None:
    """SQLite builds the table anew, without the checks that it had."""
    if op.get_bind().dialect.name != "sqlite":
        table.drop_constraint(op.f(NAME), type_="check")
    table.create_check_constraint(op.f(NAME), condition)
