"""What a search that finds nothing could be without, so that it finds something."""

from collections.abc import Callable, Iterator

from search_index.documents import Relaxation, SearchRequest
from search_index.understand import Meaning

# Every filter with its value when it is not asked for.
_FILTERS = {
    "categories": (), "languages": (), "accessibility": (), "cost": (), "delivery": (),
    "accepting": False, "partner": False, "organization_id": None, "age": None, "open_at": None,
}  # fmt: skip

Count = Callable[..., int]
"""From other values for fields of the request to how many services are found then."""


def relaxations(
    request: SearchRequest, meaning: Meaning, count: Count, means: Callable[[str], Meaning]
) -> Iterator[Relaxation]:
    """Yield what would give results. `means` tells what other words mean in the request."""
    found = list(_without_filters(request, count))
    if request.radius_km is not None and (request.latitude is not None or meaning.where):
        found += _farther_away(request.radius_km, count)
    if request.latitude is None and meaning.where:
        found += _around_or_without(meaning, means(meaning.where.words), count)
    elif request.words.strip() and (total := count(words="")):
        found.append(Relaxation("words", total))
    yield from found
    if not found and (total := count(**_FILTERS, radius_km=None)):
        yield Relaxation("filters", total, anywhere=True)


def _without_filters(request: SearchRequest, count: Count) -> Iterator[Relaxation]:
    """Yield what leaving out each filter would give, if anything, and all if that is more."""
    used = [name for name, nothing in _FILTERS.items() if getattr(request, name) != nothing]
    most = 0
    for name in used:
        if total := count(**{name: _FILTERS[name]}):
            yield Relaxation(name, total)
            most = max(most, total)
    if len(used) > 1 and (total := count(**_FILTERS)) > most:
        yield Relaxation("filters", total)


def _farther_away(radius_km: float, count: Count) -> Iterator[Relaxation]:
    """Yield what the least wider radius would give that gives anything, and any distance."""
    for radius in (radius_km * 2, radius_km * 4):
        if total := count(radius_km=radius):
            yield Relaxation("radius_km", total, radius)
            break
    if total := count(radius_km=None):
        yield Relaxation("radius_km", total)


def _around_or_without(meaning: Meaning, alone: Meaning, count: Count) -> Iterator[Relaxation]:
    """Yield what there is around the place in the words, and what all as words would give.

    `alone` is what the words of the place mean by themselves.
    """
    where = meaning.where
    is_same = alone.is_place_alone and alone.where and where and alone.where.place == where.place
    if where and is_same and not meaning.is_place_alone and (total := count(words=where.words)):
        yield Relaxation("words", total, words=where.words)
    if total := count(place_in_words=False):
        yield Relaxation("place_in_words", total)
