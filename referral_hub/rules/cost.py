"""What a service costs, as one word that people filter by."""

import re
from collections.abc import Iterable

FREE, SLIDING, PAID, UNKNOWN = "free", "sliding", "paid", ""

_SLIDING = re.compile(r"sliding|scale|ability to pay|based on income|income.based|reduced", re.I)
_FREE = re.compile(
    r"\bfree\b|no (?:cost|charge|fees?)\b|without charge|^\s*(?:none|\$?0(?:\.00)?)\b", re.I
)
_PRICE = re.compile(r"[$£€]\s*\d|\bfees?\b|\bcopay|\bco-pay|\bdonation|\bcosts?\b", re.I)


def cost_class(fees: str, amounts: Iterable[float | None]) -> str:
    """`free`, `sliding`, `paid`, or "" when nothing was stated.

    A scale wins over a price and a price over the word free: nobody may be told that
    something is free and then be charged.
    """
    stated = [amount for amount in amounts if amount is not None]
    if _SLIDING.search(fees):
        return SLIDING
    if any(stated) or (_PRICE.search(_FREE.sub("", fees))):
        return PAID
    if stated or _FREE.search(fees):
        return FREE
    return UNKNOWN
