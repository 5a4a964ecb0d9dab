"""Listings that wait for a steward's review."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "listing_review",
        sa.Column("service_id", sa.Uuid(), nullable=False),
        sa.Column("submitted_by", sa.String(), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("returned_by", sa.String(), nullable=True),
        sa.Column("returned_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("note", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["service_id"], ["service.id"], name=op.f("fk_listing_review_service_id")
        ),
        sa.PrimaryKeyConstraint("service_id", name=op.f("pk_listing_review")),
    )


def downgrade() -> None:
    op.drop_table("listing_review")
