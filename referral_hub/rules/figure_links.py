"""Views of figures that somebody wants to be mailed a link to."""

from urllib.parse import parse_qsl, urlencode, urlsplit

from referral_hub.rules.errors import InvalidInput
from referral_hub.rules.figure_notes import is_page
from referral_hub.rules.profile_check import clean_text

MOST_PATH, MOST_NAME, MOST_LINKS = 1000, 120, 20
_OF_TIME = frozenset({"since", "until", "as_of"})


def view_path(path: str, *, latest: bool) -> str:
    """The path of a view as it is kept. With `latest` it has no dates, so that the page shows the
    time that it shows by itself. Raises InvalidInput for what is no page with figures, and for the
    latest time of a list of one week: without its week it would be another list."""
    parts = urlsplit(path) if path.isprintable() else urlsplit("")
    is_own = path.startswith("/") and not path.startswith("//") and "\\" not in path
    if not is_own or len(path) > MOST_PATH or not is_page(parts.path):
        message = "Only pages with figures can be mailed."
        raise InvalidInput(message, {"view": message})
    given = parse_qsl(parts.query)
    if latest and any(name == "week" for name, _ in given):
        message = (
            "This list is of one week, and stays so. Have it mailed with its dates as they are."
        )
        raise InvalidInput(message, {"latest": message})
    kept = [(name, value) for name, value in given if not (latest and name in _OF_TIME)]
    return f"{parts.path}?{urlencode(kept)}" if kept else parts.path


def clean_name(name: str) -> str:
    """What somebody calls a view. Raises InvalidInput."""
    words = clean_text(name, MOST_NAME, "name", "Say what it shows, for your own list.")
    return " ".join(words.split())
