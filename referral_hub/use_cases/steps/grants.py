"""What people let applications do: who acts by it now."""

from datetime import datetime

from sqlalchemy.orm import Session

from referral_hub.models import ApplicationGrant, Person, SignInSession
from referral_hub.rules.actor import Person as PersonActing
from referral_hub.use_cases.steps.sessions import (
    agency_and_roles,
    supervised_teams,
    waits_for_second_factor,
)


def person_of_grant(
    session: Session, grant: ApplicationGrant, held: SignInSession, now: datetime
) -> PersonActing | None:
    """In whose name an application acts, with what it was given in a sign-in.

    None once it may not: the grant was withdrawn, the person left, or a role of theirs has come to
    need a second factor, which that sign-in lacks. It may again when the sign-in gets one.
    """
    person = session.get(Person, grant.person_id)
    if grant.withdrawn_at is not None or person is None or person.disabled_at is not None:
        return None
    agency_id, roles = agency_and_roles(session, person.id, grant.agency_id)
    if not roles or agency_id != grant.agency_id or waits_for_second_factor(session, held, roles):
        return None
    teams = supervised_teams(session, person.id, agency_id, now)
    return PersonActing(person.id, agency_id, roles, teams)
