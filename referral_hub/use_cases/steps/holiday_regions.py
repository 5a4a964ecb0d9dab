"""Regions whose holidays are kept, as people enter them."""

from referral_hub.gateways.holidays import is_region
from referral_hub.rules.errors import InvalidInput


def check_region(region: str) -> None:
    """Raise InvalidInput for a region whose holidays are not known."""
    if not is_region(region):
        message = "Use a country, or a country and a state, in capitals, such as US or US-IL."
        raise InvalidInput(message, {"holiday_region": message})
