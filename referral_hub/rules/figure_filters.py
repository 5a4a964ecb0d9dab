"""Of which referrals a figure is, as it is kept and as it stands in an address: names and texts."""

from collections.abc import Callable, Mapping
from datetime import date
from urllib.parse import urlencode
from uuid import UUID

from referral_hub.rules.errors import InvalidInput
from referral_hub.rules.figure_query import FIELD_OF, FILTERS, FigureQuery
from referral_hub.rules.referral_lifecycle import Side
from referral_hub.rules.referrals import Priority

MOST = 200
Filter = dict[str, str]
"""The texts of what is asked for, by the names of the fields of a `FigureQuery`."""
_OTHER_NAMES = {dimension.value: field for dimension, field in FIELD_OF.items()}


def read_filter(given: Mapping[str, str]) -> Filter:
    """What parameters of an address, or fields of a form, say of which referrals it is; others are
    passed over. Raises InvalidInput for values that there cannot be."""
    found: Filter = {}
    faults = {}
    for name in (*FILTERS, *_OTHER_NAMES):
        text = given.get(name, "").strip()
        if not text:
            continue
        field = _OTHER_NAMES.get(name, name)
        try:
            found.setdefault(field, str(_VALUE[field](text)))
        except ValueError:
            faults[name] = "Choose it from the list."
    if faults:
        raise InvalidInput("These referrals cannot be chosen.", faults)
    return {name: found[name] for name in FILTERS if name in found}


def query_with(kept: Mapping[str, str], since: date, until: date) -> FigureQuery:
    """The question about referrals that meet a filter that was kept."""
    values = {name: _VALUE[name](text) for name, text in kept.items()}
    return FigureQuery(since, until, **values)  # type: ignore[arg-type]


def as_address(kept: Mapping[str, str]) -> str:
    """The same filter always as the same text, as it stands in an address."""
    return urlencode({name: kept[name] for name in FILTERS if name in kept})


def _line(text: str) -> str:
    if len(text) > MOST or not text.isprintable():
        raise ValueError("no code")
    return text


_VALUE: Mapping[str, Callable[[str], object]] = {
    "side": Side,
    "from_agency_id": UUID,
    "to_agency_id": UUID,
    "need": _line,
    "area": _line,
    "service_id": UUID,
    "team_id": UUID,
    "worker_id": UUID,
    "priority": Priority,
}
