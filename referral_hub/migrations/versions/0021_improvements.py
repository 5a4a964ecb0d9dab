"""Improvement cycles, notes pinned to charts, and links to figures by mail."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "improvement_cycle",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=True),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("stage", sa.String(), nullable=False),
        sa.Column("title_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("aim_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("change_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("learned_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("measured", sa.String(), nullable=False),
        sa.Column("conditions", sa.JSON(), nullable=False),
        sa.Column("every", sa.String(), nullable=False),
        sa.Column("drawn", sa.String(), nullable=False),
        sa.Column("baseline_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "drawn IN ('control', 'run')",
            name=op.f("ck_improvement_cycle_drawn"),
        ),
        sa.CheckConstraint(
            "every IN ('month', 'week')",
            name=op.f("ck_improvement_cycle_every"),
        ),
        sa.CheckConstraint(
            "measured IN ('acceptance', 'acceptance_of_decided', 'client_confirmed', "
            "'completion', 'completion_of_accepted', 'completion_of_closed', "
            "'days_to_decision', 'known_outcome', 'loop_closed', 'on_time', 'overdue', "
            "'response', 'sent')",
            name=op.f("ck_improvement_cycle_measured"),
        ),
        sa.CheckConstraint(
            "stage IN ('act', 'closed', 'do', 'plan', 'study')",
            name=op.f("ck_improvement_cycle_stage"),
        ),
        sa.ForeignKeyConstraint(
            ["agency_id"], ["agency.id"], name=op.f("fk_improvement_cycle_agency_id")
        ),
        sa.ForeignKeyConstraint(
            ["author_id"], ["person.id"], name=op.f("fk_improvement_cycle_author_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_improvement_cycle")),
    )
    op.create_index(op.f("ix_improvement_cycle_agency_id"), "improvement_cycle", ["agency_id"])
    op.create_index(op.f("ix_improvement_cycle_author_id"), "improvement_cycle", ["author_id"])
    op.create_table(
        "improvement_mark",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("cycle_id", sa.Uuid(), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("words_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["cycle_id"], ["improvement_cycle.id"], name=op.f("fk_improvement_mark_cycle_id")
        ),
        sa.ForeignKeyConstraint(
            ["author_id"], ["person.id"], name=op.f("fk_improvement_mark_author_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_improvement_mark")),
    )
    op.create_index(op.f("ix_improvement_mark_cycle_id"), "improvement_mark", ["cycle_id"])
    op.create_table(
        "improvement_note",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("cycle_id", sa.Uuid(), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("stage", sa.String(), nullable=False),
        sa.Column("text_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "stage IN ('act', 'closed', 'do', 'plan', 'study')",
            name=op.f("ck_improvement_note_stage"),
        ),
        sa.ForeignKeyConstraint(
            ["cycle_id"], ["improvement_cycle.id"], name=op.f("fk_improvement_note_cycle_id")
        ),
        sa.ForeignKeyConstraint(
            ["author_id"], ["person.id"], name=op.f("fk_improvement_note_author_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_improvement_note")),
    )
    op.create_index(op.f("ix_improvement_note_cycle_id"), "improvement_note", ["cycle_id"])
    op.create_table(
        "figure_note",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=True),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("page", sa.String(), nullable=False),
        sa.Column("chart", sa.String(), nullable=False),
        sa.Column("conditions", sa.JSON(), nullable=False),
        sa.Column("about_on", sa.Date(), nullable=True),
        sa.Column("text_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["agency_id"], ["agency.id"], name=op.f("fk_figure_note_agency_id")
        ),
        sa.ForeignKeyConstraint(
            ["author_id"], ["person.id"], name=op.f("fk_figure_note_author_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_figure_note")),
    )
    op.create_index(op.f("ix_figure_note_agency_id"), "figure_note", ["agency_id"])
    op.create_table(
        "figure_link",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=True),
        sa.Column("name_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("path", sa.String(), nullable=False),
        sa.Column("every", sa.String(), nullable=False),
        sa.Column("day", sa.Integer(), nullable=False),
        sa.Column("hour", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "every IN ('month', 'week')",
            name=op.f("ck_figure_link_every"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_figure_link_person_id")
        ),
        sa.ForeignKeyConstraint(
            ["agency_id"], ["agency.id"], name=op.f("fk_figure_link_agency_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_figure_link")),
    )
    op.create_index(op.f("ix_figure_link_ended_at_due_at"), "figure_link", ["ended_at", "due_at"])
    op.create_index(op.f("ix_figure_link_person_id"), "figure_link", ["person_id"])


def downgrade() -> None:
    op.drop_table("figure_link")
    op.drop_table("figure_note")
    op.drop_table("improvement_note")
    op.drop_table("improvement_mark")
    op.drop_table("improvement_cycle")

