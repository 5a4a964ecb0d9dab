"""What cases weigh, who was responsible when, and what each worker carried day by day."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

_TIME = sa.DateTime(timezone=True)
_CLIENT = sa.table(
    "client", sa.column("id", sa.Uuid()), sa.column("agency_id", sa.Uuid()),
    sa.column("team_id", sa.Uuid()), sa.column("worker_id", sa.Uuid()),
    sa.column("opened_at", _TIME), sa.column("closed_at", _TIME),
)  # fmt: skip


def upgrade() -> None:
    op.add_column("person", sa.Column("languages", sa.JSON(none_as_null=True), nullable=True))
    op.add_column("client", sa.Column("intensity", sa.Integer(), nullable=True))
    for name in ("travels", "trauma"):
        op.add_column(
            "client", sa.Column(name, sa.Boolean(), nullable=False, server_default=sa.false())
        )
    made = op.create_table(
        "case_assignment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("team_id", sa.Uuid(), nullable=False),
        sa.Column("worker_id", sa.Uuid(), nullable=True),
        sa.Column("since", _TIME, nullable=False),
        sa.Column("until", _TIME, nullable=True),
        *(
            sa.ForeignKeyConstraint([f"{name}_id"], [f"{table}.id"],
                                    name=op.f(f"fk_case_assignment_{name}_id"))
            for name, table in (
                ("agency", "agency"), ("client", "client"), ("team", "team"), ("worker", "person"),
            )
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_assignment")),
    )  # fmt: skip
    op.create_index("ix_case_assignment_agency_id_until", "case_assignment", ["agency_id", "until"])
    for name in ("client_id", "team_id", "worker_id"):
        op.create_index(op.f(f"ix_case_assignment_{name}"), "case_assignment", [name])
    _begin_history(made)
    for table, columns in (
        ("caseload_day", (
            sa.Column("cases", sa.Integer(), nullable=False),
            sa.Column("points", sa.Double(), nullable=False),
            sa.Column("trauma", sa.Integer(), nullable=False),
        )),
        ("caseload_signal", (
            sa.Column("shown_at", _TIME, nullable=False),
            sa.Column("shared_at", _TIME, nullable=True),
        )),
    ):  # fmt: skip
        _of_workers(table, *columns)


def downgrade() -> None:
    op.drop_table("caseload_signal")
    op.drop_table("caseload_day")
    op.drop_table("case_assignment")
    for name in ("trauma", "travels", "intensity"):
        op.drop_column("client", name)
    op.drop_column("person", "languages")


def _of_workers(table: str, *columns: sa.schema.SchemaItem) -> None:
    """A table of workers in agencies; one with days has a row for each."""
    dated = table == "caseload_day"
    day = [sa.Column("day", sa.Date(), nullable=False)] if dated else []
    key = ["agency_id", *(["day"] if dated else []), "worker_id"]
    op.create_table(
        table,
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        *day,
        sa.Column("worker_id", sa.Uuid(), nullable=False),
        *columns,
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f(f"fk_{table}_agency_id")),
        sa.ForeignKeyConstraint(["worker_id"], ["person.id"], name=op.f(f"fk_{table}_worker_id")),
        sa.PrimaryKeyConstraint(*key, name=op.f(f"pk_{table}")),
    )


def _begin_history(table: sa.Table) -> None:
    """As far as it is known: who has a case now had it from its start. Each client has one such
    time yet, so its id can be that of the client, and the database needs nobody who makes ids."""
    held = _CLIENT.c
    names = ["id", "agency_id", "client_id", "team_id", "worker_id", "since", "until"]
    told = sa.select(
        held.id, held.agency_id, held.id, held.team_id, held.worker_id, held.opened_at,
        held.closed_at,
    )  # fmt: skip
    op.execute(table.insert().from_select(names, told))
