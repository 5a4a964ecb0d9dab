"""Each token of a person knows the sign-in from which it came, also one that outlives it."""

import sqlalchemy as sa
from alembic import op


revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "token",
        sa.Column("outlives_sign_in", sa.Boolean(), server_default=sa.false(), nullable=False),
    )
    op.execute(
        sa.text(
            "UPDATE token SET outlives_sign_in = :yes, session_id ="
            " (SELECT session_id FROM authorization_code WHERE family = token.family)"
            " WHERE grant_id IS NOT NULL AND session_id IS NULL"
        ).bindparams(sa.bindparam("yes", True, sa.Boolean()))
    )


def downgrade() -> None:
    op.execute(
        sa.text("UPDATE token SET session_id = NULL WHERE outlives_sign_in = :yes").bindparams(
            sa.bindparam("yes", True, sa.Boolean())
        )
    )
    op.drop_column("token", "outlives_sign_in")
