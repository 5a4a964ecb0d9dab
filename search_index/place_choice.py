"""Which of the places of one name is meant."""

from math import inf

from search_index.documents import PlaceKind
from search_index.gazetteer import KINDS, Gazetteer, Point, nearness

DOMINANCE = 6.0
"""A place stands out when it is this many times likelier than any other of its name."""

LARGE = 10.0
"""From this weight on a city is known far away."""

FAMOUS = 30.0
"""From this weight on a city is known everywhere."""

_SMALL = 3.0
_SMALL_KM, _NEARBY_KM = 150.0, 300.0
_BESIDE_KM = 50.0
_STATE = KINDS.index(PlaceKind.STATE)


def choose(gazetteer: Gazetteer, rows: range, near: Point | None) -> int | None:
    """Return the row of the place that is meant, of some of one name; None when none is sure.

    It is the likeliest by weight and nearness, if it is nearby or stands out. Small places far
    away are not meant: more often the name is that of a neighbourhood the gazetteer lacks.
    """
    if not rows:
        return None
    if len(rows) == 1 and (near is None or gazetteer.weight[rows[0]] >= _SMALL):
        return rows[0]
    part = slice(rows.start, rows.stop)
    weights: list[float] = gazetteer.weight[part].tolist()
    km, likely = [0.0] * len(rows), list(weights)
    if near is not None:
        outside = gazetteer.km_from(part, near)
        km, likely = outside.tolist(), (gazetteer.weight[part] * nearness(outside)).tolist()
    if _is_state_of_its_city(gazetteer, rows, km):
        likely[0] = 0.0
    best = likely.index(max(likely))
    if near is not None and km[best] > _SMALL_KM and weights[best] < FAMOUS:
        # Who is beside one place of the name seldom means another, unless all know that.
        beside = [
            chance if far <= _BESIDE_KM else 0.0 for chance, far in zip(likely, km, strict=True)
        ]
        best = beside.index(max(beside)) if any(beside) else best
    if near is not None and weights[best] < _SMALL:
        return rows[best] if km[best] <= _SMALL_KM else None
    is_nearby = near is not None and km[best] <= _NEARBY_KM
    return rows[best] if is_nearby or _stands_out(gazetteer, rows, likely, best) else None


def _is_state_of_its_city(gazetteer: Gazetteer, rows: range, km: list[float]) -> bool:
    """Tell whether the first is a state with a large city of its name: New York is the city."""
    first = rows[0]
    return bool(gazetteer.kind[first] == _STATE) and any(
        gazetteer.state[row] == gazetteer.state[first]
        and gazetteer.weight[row] >= LARGE
        and far <= _NEARBY_KM
        for row, far in zip(rows[1:], km[1:], strict=True)
    )


def _stands_out(gazetteer: Gazetteer, rows: range, likely: list[float], best: int) -> bool:
    """Tell whether no place elsewhere is nearly as likely. Places side by side are as one.

    A state does not stand out from a large city elsewhere, such as Washington.
    """
    row = rows[best]
    least = LARGE if gazetteer.kind[row] == _STATE else inf
    rivals = [
        other
        for other, chance in enumerate(likely)
        if (chance * DOMINANCE > likely[best] or gazetteer.weight[rows[other]] >= least)
        and other != best
    ]
    if not rivals:
        return True
    middle = float(gazetteer.latitude[row]), float(gazetteer.longitude[row])
    km = gazetteer.km_from(slice(rows.start, rows.stop), middle)
    return all(km[rival] <= _BESIDE_KM for rival in rivals)
