"""The envelope of a list by the HSDS API: which page of how many, and what is on it."""

from collections.abc import Sequence
from typing import Any


def envelope(
    contents: Sequence[dict[str, Any]], *, total: int, page: int, per_page: int
) -> dict[str, Any]:
    """A page of a list, pages counted from 1. One past the last is empty, and a last one too:
    whoever reads on until the last page must come to an end."""
    pages = -(-total // per_page)
    return {
        "total_items": total,
        "total_pages": pages,
        "page_number": page,
        "size": len(contents),
        "first_page": page == 1,
        "last_page": page >= pages,
        "empty": not contents,
        "contents": contents,
    }
