"""Organizations and places are confirmed too: questions and links are about listings."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

_TABLES = "'location', 'organization', 'program', 'service'"
_ASKED = {
    "kind": sa.String(), "agency_id": sa.Uuid(), "reason": sa.String(),
    "since": sa.DateTime(timezone=True), "due_on": sa.Date(),
    "told_at": sa.DateTime(timezone=True), "escalated_at": sa.DateTime(timezone=True),
}  # fmt: skip
_LINKED = {"link_id": sa.Uuid(), "confirmed_at": sa.DateTime(timezone=True)}


def upgrade() -> None:
    asks = _taken("listing_ask", {"service_id": sa.Uuid(), **_ASKED})
    links = _taken("linked_service", {"service_id": sa.Uuid(), **_LINKED})
    made = op.create_table(
        "listing_ask",
        sa.Column("listing_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("listing_table", sa.String(), nullable=False),
        *_asked(),
        sa.CheckConstraint(
            f"listing_table IN ({_TABLES})", name=op.f("ck_listing_ask_listing_table")
        ),
        sa.PrimaryKeyConstraint("listing_id", "kind", name=op.f("pk_listing_ask")),
    )
    op.create_index(op.f("ix_listing_ask_agency_id"), "listing_ask", ["agency_id"])
    op.bulk_insert(made, [_renamed(ask) for ask in asks])
    made = op.create_table(
        "linked_listing",
        sa.Column("link_id", sa.Uuid(), nullable=False),
        sa.Column("listing_id", sa.Uuid(), nullable=False),
        sa.Column("listing_table", sa.String(), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            f"listing_table IN ({_TABLES})", name=op.f("ck_linked_listing_listing_table")
        ),
        sa.ForeignKeyConstraint(
            ["link_id"], ["listing_link.id"], name=op.f("fk_linked_listing_link_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("link_id", "listing_id", name=op.f("pk_linked_listing")),
    )  # fmt: skip
    op.bulk_insert(made, [_renamed(link) for link in links])


def downgrade() -> None:
    key = {"listing_id": sa.Uuid(), "listing_table": sa.String()}
    asks = _taken("listing_ask", {**key, **_ASKED})
    links = _taken("linked_listing", {**key, **_LINKED})
    made = op.create_table(
        "listing_ask",
        sa.Column("service_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        *_asked(),
        sa.ForeignKeyConstraint(
            ["service_id"], ["service.id"], name=op.f("fk_listing_ask_service_id")
        ),
        sa.PrimaryKeyConstraint("service_id", "kind", name=op.f("pk_listing_ask")),
    )
    op.create_index(op.f("ix_listing_ask_agency_id"), "listing_ask", ["agency_id"])
    op.bulk_insert(made, list(_of_services(asks)))
    made = op.create_table(
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
    op.bulk_insert(made, list(_of_services(links)))


def _taken(table: str, columns: dict[str, Any]) -> list[dict[str, Any]]:
    """The rows of a table, which is dropped: questions and links are few."""
    held = sa.table(table, *(sa.column(name, kind) for name, kind in columns.items()))
    rows = [dict(row) for row in op.get_bind().execute(sa.select(held)).mappings()]
    op.drop_table(table)
    return rows


def _renamed(row: dict[str, Any]) -> dict[str, Any]:
    kept = {name: value for name, value in row.items() if name != "service_id"}
    return {**kept, "listing_id": row["service_id"], "listing_table": "service"}


def _of_services(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [
        {
            **{name: value for name, value in row.items() if not name.startswith("listing_")},
            "service_id": row["listing_id"],
        }
        for row in rows
        if row["listing_table"] == "service"
    ]


def _asked() -> tuple[sa.schema.SchemaItem, ...]:
    return (
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
    )
