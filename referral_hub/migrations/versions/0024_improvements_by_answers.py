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
_AS_BEFORE = {
    "drawn": "'control', 'run'",
    "every": "'month', 'week'",
    "stage": "'act', 'closed', 'do', 'plan', 'study'",
}


def upgrade() -> None:
    _allow(f"'client_confirmed', {_MEASURED}")


def downgrade() -> None:
    cycles = "SELECT id FROM improvement_cycle WHERE measured = 'client_confirmed'"
    for table in ("improvement_note", "improvement_mark"):
        op.execute(f"DELETE FROM {table} WHERE cycle_id IN ({cycles})")  # noqa: S608
    op.execute("DELETE FROM improvement_cycle WHERE measured = 'client_confirmed'")
    _allow(_MEASURED)


def _allow(measured: str) -> None:
    """SQLite builds the table anew, without the checks that it had."""
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    with op.batch_alter_table("improvement_cycle") as table:
        if not is_sqlite:
            table.drop_constraint(op.f("ck_improvement_cycle_measured"), type_="check")
        listed = {"measured": measured} | (_AS_BEFORE if is_sqlite else {})
        for column, values in listed.items():
            table.create_check_constraint(
                op.f(f"ck_improvement_cycle_{column}"), f"{column} IN ({values})"
            )
