"""Check-ins of a supervisor and a worker, feedback between them, and declines that are reviewed."""

import sqlalchemy as sa
from alembic import op
from alembic.operations.base import BatchOperations

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

_MAILS = "'at_once', 'daily', 'never'"
_KINDS = (
    "'arrived', 'assigned', 'consent', 'decision', 'emergency', 'ended', 'message', 'oversight',"
    " 'progress', 'question', 'reminder'"
)
_MORE_KINDS = (
    "'arrived', 'assigned', 'check_in', 'consent', 'decision', 'emergency', 'ended', 'message',"
    " 'oversight', 'progress', 'question', 'reminder', 'review'"
)


def upgrade() -> None:
    op.add_column(
        "agency",
        sa.Column("review_declines", sa.Boolean(), server_default=sa.false(), nullable=False),
    )
    op.add_column(
        "referral", sa.Column("decline_proposed_at", sa.DateTime(timezone=True), nullable=True)
    )
    _check_ins()
    _feedback()
    with op.batch_alter_table("notice") as table:
        table.add_column(sa.Column("check_in_id", sa.Uuid(), nullable=True))
        table.alter_column("referral_id", existing_type=sa.Uuid(), nullable=True)
        table.create_foreign_key(
            op.f("fk_notice_check_in_id"), "check_in", ["check_in_id"], ["id"]
        )
        table.create_index(op.f("ix_notice_check_in_id"), ["check_in_id"])
        _allow(table, "notice", "kind", _MORE_KINDS)
        _allow(table, "notice", "mail", _MAILS)
    with op.batch_alter_table("notice_preference") as table:
        _allow(table, "notice_preference", "kind", _MORE_KINDS)
        _allow(table, "notice_preference", "frequency", _MAILS)


def downgrade() -> None:
    op.execute("DELETE FROM notice_preference WHERE kind IN ('check_in', 'review')")
    op.execute("DELETE FROM notice WHERE kind IN ('check_in', 'review')")
    with op.batch_alter_table("notice_preference") as table:
        _allow(table, "notice_preference", "kind", _KINDS)
        _allow(table, "notice_preference", "frequency", _MAILS)
    with op.batch_alter_table("notice") as table:
        table.drop_index(op.f("ix_notice_check_in_id"))
        table.drop_constraint(op.f("fk_notice_check_in_id"), type_="foreignkey")
        table.drop_column("check_in_id")
        table.alter_column("referral_id", existing_type=sa.Uuid(), nullable=False)
        _allow(table, "notice", "kind", _KINDS)
        _allow(table, "notice", "mail", _MAILS)
    for table_name in (
        "decline_look", "feedback_note", "check_in_action", "check_in_point", "check_in",
    ):  # fmt: skip
        op.drop_table(table_name)
    op.drop_column("referral", "decline_proposed_at")
    op.drop_column("agency", "review_declines")


def _check_ins() -> None:
    op.create_table(
        "check_in",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("supervisor_id", sa.Uuid(), nullable=False),
        sa.Column("worker_id", sa.Uuid(), nullable=False),
        sa.Column("planned_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("weeks", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("held_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("agenda", sa.JSON(), nullable=True),
        sa.Column("notes_sealed", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint(
            "status IN ('cancelled', 'held', 'planned')", name=op.f("ck_check_in_status")
        ),
        _key("check_in", "agency_id", "agency"),
        _key("check_in", "supervisor_id", "person"),
        _key("check_in", "worker_id", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_check_in")),
    )
    _index("check_in", "agency_id", "supervisor_id", "worker_id")
    op.create_table(
        "check_in_point",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("check_in_id", sa.Uuid(), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("text_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        _key("check_in_point", "check_in_id", "check_in"),
        _key("check_in_point", "author_id", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_check_in_point")),
    )
    _index("check_in_point", "check_in_id", "author_id")
    op.create_table(
        "check_in_action",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("check_in_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("text_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("agreed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        _key("check_in_action", "check_in_id", "check_in"),
        _key("check_in_action", "person_id", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_check_in_action")),
    )
    _index("check_in_action", "check_in_id", "person_id")


def _feedback() -> None:
    op.create_table(
        "feedback_note",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("supervisor_id", sa.Uuid(), nullable=False),
        sa.Column("worker_id", sa.Uuid(), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("text_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        _key("feedback_note", "agency_id", "agency"),
        _key("feedback_note", "supervisor_id", "person"),
        _key("feedback_note", "worker_id", "person"),
        _key("feedback_note", "author_id", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feedback_note")),
    )
    _index("feedback_note", "agency_id", "supervisor_id", "worker_id", "author_id")
    op.create_table(
        "decline_look",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("note_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("looked_at", sa.DateTime(timezone=True), nullable=False),
        _key("decline_look", "event_id", "referral_event"),
        _key("decline_look", "person_id", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decline_look")),
        sa.UniqueConstraint("event_id", name=op.f("uq_decline_look_event_id")),
    )
    _index("decline_look", "person_id")


def _key(table: str, column: str, owner: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{owner}.id"], name=op.f(f"fk_{table}_{column}"))


def _index(table: str, *columns: str) -> None:
    for column in columns:
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column])


def _allow(table: BatchOperations, name: str, column: str, values: str) -> None:
    """SQLite builds the table anew, without the checks that it had."""
    check = op.f(f"ck_{name}_{column}")
    if op.get_bind().dialect.name != "sqlite":
        table.drop_constraint(check, type_="check")
    table.create_check_constraint(check, f"{column} IN ({values})")
