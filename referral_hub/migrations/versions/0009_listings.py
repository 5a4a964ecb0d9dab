"""The history of listings, and the fields that a source decides no longer."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "listing_change",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("table_name", sa.String(), nullable=False),
        sa.Column("record_id", sa.Uuid(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=True),
        sa.Column("act", sa.String(), nullable=False),
        sa.Column("edits", sa.JSON(), nullable=False),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column("undoes_id", sa.Integer(), nullable=True),
        sa.Column("made_by", sa.String(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "table_name IN ('location', 'organization', 'program', 'service')",
            name=op.f("ck_listing_change_table_name"),
        ),
        sa.CheckConstraint(
            "act IN ('correction', 'edit', 'import', 'merge', 'undo', 'verify')",
            name=op.f("ck_listing_change_act"),
        ),
        sa.ForeignKeyConstraint(
            ["agency_id"], ["agency.id"], name=op.f("fk_listing_change_agency_id")
        ),
        sa.ForeignKeyConstraint(
            ["undoes_id"], ["listing_change.id"], name=op.f("fk_listing_change_undoes_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_listing_change")),
    )
    op.create_index(
        "ix_listing_change_listing", "listing_change", ["table_name", "record_id", "id"]
    )
    op.create_index(op.f("ix_listing_change_agency_id"), "listing_change", ["agency_id"])
    op.create_table(
        "edited_field",
        sa.Column("table_name", sa.String(), nullable=False),
        sa.Column("record_id", sa.Uuid(), nullable=False),
        sa.Column("field", sa.String(), nullable=False),
        sa.Column("change_id", sa.Integer(), nullable=False),
        sa.Column("edited_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["change_id"], ["listing_change.id"], name=op.f("fk_edited_field_change_id")
        ),
        sa.PrimaryKeyConstraint("table_name", "record_id", "field", name=op.f("pk_edited_field")),
    )


def downgrade() -> None:
    op.drop_table("edited_field")
    op.drop_table("listing_change")
