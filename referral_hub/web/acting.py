"""For which agency the caller acts."""

from uuid import UUID

from referral_hub.rules.errors import NotPermitted
from referral_hub.web.hub import person


def own_agency() -> UUID:
    """The agency that the caller acts for. Raises NotPermitted for who acts for none."""
    found = person().agency_id
    if found is None:
        raise NotPermitted(
            "You act for no agency now. If yours was invited, a network steward approves it first."
        )
    return found
