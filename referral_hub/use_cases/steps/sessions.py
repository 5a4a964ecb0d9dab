"""Sessions inside a transaction: made at sign-in, read at each request."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from referral_hub.gateways.tokens import new_token, token_hash
from referral_hub.models import (
    Agency,
    IdentityProvider,
    Membership,
    Person,
    SignInSession,
    Team,
    TeamMember,
)
from referral_hub.rules.actor import Person as PersonActing
from referral_hub.rules.agencies import AgencyStatus
from referral_hub.rules.sign_in import PROOF_LENGTH, Method, is_strong
from referral_hub.rules.teams import TeamPart
from referral_hub.use_cases.steps.memberships import has_roles_elsewhere
from referral_hub.use_cases.steps.network import session_length
from referral_hub.use_cases.steps.second_factor import required_second_factor


@dataclass(frozen=True, slots=True)
class Through:
    """The provider at which somebody signed in, and when they proved there who they are, if that
    is known."""

    provider: IdentityProvider
    proved_at: datetime | None


def acting_person(session: Session, held: SignInSession, now: datetime) -> PersonActing | None:
    """The person of a session with the roles that count now; None for one who is disabled."""
    person = session.get(Person, held.person_id)
    if person is None or person.disabled_at is not None:
        return None
    agency_id, roles = agency_and_roles(session, person.id, held.agency_id)
    if held.provider_id is not None and agency_id != held.agency_id:
        # An agency answers for who its people are, but for no other agency's.
        agency_id, roles = None, frozenset()
    if waits_for_second_factor(session, held, roles):
        return PersonActing(
            person_id=person.id,
            agency_id=agency_id,
            roles=frozenset(),
            proved_at=held.proved_at,
            session_id=held.id,
            second_factor_missing=True,
        )
    return PersonActing(
        person_id=person.id,
        agency_id=agency_id,
        roles=roles,
        teams=supervised_teams(session, person.id, agency_id, now),
        proved_at=held.proved_at,
        session_id=held.id,
        client_id=held.client_id,
    )


def waits_for_second_factor(session: Session, held: SignInSession, roles: Iterable[str]) -> bool:
    """Whether one of the roles needs a second factor, and there was none in that sign-in."""
    return not is_strong(held.methods.split()) and required_second_factor(session, roles)


def add_session(
    session: Session,
    person: Person,
    methods: tuple[Method, ...],
    browser: str,
    through: Through | None = None,
    *,
    now: datetime,
) -> tuple[str, SignInSession]:
    """A new session of a person who has proved who they are, and its token for the cookie.

    It acts for the agency they joined first; one that comes through an agency's provider for that
    agency. Such a sign-in is a proof for sensitive acts only if the provider says when it was, and
    never for people who have roles elsewhere too.
    """
    token = new_token()
    agency_id, _ = agency_and_roles(session, person.id, None)
    proved_at = now
    if through is not None:
        agency_id = through.provider.agency_id
        proved_at = through.proved_at or now - PROOF_LENGTH
        if has_roles_elsewhere(session, person.id, agency_id):
            proved_at = now - PROOF_LENGTH
    held = SignInSession(
        token_hash=token_hash(token),
        person_id=person.id,
        agency_id=agency_id,
        provider_id=through.provider.id if through else None,
        methods=" ".join(methods),
        browser=browser[:100],
        created_at=now,
        seen_at=now,
        proved_at=proved_at,
        expires_at=now + session_length(session),
    )
    session.add(held)
    session.flush()
    return token, held


def agency_and_roles(
    session: Session, person_id: UUID, chosen: UUID | None
) -> tuple[UUID | None, frozenset[str]]:
    """The agency that a person acts for, and their roles: in the chosen one, else the first.

    Roles in an agency that is not a partner do not count; those of the network always do.
    """
    rows = session.execute(
        select(Membership.agency_id, Membership.role)
        .outerjoin(Agency, Agency.id == Membership.agency_id)
        .where(
            Membership.person_id == person_id,
            Membership.until.is_(None),
            or_(Agency.id.is_(None), Agency.status == AgencyStatus.PARTNER),
        )
        .order_by(Membership.since, Membership.id)
    ).all()
    agencies = list(dict.fromkeys(row.agency_id for row in rows))
    if not agencies:
        return None, frozenset()
    acting = chosen if chosen in agencies else agencies[0]
    return acting, frozenset(row.role for row in rows if row.agency_id == acting)


def supervised_teams(
    session: Session, person_id: UUID, agency_id: UUID | None, now: datetime
) -> frozenset[UUID]:
    """The teams of the agency that a person supervises today."""
    if agency_id is None:
        return frozenset()
    today = now.date()
    return frozenset(
        session.scalars(
            select(Team.id)
            .join(TeamMember, TeamMember.team_id == Team.id)
            .where(
                Team.agency_id == agency_id,
                Team.ended_at.is_(None),
                TeamMember.person_id == person_id,
                TeamMember.part == TeamPart.SUPERVISOR,
                TeamMember.since <= today,
                or_(TeamMember.until.is_(None), TeamMember.until > today),
            )
        )
    )
