"""For which agency the caller acts."""

from uuid import UUID

from referral_hub.rules.errors import NotPermitted
from referral_hub.use_cases.steps.clients import agency_of
from referral_hub.web.hub import partner, person


def own_agency() -> UUID:
    """The agency that the caller acts for. Raises NotPermitted for who acts for none."""
    found = person().agency_id
    if found is None:
        raise NotPermitted(
            "You act for no agency now. If yours was invited, a network steward approves it first."
        )
    return found


def partner_agency() -> UUID:
    """The agency that the calling application acts for. Raises NotFound where it acts in the name
    of somebody of another one."""
    return agency_of(partner())
