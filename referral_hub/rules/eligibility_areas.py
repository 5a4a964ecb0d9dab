"""Areas of residence as they are written in a condition's values: "county:IL:cook county"."""

from dataclasses import dataclass

from referral_hub.rules.coordinates import distance_km
from referral_hub.rules.coverage import CoverageArea, CoverageKind, describe_area
from referral_hub.rules.places import Place, state_code

NAMED = "named"
"""An area of which only the name is known: nobody can say who lives in it but by asking."""
ZIP_REACH_KM = 15.0
"""How far from the middle of their ZIP code people may live."""


@dataclass(frozen=True, slots=True)
class Home:
    """Where a client lives, as far as it is known; `place` is that of the ZIP code."""

    zip: str = ""
    state: str = ""
    place: Place | None = None


def written_area(area: CoverageArea) -> str:
    """An area as a value."""
    if area.kind is CoverageKind.CIRCLE:
        return f"circle:{area.latitude},{area.longitude},{area.radius_km}"
    return f"{area.kind}:{area.value}"


def named_area(name: str) -> str:
    """A value for an area that is only known by its name."""
    return f"{NAMED}:{name}"


def area_words(value: str) -> str:
    """A value in plain words. The middle of a circle says nothing to people who read it."""
    area = _read(value)
    if area is None:
        return value.partition(":")[2]
    words = describe_area(area)
    return f"{words.partition(' of ')[0]} of the service" if area.radius_km else words


def is_named(value: str) -> bool:
    """Whether only a person can say who lives there."""
    return _read(value) is None


def lives_in(value: str, home: Home) -> bool | None:
    """Whether the client lives in the area; None where that is not known."""
    area = _read(value)
    if area is None:
        return None
    place = home.place
    match area.kind:
        case CoverageKind.NATION:
            return True if home.zip or home.state else None
        case CoverageKind.ZIP:
            return home.zip[:5] == area.value if home.zip else None
        case CoverageKind.COUNTY:
            return place.county == area.value if place and place.county else None
        case CoverageKind.STATE:
            state = (place.state if place else None) or state_code(home.state)
            return state == area.value if state else None
    return None if place is None else _is_around(area, place)


def _is_around(area: CoverageArea, place: Place) -> bool | None:
    if area.latitude is None or area.longitude is None or area.radius_km is None:
        return None
    distance = distance_km(area.latitude, area.longitude, place.latitude, place.longitude)
    if distance <= area.radius_km:
        return True
    return None if distance <= area.radius_km + ZIP_REACH_KM else False


def _read(value: str) -> CoverageArea | None:
    """The area of a value; None for one that is only named, or not to be read."""
    kind, _, rest = value.partition(":")
    if kind == CoverageKind.CIRCLE:
        try:
            latitude, longitude, radius_km = map(float, rest.split(","))
        except ValueError:
            return None
        return CoverageArea(CoverageKind.CIRCLE, "", latitude, longitude, radius_km)
    if kind not in set(CoverageKind) or not rest:
        return None
    return CoverageArea(CoverageKind(kind), rest)
