"""The client for whom somebody searches, in the session in which they are signed in."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from referral_hub.gateways.field_crypto import Vault
from referral_hub.models import Agency, Need
from referral_hub.rules.actor import Actor
from referral_hub.rules.actor import Person as PersonActing
from referral_hub.rules.client_profile import Profile
from referral_hub.rules.clients import NeedStatus
from referral_hub.rules.eligibility_answers import Known
from referral_hub.rules.eligibility_areas import Home
from referral_hub.rules.errors import NotFound, NotPermitted
from referral_hub.rules.permissions import Permission
from referral_hub.use_cases.directory.documents import Gazetteer
from referral_hub.use_cases.directory.wording import language_name
from referral_hub.use_cases.steps.audit import add_audit
from referral_hub.use_cases.steps.clients import profile_of, the_client


@dataclass(frozen=True, slots=True)
class ChosenClient:
    """What a search uses of a client. `needs` are the codes of the open ones, the most pressing
    first. With `secret` nobody else may learn, not even from counts, that there is this client."""

    client_id: UUID
    agency_id: UUID
    profile: Profile
    needs: tuple[str, ...]
    secret: bool

    @property
    def initials(self) -> str:
        """How the client is called where others may look on."""
        profile = self.profile
        names = (profile.preferred_name or profile.given_name, profile.family_name)
        return " ".join(f"{name.strip()[0].upper()}." for name in names if name.strip()) or "?"


def chosen_client(
    session: Session, actor: Actor, vault: Vault, what: str, *, now: datetime
) -> ChosenClient | None:
    """The client for whom the actor searches, with the audit told for what it was read.

    None where there is none, or none that they may see any more.
    """
    if not isinstance(actor, PersonActing) or actor.client_id is None:
        return None
    try:
        client = the_client(session, actor, Permission.CLIENT_READ, actor.client_id)
    except (NotFound, NotPermitted):
        return None
    add_audit(
        session, actor, "client:match", client, agency_id=client.agency_id, detail=what, now=now
    )
    agency = session.get_one(Agency, client.agency_id)
    needs = session.scalars(
        select(Need.need_code)
        .where(Need.client_id == client.id, Need.status == NeedStatus.OPEN)
        .order_by((Need.urgency * Need.importance).desc(), Need.opened_at, Need.id)
    )
    return ChosenClient(
        client.id,
        client.agency_id,
        profile_of(vault, client),
        tuple(dict.fromkeys(needs)),
        agency.victim_services,
    )


def known_of(profile: Profile, gazetteer: Gazetteer, day: date) -> Known:
    """What can be held against conditions. A ZIP code is looked up here, never elsewhere: to ask
    another site for it would tell that somebody who lives there needs help."""
    place = gazetteer.approximate_point(profile.zip[:5], None, None) if profile.zip else None
    names = (language_name(None, code).casefold() for code in profile.languages)
    home = Home(profile.zip, profile.state, place)
    return Known(profile, day, home, frozenset(filter(None, names)))
