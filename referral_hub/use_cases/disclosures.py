"""What was shared about a client, and the check that some receivers make before they read it."""

from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from referral_hub.gateways.field_crypto import Vault
from referral_hub.models import Agency, Client, Consent, Disclosure, Need, Referral
from referral_hub.rules.actor import Actor, Person
from referral_hub.rules.consent_days import day_begins, local_day
from referral_hub.rules.errors import (
    Conflict,
    InvalidInput,
    NotFound,
    NotPermitted,
    VersionConflict,
)
from referral_hub.rules.permissions import NOTHING_HERE, Permission, require
from referral_hub.rules.referral_lifecycle import BEFORE_ACCEPTANCE, Part, Side, Status
from referral_hub.rules.referral_parts import SIDES, Parties, parts_of
from referral_hub.rules.referrals import ConflictCheck, Fact
from referral_hub.use_cases.consent_views import DisclosureLine, DisclosuresPage, Reading
from referral_hub.use_cases.steps.audit import add_audit
from referral_hub.use_cases.steps.consent_events import add_event
from referral_hub.use_cases.steps.consent_list import in_order, name_of_actor, person_of
from referral_hub.use_cases.steps.consents import (
    client_name,
    client_of_actor,
    words_of,
    zone_of,
)
from referral_hub.use_cases.steps.people_views import names_of
from referral_hub.use_cases.steps.snapshots import close_snapshots
from referral_hub.use_cases.transaction import transaction


def list_disclosures(
    session: Session,
    actor: Actor,
    client_id: UUID,
    vault: Vault,
    *,
    since: date | None = None,
    until: date | None = None,
    now: datetime,
) -> DisclosuresPage:
    """What was shared about a client, the newest first, on the days of a span, its ends included.

    Days are those where the agency is. Raises NotFound, and InvalidInput for a span that ends
    before it begins.
    """
    require(actor, Permission.DISCLOSURE_READ)
    if since is not None and until is not None and until < since:
        message = "Use a last day that is not before the first day."
        raise InvalidInput(message, {"until": message})
    with transaction(session):
        client = client_of_actor(session, actor, client_id)
        zone = zone_of(session, client.agency_id)
        lines = _lines(session, vault, _of_span(client, zone, since, until), zone)
        page = DisclosuresPage(client.id, client_name(vault, client), lines)
        add_audit(
            session, actor, "disclosure:list", client,
            agency_id=client.agency_id, detail=f"{len(lines)} disclosures", now=now,
        )  # fmt: skip
    return page


def record_conflict_check(
    session: Session,
    actor: Actor,
    referral_id: UUID,
    result: ConflictCheck,
    version: int,
    *,
    now: datetime,
) -> None:
    """Say whether the receiving agency found a conflict of interest. Without one all opens that was
    shared; with one nothing can be read any more, and the referral can be declined.

    Only people of the receiving agency can say so; a conflict that was found stays found. Raises
    NotFound, NotPermitted, InvalidInput, Conflict and VersionConflict.
    """
    require(actor, Permission.REFERRAL_MOVE)
    if result not in (ConflictCheck.CLEAR, ConflictCheck.CONFLICT):
        message = "Choose whether there is a conflict of interest."
        raise InvalidInput(message, {"result": message})
    with transaction(session):
        referral = _received(session, actor, referral_id)
        if referral.version != version:
            message = "Somebody else changed this referral. Look at it again, then decide."
            raise VersionConflict(message, referral.version)
        _require_open_check(referral, result)
        referral.conflict_check = result
        add_event(
            session, referral, Fact.CONFLICT_CHECKED, actor, Part.RECEIVER,
            data={"result": result.value}, now=now,
        )  # fmt: skip
        if result is ConflictCheck.CONFLICT:
            close_snapshots(session, referral.id, now)
        add_audit(
            session, actor, "referral:check-conflict", referral,
            agency_id=referral.to_agency_id, detail=result.value, now=now,
        )  # fmt: skip


def _of_span(
    client: Client, zone: ZoneInfo, since: date | None, until: date | None
) -> Select[tuple[Disclosure]]:
    asked = select(Disclosure).where(
        Disclosure.client_id == client.id, Disclosure.from_agency_id == client.agency_id
    )
    if since is not None:
        asked = asked.where(Disclosure.made_at >= day_begins(since, zone))
    if until is not None:
        asked = asked.where(Disclosure.made_at < day_begins(until + timedelta(days=1), zone))
    return asked.order_by(Disclosure.made_at.desc(), Disclosure.number.desc(), Disclosure.id)


def _lines(
    session: Session, vault: Vault, asked: Select[tuple[Disclosure]], zone: ZoneInfo
) -> tuple[DisclosureLine, ...]:
    rows = session.scalars(asked).all()
    agencies = _names(session, {row.to_agency_id for row in rows})
    people = names_of(session, vault, filter(None, (person_of(row.made_by) for row in rows)))
    consents = select(Consent).where(Consent.id.in_({row.consent_id for row in rows} - {None}))
    purposes = {each.id: words_of(vault, each)["purpose"] for each in session.scalars(consents)}
    referrals = select(Referral.id).where(
        Referral.id.in_({row.referral_id for row in rows}),
        Referral.conflict_check == ConflictCheck.PENDING,
    )
    waiting = set(session.scalars(referrals))
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
            reading=_reading(row, waiting),
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


def _reading(row: Disclosure, waiting: set[UUID]) -> Reading:
    if row.closed_at is not None:
        return Reading.CLOSED
    return Reading.WAITING if row.referral_id in waiting and not row.identity_only else Reading.OPEN


def _received(session: Session, actor: Actor, referral_id: UUID) -> Referral:
    """A referral that came to the actor's agency, locked after its need. Raises NotFound for whom
    it does not exist, and NotPermitted for those of the agency who cannot give its word."""
    need_id = session.scalar(select(Referral.need_id).where(Referral.id == referral_id))
    if need_id is not None:
        session.get(Need, need_id, with_for_update=True)
    referral = session.get(Referral, referral_id, with_for_update=True, populate_existing=True)
    if referral is None or referral.status == Status.DRAFT:
        raise NotFound(NOTHING_HERE)
    parts = parts_of(
        actor,
        Parties(
            referral.from_agency_id,
            referral.from_team_id,
            referral.to_agency_id,
            referral.to_team_id,
        ),
    )
    if not parts & (SIDES[Side.SENDER] | SIDES[Side.RECEIVER]):
        raise NotFound(NOTHING_HERE)
    if Part.RECEIVER not in parts or not isinstance(actor, Person):
        raise NotPermitted("Only a worker of the receiving agency can say this.")
    return referral


def _require_open_check(referral: Referral, result: ConflictCheck) -> None:
    """Raise Conflict unless the check can have this result now."""
    found = ConflictCheck(referral.conflict_check)
    if Status(referral.status) not in BEFORE_ACCEPTANCE:
        raise Conflict("This referral is decided. The check for conflicts is over.")
    if found is ConflictCheck.NOT_NEEDED:
        raise Conflict("This referral needs no check for conflicts of interest.")
    if found is ConflictCheck.CONFLICT or found is result:
        raise Conflict("The check for conflicts was recorded already. Decline, or go on with it.")
