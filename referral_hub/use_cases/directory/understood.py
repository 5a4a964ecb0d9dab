"""What the index understood of a search, as views that people and programs read."""

from collections.abc import Iterator, Mapping

from referral_hub.gateways.search import NamedPlace, Relaxation, SearchResults
from referral_hub.rules.places import ANYWHERE, FARTHEST_KM, Place, PlaceKind
from referral_hub.use_cases.directory.filters import facet_label
from referral_hub.use_cases.directory_views import (
    DidYouMean,
    FindQuery,
    Relaxed,
    ScorePart,
)
from referral_hub.vocabulary import populations

_PARAMETERS = {
    "categories": "category",
    "languages": "language",
    "open_at": "open_now",
    "words": "q",
    "place_in_words": "words_only",
}
_FILTERS = (
    "category", "language", "accessibility", "cost", "delivery", "accepting", "open_now", "age",
)  # fmt: skip
_NOT_ASKED = ((), False, None)
_STEPS = {
    "words": "Your words in the listing",
    "needs": "The need that it answers",
    "complete": "Part of your search is missing",
    "called so": "Your words are its name",
    "place": "How far it is from the place in your words",
    "distance": "How far away it is",
    "verified": "Checked lately",
    "takes referrals": "Takes new clients",
    "in the network": "Belongs to the network",
}
_FOR = "for "


def place_of(named: NamedPlace) -> Place:
    """A place that was found in the words, as a resolved place."""
    kind = PlaceKind(named.kind)
    has_city = kind in (PlaceKind.CITY, PlaceKind.ZIP)  # they are labelled "Cicero, IL 60804"
    return Place(
        label=named.label,
        latitude=named.latitude,
        longitude=named.longitude,
        kind=kind,
        zip=named.zip,
        city=named.label.rpartition(", ")[0] if has_city else None,
        county=named.county,
        state=named.state,
    )


def did_you_mean(results: SearchResults) -> DidYouMean | None:
    """The words that were probably meant, and whether they were searched."""
    if results.did_you_mean is None:
        return None
    return DidYouMean(results.did_you_mean, results.corrected)


def relaxed(query: FindQuery, results: SearchResults) -> Iterator[Relaxed]:
    """What would give results where there are none, as far as it can be asked for."""
    widened = 0
    for found in results.relax:
        if found.value is not None and found.value > FARTHEST_KM:
            continue
        if found.filter == "radius_km" and found.total == widened:
            continue  # any distance gives no more than the wider radius
        widened = found.total if found.value else 0
        name = _PARAMETERS.get(found.filter, found.filter)
        chosen = getattr(query, name, ())
        values = chosen if isinstance(chosen, tuple) else ()
        labels = tuple(facet_label(name, value) for value in values)
        yield Relaxed(name, found.total, found.value, _parameters(query, found), labels)


def _parameters(query: FindQuery, found: Relaxation) -> dict[str, str | None]:
    """The parameters that ask for what was found, None for those to leave out."""
    if found.filter == "radius_km":
        return {"radius_km": ANYWHERE if found.value is None else repr(found.value)}
    if found.filter == "words":
        return {"q": found.words or None}
    if found.filter == "place_in_words":
        return {"words_only": "1", "radius_km": None}
    if found.filter == "filters":
        used = (name for name in _FILTERS if getattr(query, name) not in _NOT_ASKED)
        left = dict.fromkeys(used)
        return {**left, "radius_km": ANYWHERE} if found.anywhere else left
    return {_PARAMETERS.get(found.filter, found.filter): None}


def score_parts(results: SearchResults) -> Mapping[str, tuple[ScorePart, ...]]:
    """By service, what its score is made of: the parts add up to it."""
    return {
        hit.service_id: tuple(
            ScorePart(name, _step(name), amount) for name, amount in hit.parts.items()
        )
        for hit in results.hits
        if hit.parts
    }


def _step(name: str) -> str:
    if name.startswith(_FOR):
        labels = {term.code: term.label for term in populations()}
        code = name.removeprefix(_FOR)
        return f"It is for: {labels.get(code, code)}"
    return _STEPS.get(name, name)
