"""How people hear of news on their referrals."""

from collections.abc import Mapping
from enum import StrEnum


class Frequency(StrEnum):
    """When a mail tells of news; inside the hub it shows at once."""

    AT_ONCE = "at_once"
    DAILY = "daily"
    NEVER = "never"


FREQUENCY_LABEL: Mapping[Frequency, str] = {
    Frequency.AT_ONCE: "A mail at once",
    Frequency.DAILY: "One mail a day",
    Frequency.NEVER: "No mail",
}
