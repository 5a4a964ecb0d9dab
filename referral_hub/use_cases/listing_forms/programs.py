"""The program to which a service belongs, chosen from those of its organization."""

from uuid import UUID

from sqlalchemy import select

from referral_hub.models import Program
from referral_hub.rules.listing_sections import InProgram, Options
from referral_hub.rules.listing_state import PUBLIC
from referral_hub.rules.listings import RowEdit
from referral_hub.use_cases.listing_forms.editing import Editing, Texts, changed, shown


def read_program(part: InProgram, editing: Editing) -> dict[str, str]:
    """The program's id, or an empty text."""
    return {part.field.name: str(editing.record.program_id or "")}


def program_options(editing: Editing) -> Options:
    """The programs of the service's organization, by name."""
    rows = editing.session.execute(
        select(Program.id, Program.name)
        .where(
            Program.organization_id == editing.record.organization_id,
            Program.vanished_at.is_(None),
        )
        .order_by(Program.name, Program.id)
    )
    return tuple((str(row.id), row.name) for row in rows)


def write_program(part: InProgram, editing: Editing, before: Texts, after: Texts) -> list[RowEdit]:
    """Another program, or none. That of a service that everybody sees is seen with it."""
    name = part.field.name
    chosen = after.get(name, "")
    if before.get(name, "") == chosen:
        return []
    if chosen and chosen not in dict(program_options(editing)):
        editing.faults[name] = "Choose one from the list."
        return []
    values = {"program_id": UUID(chosen) if chosen else None}
    edits = changed("service", editing.listing.id, editing.record, values)
    if editing.record.visibility == PUBLIC:
        edits += shown(editing, Program, [values["program_id"]])
    return edits
