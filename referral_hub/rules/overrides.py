"""When an agency may share without consent: to keep somebody alive, and no more than that takes.

The ground is 45 CFR 164.512(j), a serious and imminent threat to somebody's health or safety.
Whether it holds is for the person who says so; what the rules know is where no ground could hold.
"""

from collections.abc import Set

from referral_hub.rules.consent import Category, listed
from referral_hub.rules.errors import ConsentMissing, InvalidInput

OVERRIDABLE = frozenset(
    {Category.BASIC_CONTACT, Category.NEED, Category.HOUSEHOLD, Category.HEALTH}
)
"""All else waits for consent: substance use (42 CFR part 2), education records (34 CFR part 99),
and what helps nobody in danger."""
MOST_REASON = 1000


def check_override(categories: Set[Category], reason: str, *, of_victim_services: bool) -> None:
    """Raise unless these may be shared without consent: ConsentMissing where nobody may, and
    InvalidInput where the reason does not tell enough."""
    if of_victim_services:
        message = "An agency that serves victims never shares without consent (34 USC 12291)."
        raise ConsentMissing(message, {"override_reason": message})
    never = categories - OVERRIDABLE
    if never:
        message = f"This is never shared without consent: {listed(never)}."
        raise ConsentMissing(message, {"categories": message})
    if not reason.strip() or len(reason) > MOST_REASON:
        message = f"Say in 1 to {MOST_REASON} characters which danger leaves no time for consent."
        raise InvalidInput(message, {"override_reason": message})
