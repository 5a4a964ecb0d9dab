"""When two records of the directory may tell of the same thing, and why, in words.

Records are compared only where they share a key (`keys_of`), so that the work grows with the
directory and not with its square. What is compared earns or costs points; the points of all parts
are the score, so that whoever decides sees what it is made of.
"""

import math
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from html import unescape
from uuid import UUID

from rapidfuzz import fuzz

from referral_hub.rules.coordinates import distance_km
from referral_hub.rules.phone_numbers import digits_of

PROPOSED = 50
"""From which score on a pair is shown to somebody. Tried on 489 pairs of real food sites
(tests/rules/test_directory_matching.py): of 100 pairs that are shown 98 are one, and of 100 that
are one 95 are shown. Of the 91 among them that were picked as hard and judged by hand, 87 and 85.
"""
NEARLY_CERTAIN = 65
"""From which score on no pair of that sample was two."""
CHANGED_MUCH = 15
"""How many points more a pair must earn to be shown again after somebody said that it is none."""
MOST_WITH_A_KEY = 60
"""A key that more records share tells nothing: a hotline, a shopping centre, a common word."""
SAME_PLACE_METRES = 150

_CELL_DEGREES = 0.05
_FAIRLY_ALIKE, _MUCH_ALIKE = 65, 90
Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Address:
    """An address as it is compared: the house number, the street in short words, the ZIP code."""

    number: str
    street: str
    zip: str
    city: str = ""


@dataclass(frozen=True, slots=True)
class Sketch:
    """Of one record what everybody may know and what tells it from others.

    `organization` is the id of the organization that it belongs to, of one itself its own id;
    `source` is the feed. `points` are in degrees and only where they were stated, not guessed.
    """

    id: UUID
    name: str
    other_names: frozenset[str] = frozenset()
    organization: UUID | None = None
    organization_name: str = ""
    source: int | None = None
    phones: frozenset[str] = frozenset()
    addresses: frozenset[Address] = frozenset()
    points: frozenset[Point] = frozenset()
    hosts: frozenset[str] = frozenset()
    zips: frozenset[str] = frozenset()
    states: frozenset[str] = frozenset()
    is_organization: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """One thing that speaks for or against a pair: points, and what it is in words."""

    points: int
    words: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """A pair with its parts; what speaks most stands first."""

    parts: tuple[Part, ...]

    @property
    def score(self) -> int:
        """The points of all parts, at most 100."""
        return sum(part.points for part in self.parts)


def phone_key(number: str) -> str | None:
    """The ten digits of a telephone number; None for what is none."""
    digits = digits_of(number)
    digits = digits.removeprefix("1")[:10] if len(digits) > 10 else digits
    return digits if len(digits) == 10 and len(set(digits)) > 2 else None


def host_of(address: str | None) -> str | None:
    """The host of a web address; None where many share it."""
    if not address:
        return None
    host = re.sub(r"^[a-z]+://", "", address.strip().casefold())
    host = re.split(r"[/?#:]", host)[0].removeprefix("www.")
    if "." not in host or any(host == each or host.endswith(f".{each}") for each in _SHARED_HOSTS):
        return None
    return host


def address_of(line: str, zip_code: str, city: str = "") -> Address | None:
    """A street address as it is compared; None for one without a house number or a street."""
    if _PHONE.search(line):
        return None
    words = [_STREET_WORDS.get(word, word) for word in _words(_WITHIN.sub(" ", line))]
    found = next((at for at, word in enumerate(words) if word[0].isdigit()), None)
    street = " ".join(words[found + 1 :]) if found is not None else ""
    if found is None or not any(sign.isalpha() for sign in street):
        return None
    return Address(words[found], street, zip_code.strip()[:5], " ".join(_words(city)))


def keys_of(sketch: Sketch) -> frozenset[str]:
    """What a record must share with another to be compared with it."""
    return frozenset(_keys(sketch))


def compare(one: Sketch, other: Sketch) -> Comparison:
    """What speaks for and against two records being one. The order of the two does not matter."""
    parts = [
        part
        for part in (
            _by_name(one, other),
            _by_rarity(one, other),
            _by_state(one, other),
            _by_address(one, other),
            _by_phone(one, other),
            _by_distance(one, other),
            _by_website(one, other),
            _by_source(one, other),
        )
        if part is not None
    ]
    return Comparison(tuple(sorted(parts, key=lambda part: (-abs(part.points), part.words))))


def names_fit(one: Sketch, other: Sketch, *, organizations_alike: bool) -> bool:
    """Whether two services may be one as far as their names and owners tell; of others nothing
    else need be known.

    Those of organizations that may be one need names that are fairly alike, all others names that
    are much alike.
    """
    is_fair = organizations_alike and not _of_one_organization(one, other)
    return name_likeness(one, other) >= (_FAIRLY_ALIKE if is_fair else _MUCH_ALIKE)


