"""Which page of a list an address asks for."""

from collections.abc import Mapping

MOST = 10_000


def page_number(arguments: Mapping[str, str]) -> int:
    """The number of the page; the first for what is no number of one."""
    text = arguments.get("page", "1")
    if not (text.isascii() and text.isdecimal() and len(text) < 6):
        return 1
    return min(max(int(text), 1), MOST)
