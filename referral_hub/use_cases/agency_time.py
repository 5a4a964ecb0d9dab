"""When an agency works: where it is, and whose holidays it keeps. Its due times rest on that."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from referral_hub.models import Agency
from referral_hub.rules.actor import Actor
from referral_hub.rules.errors import InvalidInput, NotFound
from referral_hub.rules.permissions import NOTHING_HERE, Permission, require
from referral_hub.rules.setting_kinds import TimeZone
from referral_hub.use_cases.steps.agencies import the_agency
from referral_hub.use_cases.steps.audit import add_audit
from referral_hub.use_cases.steps.holiday_regions import check_region
from referral_hub.use_cases.steps.network import network_settings
from referral_hub.use_cases.transaction import transaction


@dataclass(frozen=True, slots=True)
class WorkingTime:
    """What an agency says of itself, and what holds where it says nothing. None: nothing said."""

    time_zone: str | None
    holiday_region: str | None
    network_time_zone: str
    network_holiday_region: str


def show_working_time(session: Session, actor: Actor, agency_id: UUID) -> WorkingTime:
    """Where an agency is and whose holidays it keeps. Raises NotFound."""
    require(actor, Permission.AGENCY_CHANGE, agency_id)
    agency = session.get(Agency, agency_id)
    if agency is None:
        raise NotFound(NOTHING_HERE)
    values = network_settings(session)
    return WorkingTime(
        agency.time_zone,
        agency.holiday_region,
        str(values["time_zone"]),
        str(values["holiday_region"]),
    )


def change_working_time(
    session: Session,
    actor: Actor,
    agency_id: UUID,
    time_zone: str | None,
    holiday_region: str | None,
    *,
    now: datetime,
) -> bool:
    """Say where an agency is and whose holidays it keeps; None means as the network does.

    Times that run already stay as they are. Returns whether something changed. Raises
    InvalidInput.
    """
    require(actor, Permission.AGENCY_CHANGE, agency_id)
    said = _checked(time_zone, holiday_region)
    with transaction(session):
        agency = the_agency(session, agency_id)
        changed = [name for name, value in said.items() if getattr(agency, name) != value]
        for name in changed:
            setattr(agency, name, said[name])
        if changed:
            detail = ", ".join(changed)
            add_audit(
                session, actor, "agency:change", agency, agency_id=agency_id, detail=detail, now=now
            )
    return bool(changed)


def _checked(time_zone: str | None, holiday_region: str | None) -> dict[str, str | None]:
    faults: dict[str, str] = {}
    if time_zone is not None:
        try:
            time_zone = TimeZone().read([time_zone])
        except ValueError as error:
            faults["time_zone"] = str(error)
    if holiday_region is not None:
        holiday_region = holiday_region.strip()
        try:
            check_region(holiday_region)
        except InvalidInput as error:
            faults |= error.fields
    if faults:
        raise InvalidInput("This cannot be used. Nothing was changed.", faults)
    return {"time_zone": time_zone, "holiday_region": holiday_region}
