"""Notes that people pin to charts of figures."""

import re

from referral_hub.rules.errors import InvalidInput
from referral_hub.rules.profile_check import clean_text

MOST_NOTE = 2000
PAGES = "/supervision"
"""The first of the pages with figures; the others lie below."""
_BELOW = ("times", "compare", "reasons", "needs", "waiting", "referrals", "report")
_CHART = re.compile(r"[a-z][a-z0-9_.-]{0,59}")


def check_note(text: str, page: str, chart: str) -> str:
    """The text of a note as it is kept. Raises InvalidInput."""
    if not is_page(page) or not _CHART.fullmatch(chart):
        message = "Open the page with the chart again."
        raise InvalidInput(message, {"chart": message})
    return clean_text(text, MOST_NOTE, "text", "Write what one should know of this chart.")


def is_page(path: str) -> bool:
    """Whether a path, without parameters, is one of the pages with figures."""
    return path == PAGES or path in {f"{PAGES}/{name}" for name in _BELOW}
