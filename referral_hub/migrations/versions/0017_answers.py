"""Answers to what a service asks with each referral."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("referral", sa.Column("answers_sealed", sa.LargeBinary(), nullable=True))


def downgrade() -> None:
    op.drop_column("referral", "answers_sealed")
