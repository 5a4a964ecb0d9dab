"""What an application may know of the person who let it in (OpenID Connect Core, 5.3)."""

from typing import Any

from sqlalchemy.orm import Session

from referral_hub.gateways.field_crypto import Vault
from referral_hub.models import Agency, Person
from referral_hub.rules.actor import Application
from referral_hub.rules.errors import ScopeMissing
from referral_hub.rules.scopes import Scope
from referral_hub.use_cases.steps.people import name_of


def userinfo(session: Session, vault: Vault, acting: Application) -> dict[str, Any]:
    """The claims that the token's scopes open. Raises ScopeMissing without `openid`."""
    acts_for = acting.person
    if Scope.OPENID not in acting.scopes or acts_for is None:
        raise ScopeMissing("This needs a token with the scope openid.", Scope.OPENID)
    claims: dict[str, Any] = {"sub": str(acts_for.person_id)}
    if Scope.PROFILE in acting.scopes:
        person = session.get_one(Person, acts_for.person_id)
        claims |= {"name": name_of(vault, person), "roles": sorted(acts_for.roles)}
        if acts_for.agency_id is not None:
            agency = session.get_one(Agency, acts_for.agency_id)
            claims |= {"agency_id": str(agency.id), "agency": agency.name}
    return claims
