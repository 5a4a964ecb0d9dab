"""Network agreements: signing and ending them."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from referral_hub.models import Agreement
from referral_hub.rules.actor import Actor
from referral_hub.rules.actor import Person as PersonActing
from referral_hub.rules.agencies import AgencyStatus, check_dates
from referral_hub.rules.errors import Conflict, NotFound, NotPermitted
from referral_hub.rules.permissions import NOTHING_HERE, Permission, require
from referral_hub.use_cases.steps.agencies import the_agency
from referral_hub.use_cases.steps.audit import add_audit
from referral_hub.use_cases.steps.network import network_setting
from referral_hub.use_cases.transaction import transaction


def sign_agreement(
    session: Session,
    actor: Actor,
    agency_id: UUID,
    starts_on: date,
    ends_on: date | None,
    *,
    now: datetime,
) -> UUID:
    """Sign the network agreement for one's agency, from a first to a last day; return its id.

    Raises InvalidInput for dates that cannot be, Conflict for an agency that is no partner.
    """
    require(actor, Permission.AGREEMENT_SIGN, agency_id)
    if not isinstance(actor, PersonActing):
        raise NotPermitted("Only a person signs an agreement.")
    check_dates(starts_on, ends_on, now.date())
    with transaction(session):
        agency = the_agency(session, agency_id)
        if agency.status != AgencyStatus.PARTNER:
            raise Conflict("The agency takes no part in the network now.")
        agreement = Agreement(
            agency_id=agency_id,
            title=str(network_setting(session, "agreement_title")),
            signed_by=actor.person_id,
            signed_at=now,
            starts_on=starts_on,
            ends_on=ends_on,
        )
        add_audit(session, actor, "agreement:sign", agreement, agency_id=agency_id, now=now)
    return agreement.id


def end_agreement(
    session: Session, actor: Actor, agency_id: UUID, agreement_id: UUID, *, now: datetime
) -> None:
    """End an agreement of an agency before its time. Raises NotFound, and Conflict if it is over.

    Without another one in force the agency neither sends nor receives from now on.
    """
    require(actor, Permission.AGREEMENT_END)
    with transaction(session):
        agreement = session.get(Agreement, agreement_id, with_for_update=True)
        if agreement is None or agreement.agency_id != agency_id:
            raise NotFound(NOTHING_HERE)
        is_past = agreement.ends_on is not None and agreement.ends_on < now.date()
        if agreement.ended_at is not None or is_past:
            raise Conflict("This agreement is over already.")
        agreement.ended_at = now
        add_audit(session, actor, "agreement:end", agreement, agency_id=agency_id, now=now)
