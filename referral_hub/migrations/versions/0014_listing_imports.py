"""Imports of listings by agencies, feeds of partners, and who decides what a field says."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table("partner_feed",
    sa.Column("id", sa.Uuid(), nullable=False),
    sa.Column("name", sa.String(), nullable=False),
    sa.Column("url", sa.String(), nullable=False),
    sa.Column("kind", sa.String(), nullable=False),
    sa.Column("every_hours", sa.Integer(), nullable=False),
    sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("leased_until", sa.DateTime(timezone=True), nullable=True),
    sa.Column("paused_at", sa.DateTime(timezone=True), nullable=True),
    sa.Column("tried_at", sa.DateTime(timezone=True), nullable=True),
    sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
    sa.Column("whole_at", sa.DateTime(timezone=True), nullable=True),
    sa.Column("etag", sa.String(), nullable=True),
    sa.Column("modified", sa.String(), nullable=True),
    sa.Column("accepts_gone", sa.Boolean(), nullable=False),
    sa.Column("failures", sa.Integer(), nullable=False),
    sa.Column("message", sa.String(), nullable=True),
    sa.Column("report", sa.JSON(), nullable=False),
    sa.Column("created_by", sa.String(), nullable=False),
    sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("kind IN ('api', 'file')", name=op.f("ck_partner_feed_kind")),
    sa.PrimaryKeyConstraint("id", name=op.f("pk_partner_feed")),
    sa.UniqueConstraint("name", name=op.f("uq_partner_feed_name"))
    )
    op.create_index(op.f("ix_partner_feed_due_at"), "partner_feed", ["due_at"])
    op.create_table("source_word",
    sa.Column("table_name", sa.String(), nullable=False),
    sa.Column("record_id", sa.Uuid(), nullable=False),
    sa.Column("field", sa.String(), nullable=False),
    sa.Column("value", sa.JSON(), nullable=False),
    sa.PrimaryKeyConstraint("table_name", "record_id", "field", name=op.f("pk_source_word"))
    )
    op.create_table("import_mapping",
    sa.Column("id", sa.Uuid(), nullable=False),
    sa.Column("agency_id", sa.Uuid(), nullable=False),
    sa.Column("columns_hash", sa.String(), nullable=False),
    sa.Column("mapping", sa.JSON(), nullable=False),
    sa.Column("used_at", sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_import_mapping_agency_id")),
    sa.PrimaryKeyConstraint("id", name=op.f("pk_import_mapping"))
    )
    op.create_index(op.f("ix_import_mapping_agency_id"), "import_mapping", ["agency_id"])
    op.create_index(op.f("ix_import_mapping_columns_hash"), "import_mapping", ["columns_hash"])
    op.create_table("listing_import",
    sa.Column("id", sa.Uuid(), nullable=False),
    sa.Column("agency_id", sa.Uuid(), nullable=False),
    sa.Column("organization_id", sa.Uuid(), nullable=False),
    sa.Column("file_name", sa.String(), nullable=False),
    sa.Column("format", sa.String(), nullable=False),
    sa.Column("complete", sa.Boolean(), nullable=False),
    sa.Column("columns", sa.JSON(), nullable=False),
    sa.Column("mapping", sa.JSON(), nullable=False),
    sa.Column("content_sealed", sa.LargeBinary(), nullable=True),
    sa.Column("state", sa.String(), nullable=False),
    sa.Column("step", sa.String(), nullable=True),
    sa.Column("done", sa.Integer(), nullable=False),
    sa.Column("report", sa.JSON(), nullable=False),
    sa.Column("message", sa.String(), nullable=True),
    sa.Column("created_by", sa.String(), nullable=False),
    sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("leased_until", sa.DateTime(timezone=True), nullable=True),
    sa.Column("attempts", sa.Integer(), nullable=False),
    sa.CheckConstraint("state IN ('checked', 'checking', 'columns', 'failed', 'forgotten', 'loaded', 'loading', 'undoing', 'undone')", name=op.f("ck_listing_import_state")),
    sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_listing_import_agency_id")),
    sa.PrimaryKeyConstraint("id", name=op.f("pk_listing_import"))
    )
    op.create_index(op.f("ix_listing_import_agency_id"), "listing_import", ["agency_id"])
    op.create_index(op.f("ix_listing_import_created_at"), "listing_import", ["created_at"])
    op.create_table("source_rule",
    sa.Column("source_id", sa.Integer(), nullable=False),
    sa.Column("table_name", sa.String(), nullable=False),
    sa.Column("field", sa.String(), nullable=False),
    sa.Column("wins", sa.String(), nullable=False),
    sa.Column("decided_by", sa.String(), nullable=False),
    sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("wins IN ('ask', 'ours', 'source')", name=op.f("ck_source_rule_wins")),
    sa.ForeignKeyConstraint(["source_id"], ["source.id"], name=op.f("fk_source_rule_source_id")),
    sa.PrimaryKeyConstraint("source_id", "table_name", "field", name=op.f("pk_source_rule"))
    )
    op.create_table("listing_import_page",
    sa.Column("id", sa.Uuid(), nullable=False),
    sa.Column("import_id", sa.Uuid(), nullable=False),
    sa.Column("kind", sa.String(), nullable=False),
    sa.Column("number", sa.Integer(), nullable=False),
    sa.Column("rows_sealed", sa.LargeBinary(), nullable=False),
    sa.CheckConstraint("kind IN ('change', 'conflict', 'edit', 'problem', 'remark')", name=op.f("ck_listing_import_page_kind")),
    sa.ForeignKeyConstraint(["import_id"], ["listing_import.id"], name=op.f("fk_listing_import_page_import_id")),
    sa.PrimaryKeyConstraint("id", name=op.f("pk_listing_import_page"))
    )
    op.create_index(op.f("ix_listing_import_page_import_id"), "listing_import_page", ["import_id"])


def downgrade() -> None:
    op.drop_index(op.f("ix_listing_import_page_import_id"), table_name="listing_import_page")
    op.drop_table("listing_import_page")
    op.drop_table("source_rule")
    op.drop_index(op.f("ix_listing_import_created_at"), table_name="listing_import")
    op.drop_index(op.f("ix_listing_import_agency_id"), table_name="listing_import")
    op.drop_table("listing_import")
    op.drop_index(op.f("ix_import_mapping_columns_hash"), table_name="import_mapping")
    op.drop_index(op.f("ix_import_mapping_agency_id"), table_name="import_mapping")
    op.drop_table("import_mapping")
    op.drop_table("source_word")
    op.drop_index(op.f("ix_partner_feed_due_at"), table_name="partner_feed")
    op.drop_table("partner_feed")
