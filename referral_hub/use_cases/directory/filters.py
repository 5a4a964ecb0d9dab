"""The filters of a search, with their choices as people read them."""

from collections.abc import Iterable
from operator import itemgetter

from referral_hub.gateways.search import SearchResults
from referral_hub.use_cases.directory.wording import cost_label, language_name
from referral_hub.use_cases.directory_views import Facet, FacetOption, FindQuery
from referral_hub.vocabulary import needs

FACETS = {
    "category": "Kind of help",
    "language": "Language",
    "cost": "Cost",
    "delivery": "How",
    "accessibility": "Accessibility",
}
_FACET_SOURCE = {"category": "categories", "language": "languages"}
_DELIVERY = {"in_person": "In person", "phone": "By phone", "virtual": "Online"}
_MOST_OPTIONS = 12
_BY_COUNT = itemgetter(1)


def facets(query: FindQuery, results: SearchResults) -> Iterable[Facet]:
    """Each filter with what choosing its values would give; what is chosen is always there."""
    for name, label in FACETS.items():
        counts = dict(results.facets.get(_FACET_SOURCE.get(name, name), {}))
        chosen: tuple[str, ...] = getattr(query, name)
        counts |= {value: counts.get(value, 0) for value in chosen}
        ranked = sorted(sorted(counts.items()), key=_BY_COUNT, reverse=True)
        shown = [pair for pair in ranked[:_MOST_OPTIONS] if pair[0]]
        shown += [pair for pair in ranked[_MOST_OPTIONS:] if pair[0] in chosen]
        options = tuple(
            FacetOption(value, facet_label(name, value), count, value in chosen)
            for value, count in shown
        )
        if options:
            yield Facet(name, label, options)
    for name, source, label in (
        ("accepting", "accepting", "Takes referrals now"),
        ("open_now", "open", "Open now"),
    ):
        count = sum(results.facets.get(source, {}).values())
        yield Facet(name, label, (FacetOption("1", label, count, getattr(query, name)),))


def facet_label(name: str, value: str) -> str:
    """A filter's value as people read it."""
    if name == "category":
        known = needs()
        return known[value].label if value in known else value
    if name == "cost":
        return cost_label(value) if value in ("free", "sliding", "paid") else value
    if name == "delivery":
        return _DELIVERY.get(value, value)
    return language_name(value, None) if name == "language" else value.capitalize()
