"""The operator acts for somebody at the command line: with that person's roles, and no others."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from referral_hub.gateways.field_crypto import Vault
from referral_hub.rules.actor import Actor
from referral_hub.rules.actor import Person as PersonActing
from referral_hub.rules.errors import InvalidInput, NotFound
from referral_hub.rules.permissions import Permission, require
from referral_hub.use_cases.steps.audit import add_audit
from referral_hub.use_cases.steps.memberships import has_roles_elsewhere
from referral_hub.use_cases.steps.people import person_with_email
from referral_hub.use_cases.steps.sessions import agency_and_roles, supervised_teams
from referral_hub.use_cases.transaction import transaction


def act_for_person(
    session: Session,
    actor: Actor,
    vault: Vault,
    email: str,
    agency_id: UUID | None,
    *,
    now: datetime,
) -> PersonActing:
    """The person with an e-mail address, with the roles that they hold now in an agency; with
    `agency_id` None in the only place where they hold any. The audit notes who acts for whom.

    Raises NotFound for a closed account, or one without a role there, and InvalidInput naming
    `agency` where they have roles in several places.
    """
    require(actor, Permission.PERSON_ACT_FOR)
    with transaction(session):
        person = person_with_email(session, vault, email)
        if person is None or person.disabled_at is not None:
            raise NotFound("There is no such account, or it is closed.")
        found, roles = agency_and_roles(session, person.id, agency_id)
        if not roles or agency_id not in (None, found):
            raise NotFound(
                "They have no role there now. `referral-hub agency list` names agencies."
            )
        if agency_id is None and has_roles_elsewhere(session, person.id, found):
            message = "They work in several places. Name the agency for which they act."
            raise InvalidInput(message, {"agency": message})
        add_audit(session, actor, "person:act-for", person, agency_id=found, now=now)
        teams = supervised_teams(session, person.id, found, now)
        return PersonActing(person.id, found, roles, teams)
