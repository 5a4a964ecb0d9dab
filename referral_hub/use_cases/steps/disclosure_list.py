"""Disclosures as people list them."""

from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from referral_hub.gateways.field_crypto import Vault
from referral_hub.models import Agency, Consent, Disclosure, Referral
from referral_hub.rules.consent_days import local_day
from referral_hub.rules.referral_lifecycle import Status
from referral_hub.rules.referral_sight import is_readable
from referral_hub.rules.referrals import ConflictCheck
from referral_hub.use_cases.consent_views import DisclosureLine, Reading
from referral_hub.use_cases.steps.consent_list import in_order, name_of_actor, person_of
from referral_hub.use_cases.steps.consents import words_of
from referral_hub.use_cases.steps.people_views import names_of
from referral_hub.use_cases.steps.snapshots import check_told_to_sender, is_accepted


def disclosure_lines(
    session: Session, vault: Vault, asked: Select[Disclosure], zone: ZoneInfo
) -> tuple[DisclosureLine, ...]:
    """The disclosures that are asked for, as lines of a list."""
    rows = session.scalars(asked).all()
    agencies = _names(session, {row.to_agency_id for row in rows})
    people = names_of(session, vault, filter(None, (person_of(row.made_by) for row in rows)))
    consents = select(Consent).where(Consent.id.in_({row.consent_id for row in rows} - {None}))
    purposes = {each.id: words_of(vault, each)["purpose"] for each in session.scalars(consents)}
    found = session.scalars(
        select(Referral).where(Referral.id.in_({row.referral_id for row in rows}))
    )
    referrals = {each.id: each for each in found}
    checks = {each.id: check_told_to_sender(session, each) for each in referrals.values()}
    return tuple(
        DisclosureLine(
            id=row.id,
            made_at=row.made_at,
            made_on=local_day(row.made_at, zone),
            made_by=name_of_actor(row.made_by, people),
            agency=agencies[row.to_agency_id],
            referral_id=row.referral_id,
            categories=in_order(row.categories),
            identity_only=row.identity_only,
            consent_id=row.consent_id,
            purpose=purposes[row.consent_id] if row.consent_id else "",
            override_reason=_override(vault, row),
            reading=_reading(row, referrals[row.referral_id], checks[row.referral_id]),
            closed_at=row.closed_at,
        )
        for row in rows
    )


def _names(session: Session, agencies: set[UUID]) -> dict[UUID, str]:
    found = session.execute(select(Agency.id, Agency.name).where(Agency.id.in_(agencies)))
    return {row.id: row.name for row in found}


def _override(vault: Vault, row: Disclosure) -> str:
    if row.override_sealed is None:
        return ""
    return vault.open("disclosure.override", row.id, row.override_sealed)


def _reading(row: Disclosure, referral: Referral, check: ConflictCheck) -> Reading:
    if row.closed_at is not None:
        return Reading.CLOSED
    if not is_readable(Status(referral.status), accepted=is_accepted(referral)):
        return Reading.ENDED
    waits = check is ConflictCheck.PENDING and not row.identity_only
    return Reading.WAITING if waits else Reading.OPEN