def comparable_services(one: Sketch, other: Sketch, *, organizations_alike: bool) -> bool:
    """Whether two services may be one: by their names alone, since all services of an office share
    its address and phone. Those of others have to be at one place besides."""
    if not names_fit(one, other, organizations_alike=organizations_alike):
        return False
    if organizations_alike or _of_one_organization(one, other):
        return True
    return bool(_shared_addresses(one, other)) or _is_at_most(one, other, SAME_PLACE_METRES)


def changed_much(before: int, after: int) -> bool:
    """Whether a pair that was said not to be one is worth another look."""
    return after >= max(PROPOSED, before + CHANGED_MUCH)


def name_likeness(one: Sketch, other: Sketch) -> int:
    """How alike the names of two records are, 0 to 100; the most alike of all they have."""
    return max(
        _likeness(*sorted((first, second)))
        for first in {one.name, *one.other_names}
        for second in {other.name, *other.other_names}
    )


def metres_apart(one: Sketch, other: Sketch) -> float | None:
    """How far the nearest points of two records are from each other; None without points."""
    between = [1000 * distance_km(*sorted((a, b))[0], *sorted((a, b))[1]) for a in one.points
               for b in other.points]  # fmt: skip
    return min(between, default=None)


def _keys(sketch: Sketch) -> Iterator[str]:
    for phone in sketch.phones:
        yield f"p:{phone}"
    for address in sketch.addresses:
        yield f"a:{address.number} {address.street[:4]} {address.zip}"
    words = {
        word
        for name in (sketch.name, *sketch.other_names)
        for word in _distinctive(name)
        if len(word) > 2
    }
    for word in words:
        for zip_code in sketch.zips:
            yield f"z:{word} {zip_code}"
        for latitude, longitude in sketch.points:
            # two grids, one shifted: what is near is in one cell of one of them
            for shift in (0.0, 0.5):
                row = math.floor(latitude / _CELL_DEGREES + shift)
                column = math.floor(longitude / _CELL_DEGREES + shift)
                yield f"c{shift:.0f}:{word} {row} {column}"
        for host in sketch.hosts:
            yield f"w:{word} {host}"
    for name in (sketch.name, *sketch.other_names):
        if len(_distinctive(name)) >= 2:
            yield f"n:{' '.join(sorted(_distinctive(name)))}"


def _by_name(one: Sketch, other: Sketch) -> Part:
    likeness = name_likeness(one, other)
    points = round(40 * (likeness - 50) / 50)
    if likeness == 100 and _plain(one.name) == _plain(other.name):
        return Part(points, "same name")
    return Part(points, f"names {likeness} % alike")


def _by_rarity(one: Sketch, other: Sketch) -> Part | None:
    """Where one of the two tells no place, a long name says more than usual."""
    placed = (one.addresses or one.points) and (other.addresses or other.points)
    if placed or not one.states & other.states:
        return None
    words = set(_distinctive(one.name)) & set(_distinctive(other.name))
    if len(words) < 2 or name_likeness(one, other) < 95:
        return None
    return Part(15, "a name that few have")


def _by_state(one: Sketch, other: Sketch) -> Part | None:
    if not one.states or not other.states or one.states & other.states:
        return None
    return Part(-25, "in different states")


def _by_address(one: Sketch, other: Sketch) -> Part | None:
    if not one.addresses or not other.addresses:
        return None
    if _shared_addresses(one, other):
        return Part(25, "same address")
    return None if one.is_organization else Part(-15, "another address")


def _by_phone(one: Sketch, other: Sketch) -> Part | None:
    if not one.phones or not other.phones:
        return None
    return Part(20, "same phone") if one.phones & other.phones else Part(-5, "another phone")


def _by_distance(one: Sketch, other: Sketch) -> Part | None:
    metres = metres_apart(one, other)
    if metres is None:
        return None
    points = next(points for most, points in _DISTANCES if metres <= most)
    if one.is_organization and metres < _ONE_AREA_METRES:
        points = max(points, 0)
    if metres < 1000:
        return Part(points, f"{round(metres, -1):.0f} m apart")
    return Part(points, f"{metres / 1000:.1f} km apart")


def _by_website(one: Sketch, other: Sketch) -> Part | None:
    shared = one.hosts & other.hosts
    return Part(5, f"same website, {min(shared)}") if shared else None


def _by_source(one: Sketch, other: Sketch) -> Part | None:
    """A source mostly knows what it lists twice."""
    if one.source is None or one.source != other.source:
        return None
    return Part(-5, "both from one source")


_ONE_AREA_METRES = 30_000
"""An organization has several places; within an area these speak for nothing."""
_DISTANCES = ((50, 10), (250, 8), (1000, 3), (5000, -5), (math.inf, -25))


def _shared_addresses(one: Sketch, other: Sketch) -> bool:
    return any(_same_address(a, b) for a in one.addresses for b in other.addresses)


