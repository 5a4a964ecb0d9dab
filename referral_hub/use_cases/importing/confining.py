"""An import that may speak of one organization only: everything of others is refused, and said."""

from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from referral_hub.formats.records import Severity
from referral_hub.formats.text import fold
from referral_hub.models import Organization
from referral_hub.rules.hsds import TABLES
from referral_hub.use_cases.importing.report import ImportReport
from referral_hub.use_cases.importing.staging import Staging

CODE = "not-your-organization"
BY_ORGANIZATION = ("program", "service", "location")


def confine(
    session: Session, staging: Staging, organization_id: UUID, report: ImportReport
) -> None:
    """Tie what was staged to one organization, and refuse what belongs to others.

    The organization may be called by its id or its name, or not at all. What the file says of the
    organization itself is left out: that is changed on its own page.
    """
    own = session.get_one(Organization, organization_id)
    target = (own.id.hex, str(own.id))
    names = {fold(name) for name in (own.name, own.alternate_name) if name}
    strangers: dict[str, str] = {}
    for batch in staging.rows("organization"):
        for row in batch:
            name = str(row.content.get("name", ""))
            if row.id == own.id.hex or fold(name) in names:
                staging.point_elsewhere("organization", row.id, target)
            else:
                strangers[row.id] = name
            staging.refuse("organization", row.id)
    for table in BY_ORGANIZATION:
        for record_id in staging.without(table, "organization_id"):
            staging.refer(table, record_id, "organization_id", "organization", target)
    for table in TABLES:
        for record_id, named, key in staging.referring(table, "organization"):
            if named != own.id.hex:
                name = strangers.get(named) or key
                _refuse(staging, report, table, record_id, own, name)


def _refuse(
    staging: Staging, report: ImportReport, table: str, record_id: str, own: Any, name: str
) -> None:
    staging.refuse(table, record_id)
    origin, key = staging.origin(table, record_id)
    report.say(
        Severity.ERROR,
        CODE,
        f"belongs to “{name}”, and this import is for “{own.name}” only",
        origin=origin,
        table=table,
        record=key,
        field="organization_id",
        value=name,
    )
