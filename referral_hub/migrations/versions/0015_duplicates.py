"""Records that stand for others, pairs that may be one, and the search for them."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

LISTED = ("organization", "program", "service", "location", "service_at_location")
COUNTED, COUNTED_BY = "ix_service_listed", ["id", "visibility", "organization_id"]


def upgrade() -> None:
    for table in LISTED:
        op.add_column(table, sa.Column("merged_into", sa.Uuid(), nullable=True))
        op.create_index(op.f(f"ix_{table}_merged_into"), table, ["merged_into"])
    op.drop_index(COUNTED, "service")
    op.create_index(COUNTED, "service", [*COUNTED_BY, "merged_into"])
    op.create_table(
        "duplicate_candidate",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("table_name", sa.String(), nullable=False),
        sa.Column("one_id", sa.Uuid(), nullable=False),
        sa.Column("other_id", sa.Uuid(), nullable=False),
        sa.Column("score", sa.Integer(), nullable=False),
        sa.Column("parts", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.String(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("change_id", sa.Integer(), nullable=True),
        sa.Column("marks", sa.JSON(), nullable=True),
        sa.CheckConstraint(
            "table_name IN ('location', 'organization', 'service')",
            name=op.f("ck_duplicate_candidate_table_name"),
        ),
        sa.CheckConstraint(
            "state IN ('merged', 'not_duplicates', 'open')",
            name=op.f("ck_duplicate_candidate_state"),
        ),
        sa.ForeignKeyConstraint(
            ["change_id"], ["listing_change.id"], name=op.f("fk_duplicate_candidate_change_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duplicate_candidate")),
        sa.UniqueConstraint(
            "table_name", "one_id", "other_id", name=op.f("uq_duplicate_candidate_table_name_one_id_other_id")
        ),
    )
    op.create_index(
        "ix_duplicate_candidate_state", "duplicate_candidate", ["state", "score"]
    )
    op.create_index(op.f("ix_duplicate_candidate_other_id"), "duplicate_candidate", ["other_id"])
    op.create_table(
        "matched_record",
        sa.Column("table_name", sa.String(), nullable=False),
        sa.Column("record_id", sa.Uuid(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("table_name", "record_id", name=op.f("pk_matched_record")),
    )
    op.create_table(
        "matching_key",
        sa.Column("table_name", sa.String(), nullable=False),
        sa.Column("key", sa.BigInteger(), nullable=False),
        sa.Column("record_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("table_name", "key", "record_id", name=op.f("pk_matching_key")),
    )
    op.create_index("ix_matching_key_record", "matching_key", ["table_name", "record_id"])
    op.create_table(
        "matching_sweep",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("table_name", sa.String(), nullable=True),
        sa.Column("last_id", sa.Uuid(), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("change_id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_matching_sweep")),
    )


def downgrade() -> None:
    op.drop_table("matching_sweep")
    op.drop_table("matching_key")
    op.drop_table("matched_record")
    op.drop_table("duplicate_candidate")
    op.drop_index(COUNTED, "service")
    op.create_index(COUNTED, "service", COUNTED_BY)
    for table in reversed(LISTED):
        op.drop_index(op.f(f"ix_{table}_merged_into"), table_name=table)
        op.drop_column(table, "merged_into")