def _same_address(one: Address, other: Address) -> bool:
    if one.number != other.number:
        return False
    if one.zip and other.zip and one.zip != other.zip and one.city != other.city:
        return False
    return fuzz.token_set_ratio(one.street, other.street) >= 85


def _of_one_organization(one: Sketch, other: Sketch) -> bool:
    return one.organization is not None and one.organization == other.organization


def _is_at_most(one: Sketch, other: Sketch, most: float) -> bool:
    metres = metres_apart(one, other)
    return metres is not None and metres <= most


@lru_cache(maxsize=50_000)
def _likeness(one: str, other: str) -> int:
    """Of what tells the names apart; with other numbers they are two ("Pantry 1", "Pantry 2")."""
    first, second = _distinctive(one), _distinctive(other)
    if not first or not second:
        return round(fuzz.token_sort_ratio(_plain(one), _plain(other)))
    a, b = " ".join(first), " ".join(second)
    alike = (2 * fuzz.token_set_ratio(a, b) + fuzz.token_sort_ratio(_plain(one), _plain(other))) / 3
    numbers = [{word for word in words if word.isdigit()} for words in (first, second)]
    if numbers[0] and numbers[1] and numbers[0] != numbers[1]:
        alike -= 30
    return max(0, round(alike))


@lru_cache(maxsize=50_000)
def _distinctive(name: str) -> tuple[str, ...]:
    """The words of a name that others of its kind do not have; all where none are left."""
    words = tuple(_words_of_name(name))
    return tuple(word for word in words if word not in _COMMON) or words


@lru_cache(maxsize=50_000)
def _plain(name: str) -> str:
    return " ".join(_words_of_name(name))


def _words_of_name(name: str) -> Iterator[str]:
    for word in _words(name):
        yield from _NAME_WORDS.get(word, word).split()


def _words(text: str) -> list[str]:
    decomposed = unicodedata.normalize("NFKD", unescape(text).casefold())
    plain = "".join(sign for sign in decomposed if not unicodedata.combining(sign))
    return re.findall(r"[^\W_]+", re.sub(r"['’`.]", "", plain))


def _listed(words: str) -> tuple[str, ...]:
    return tuple(words.split())


_WITHIN = re.compile(r"(?i)(\b(suite|ste|apt|unit|room|rm|floor|fl|bldg|building)\b\.?|#)\s*[\w-]*")
_PHONE = re.compile(r"\d{3}[-. ]\d{4}\b")
_SHARED_HOSTS = frozenset(
    _listed(
        "facebook.com instagram.com twitter.com x.com youtube.com linkedin.com google.com "
        "wixsite.com weebly.com wordpress.com blogspot.com linktr.ee squarespace.com "
        "eventbrite.com"
    )
)
_NAME_WORDS = {
    **dict.fromkeys(
        _listed(
            "the of and for in at a an to on inc incorporated llc ltd limited corp corporation co "
            "company nfp npo pc y de la el los las"
        ),
        "",
    ),
    "st": "saint",
    "sts": "saint",
    "mt": "mount",
    "ft": "fort",
    "ctr": "center",
    "centre": "center",
    "comm": "community",
    "cmty": "community",
    "svc": "service",
    "svcs": "service",
    "services": "service",
    "assoc": "association",
    "assn": "association",
    "dept": "department",
    "intl": "international",
    "natl": "national",
    "univ": "university",
    "ch": "church",
    "umc": "united methodist church",
    "ame": "african methodist episcopal",
    "sda": "seventh day adventist",
    "ymca": "ymca",
    "first": "1",
    "1st": "1",
    "second": "2",
    "2nd": "2",
    "third": "3",
    "3rd": "3",
    "ministry": "ministries",
    "pantries": "pantry",
    "churches": "church",
}
_COMMON = frozenset(
    _listed(
        "food pantry pantries bank church community center service program ministries "
        "outreach house kitchen soup meals meal distribution mobile site agency organization "
        "association network help aid legal clinic office county city cupboard"
    )
)
_STREET_WORDS = {
    "street": "st",
    "avenue": "ave",
    "av": "ave",
    "road": "rd",
    "boulevard": "blvd",
    "drive": "dr",
    "lane": "ln",
    "court": "ct",
    "place": "pl",
    "square": "sq",
    "highway": "hwy",
    "parkway": "pkwy",
    "terrace": "ter",
    "circle": "cir",
    "turnpike": "tpke",
    "route": "rt",
    "rte": "rt",
    "north": "n",
    "south": "s",
    "east": "e",
    "west": "w",
    "northeast": "ne",
    "northwest": "nw",
    "southeast": "se",
    "southwest": "sw",
    "saint": "st",
    "first": "1st",
    "second": "2nd",
    "third": "3rd",
    "fourth": "4th",
    "fifth": "5th",
    "sixth": "6th",
    "seventh": "7th",
    "eighth": "8th",
    "ninth": "9th",
    "tenth": "10th",
}
