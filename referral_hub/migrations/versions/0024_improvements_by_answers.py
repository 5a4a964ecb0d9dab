"""An improvement can follow what clients say."""

from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

_MEASURED = (
    "'acceptance', 'acceptance_of_decided', 'completion', 'completion_of_accepted', "
    "'completion_of_closed', 'days_to_decision', 'known_outcome', 'loop_closed', 'on_time', "
    "'overdue', 'response', 'sent'"
)
_PARTS = ("improvement_mark", "improvement_note")
_AS_BEFORE = {
    "drawn": "'control', 'run'",
    "every": "'month', 'week'",
    "stage": "'act', 'closed', 'do', 'plan', 'study'",
}


def upgrade() -> None:
    _allow(f"'client_confirmed', {_MEASURED}")


def downgrade() -> None:
    cycles = "SELECT id FROM improvement_cycle WHERE measured = 'client_confirmed'"
    for table in _PARTS:
        op.execute(f"DELETE FROM {table} WHERE cycle_id IN ({cycles})")  # noqa: S608
    op.execute("DELETE FROM improvement_cycle WHERE measured = 'client_confirmed'")
    _allow(_MEASURED)


def _allow(measured: str) -> None:
    check = op.f("ck_improvement_cycle_measured")
    if op.get_bind().dialect.name != "sqlite":
        op.drop_constraint(check, "improvement_cycle", type_="check")
        op.create_check_constraint(check, "improvement_cycle", f"measured IN ({measured})")
        return
    # SQLite builds the table anew, without the checks that it had, and while no row refers to it.
    for table in _PARTS:
        op.execute(f"CREATE TEMPORARY TABLE kept_{table} AS SELECT * FROM {table}")  # noqa: S608
        op.execute(f"DELETE FROM {table}")  # noqa: S608
    with op.batch_alter_table("improvement_cycle") as cycle:
        for column, values in (_AS_BEFORE | {"measured": measured}).items():
            name = op.f(f"ck_improvement_cycle_{column}")
            cycle.create_check_constraint(name, f"{column} IN ({values})")
    for table in _PARTS:
        op.execute(f"INSERT INTO {table} SELECT * FROM kept_{table}")  # noqa: S608
        op.execute(f"DROP TABLE kept_{table}")
