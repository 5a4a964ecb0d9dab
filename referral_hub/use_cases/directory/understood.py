"""What the index understood of a search, as views that people and programs read."""

from collections.abc import Iterator, Mapping

from referral_hub.gateways.search import NamedPlace, SearchResults
from referral_hub.rules.places import FARTHEST_KM, Place, PlaceKind
from referral_hub.use_cases.directory.filters import facet_label
from referral_hub.use_cases.directory_views import DidYouMean, FindQuery, Relaxed, ScorePart
from referral_hub.vocabulary import populations

_PARAMETERS = {
    "categories": "category",
    "languages": "language",
    "open_at": "open_now",
    "words": "q",
}
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


def relaxed(query: FindQuery, results: SearchResults, *, from_words: bool) -> Iterator[Relaxed]:
    """What would give results where there are none, as far as it can be asked for.

    `from_words` tells that the place was found in the words.
    """
    for found in results.relax:
        name = _PARAMETERS.get(found.filter, found.filter)
        if found.value is not None and found.value > FARTHEST_KM:
            continue
        if from_words and name in ("q", "radius_km") and found.value is None:
            continue  # place and words stand together: neither can be left out alone
        chosen = getattr(query, name, ())
        values = chosen if isinstance(chosen, tuple) else ()
        labels = tuple(facet_label(name, value) for value in values)
        yield Relaxed(name, found.total, found.value, labels)


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
