"""Room with numbers, what agencies are asked about their listings, and where corrections come from."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_STATES = "'closed', 'limited', 'open', 'waiting_list'"


def upgrade() -> None:
    op.add_column("service_state", sa.Column("available", sa.Double(), nullable=True))
    op.add_column("service_state", sa.Column("maximum", sa.Double(), nullable=True))
    op.add_column("service_state", sa.Column("unit", sa.String(), nullable=True))
    op.add_column(
        "service_state", sa.Column("version", sa.Integer(), server_default="2", nullable=False)
    )
    op.add_column(
        "service_state", sa.Column("lapsed_at", sa.DateTime(timezone=True), nullable=True)
    )
    op.create_table(
        "population_state",
        sa.Column("service_id", sa.Uuid(), nullable=False),
        sa.Column("population", sa.String(), nullable=False),
        sa.Column("capacity", sa.String(), nullable=False),
        sa.Column("available", sa.Double(), nullable=True),
        sa.Column("maximum", sa.Double(), nullable=True),
        sa.CheckConstraint(f"capacity IN ({_STATES})", name=op.f("ck_population_state_capacity")),
        sa.ForeignKeyConstraint(
            ["service_id"], ["service.id"], name=op.f("fk_population_state_service_id")
        ),
        sa.PrimaryKeyConstraint("service_id", "population", name=op.f("pk_population_state")),
    )
    op.create_table(
        "listing_ask",
        sa.Column("service_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("escalated_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("kind IN ('capacity', 'review')", name=op.f("ck_listing_ask_kind")),
        sa.CheckConstraint(
            "reason IN ('aged', 'declined', 'due')", name=op.f("ck_listing_ask_reason")
        ),
        sa.ForeignKeyConstraint(
            ["agency_id"], ["agency.id"], name=op.f("fk_listing_ask_agency_id")
        ),
        sa.ForeignKeyConstraint(
            ["service_id"], ["service.id"], name=op.f("fk_listing_ask_service_id")
        ),
        sa.PrimaryKeyConstraint("service_id", "kind", name=op.f("pk_listing_ask")),
    )
    op.create_index(op.f("ix_listing_ask_agency_id"), "listing_ask", ["agency_id"])
    op.create_table(
        "listing_link",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["agency_id"], ["agency.id"], name=op.f("fk_listing_link_agency_id")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_listing_link_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_listing_link")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_listing_link_token_hash")),
    )
    op.create_index(op.f("ix_listing_link_person_id"), "listing_link", ["person_id"])
    op.create_index(op.f("ix_listing_link_expires_at"), "listing_link", ["expires_at"])
    op.create_table(
        "linked_service",
        sa.Column("link_id", sa.Uuid(), nullable=False),
        sa.Column("service_id", sa.Uuid(), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["link_id"], ["listing_link.id"], name=op.f("fk_linked_service_link_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["service_id"], ["service.id"], name=op.f("fk_linked_service_service_id")
        ),
        sa.PrimaryKeyConstraint("link_id", "service_id", name=op.f("pk_linked_service")),
    )  # fmt: skip
    # Nothing wrote corrections before, so that there are none to keep.
    op.drop_table("correction")
    op.create_table(
        "correction",
        *_correction(),
        sa.Column("listing_table", sa.String(), nullable=False),
        sa.Column("listing_id", sa.Uuid(), nullable=False),
        sa.Column("origin", sa.String(), nullable=False),
        sa.Column("proposer_id", sa.Uuid(), nullable=True),
        sa.Column("refusal", sa.String(), nullable=True),
        sa.CheckConstraint(
            "listing_table IN ('location', 'organization', 'program', 'service')",
            name=op.f("ck_correction_listing_table"),
        ),
        sa.CheckConstraint(
            "origin IN ('form', 'import', 'referral')", name=op.f("ck_correction_origin")
        ),
        sa.CheckConstraint(
            "refusal IN ('already', 'not_for_listing', 'not_so', 'spam')",
            name=op.f("ck_correction_refusal"),
        ),
        sa.ForeignKeyConstraint(
            ["proposer_id"], ["person.id"], name=op.f("fk_correction_proposer_id")
        ),
    )
    op.create_index(op.f("ix_correction_record_id"), "correction", ["record_id"])
    op.create_index(op.f("ix_correction_proposer_id"), "correction", ["proposer_id"])
    op.create_index("ix_correction_listing_id_state", "correction", ["listing_id", "state"])
    op.create_index("ix_correction_state_proposed_at", "correction", ["state", "proposed_at"])


def downgrade() -> None:
    op.drop_table("correction")
    op.create_table("correction", *_correction())
    op.create_index(op.f("ix_correction_record_id"), "correction", ["record_id"])
    op.drop_table("linked_service")
    op.drop_table("listing_link")
    op.drop_table("listing_ask")
    op.drop_table("population_state")
    for name in ("lapsed_at", "version", "unit", "maximum", "available"):
        op.drop_column("service_state", name)


def _correction() -> tuple[sa.schema.SchemaItem, ...]:
    return (
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("table_name", sa.String(), nullable=False),
        sa.Column("record_id", sa.Uuid(), nullable=False),
        sa.Column("field", sa.String(), nullable=False),
        sa.Column("current_value", sa.String(), nullable=True),
        sa.Column("proposed_value", sa.String(), nullable=True),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("proposed_by", sa.String(), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.String(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state IN ('accepted', 'proposed', 'refused')", name=op.f("ck_correction_state")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_correction")),
    )
