"""What was shared about a client: the accounting of disclosures."""

from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from referral_hub.gateways.field_crypto import Vault
from referral_hub.models import Client, Disclosure
from referral_hub.rules.actor import Actor
from referral_hub.rules.consent_days import day_begins, require_reach
from referral_hub.rules.errors import (
    InvalidInput,
)
from referral_hub.rules.permissions import Permission, require
from referral_hub.use_cases.consent_views import DisclosuresPage
from referral_hub.use_cases.steps.agencies import zone_of
from referral_hub.use_cases.steps.audit import add_audit
from referral_hub.use_cases.steps.clients import name_of, the_client
from referral_hub.use_cases.steps.disclosure_list import disclosure_lines
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
    require_reach({"since": since, "until": until})
    if since is not None and until is not None and until < since:
        message = "Use a last day that is not before the first day."
        raise InvalidInput(message, {"until": message})
    with transaction(session):
        client = the_client(session, actor, Permission.DISCLOSURE_READ, client_id)
        zone = zone_of(session, client.agency_id)
        lines = disclosure_lines(session, vault, _of_span(client, zone, since, until), zone)
        page = DisclosuresPage(client.id, name_of(vault, client), lines)
        add_audit(
            session, actor, "disclosure:list", client,
            agency_id=client.agency_id, detail=f"{len(lines)} disclosures", now=now,
        )  # fmt: skip
    return page


def _of_span(
    client: Client, zone: ZoneInfo, since: date | None, until: date | None
) -> Select[Disclosure]:
    asked = select(Disclosure).where(
        Disclosure.client_id == client.id, Disclosure.from_agency_id == client.agency_id
    )
    if since is not None:
        asked = asked.where(Disclosure.made_at >= day_begins(since, zone))
    if until is not None:
        asked = asked.where(Disclosure.made_at < day_begins(until + timedelta(days=1), zone))
    return asked.order_by(Disclosure.made_at.desc(), Disclosure.number.desc(), Disclosure.id)
