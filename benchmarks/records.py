"""Generated records and requests: the same for everyone, on every machine.

Where, what and in which words is skewed as in real directories: most services stand in cities, few
needs make up most of them, and most words are rare. The words follow Zipf's law: first the function
words of English, then the words of the need vocabulary, then invented ones.

They are spread over the whole country, as in a national directory, or over the eight cities that
are asked for, as in a network of some regions, where a circle holds many more of them.
"""

import random
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from itertools import islice
from typing import Any

import numpy as np
import zipcodes
from numpy.typing import NDArray

from benchmarks.circles import distance_km
from benchmarks.texts import STOP_WORDS
from referral_hub.vocabulary import Need, needs
from seed import generated_words as words

Json = dict[str, Any]

DISTINCT_WORDS = 40_000
QUERIES = (
    "food", "dentist", "shelter",
    "food pantry", "legal aid", "mental health",
    "help with rent", "job training program", "low income housing",
    "permanent supportive housing", "substance use disorder treatment", "medical respite care",
    "behind on my rent", "i need a ride to the doctor", "somewhere to sleep tonight",
)  # fmt: skip
CENTRES = (
    (40.7128, -74.0060), (34.0522, -118.2437), (41.8781, -87.6298), (29.7604, -95.3698),
    (39.9526, -75.1652), (47.6062, -122.3321), (35.0844, -106.6504), (41.1400, -104.8202),
)  # fmt: skip

AROUND_KM = 40.0
_CHUNK = 5_000
_WITHOUT_POINT = 0.03
_SPREAD_DEGREES = 0.012
_BIG_CITY_SKEW = 1.5
_RARE_RANK = 4_000
_SYLLABLES = tuple(c + v for c in "bdfgklmnprstvz" for v in ("a", "e", "i", "o", "u", "ay", "or"))


class Spread(StrEnum):
    """Where records lie: all over the country, or within `AROUND_KM` of the centres."""

    COUNTRY = "country"
    CITIES = "cities"


@dataclass(frozen=True, slots=True)
class Request:
    """One search. Degrees WGS84 and kilometres; all three are None for the whole country."""

    text: str
    latitude: float | None = None
    longitude: float | None = None
    radius_km: float | None = None


def records(count: int, seed: int = 2026, spread: Spread = Spread.COUNTRY) -> Iterator[Json]:
    """Yield `count` records; a larger run begins with those of a smaller one.

    Raises ValueError if `count` is negative.
    """
    if count < 0:
        raise ValueError(f"A count of records cannot be {count}.")
    numbers = range(-(-count // _CHUNK))
    chunks = (record for number in numbers for record in _chunk(number, seed, spread))
    return islice(chunks, count)


def requests(radius_km: float | None, turn: int = 0) -> list[Request]:
    """Return every query at every centre, or once when there is no radius.

    Each `turn` moves the centres by up to 2 km, so that nobody answers from memory.
    """
    texts = (*QUERIES, rare_word(), f"{rare_word()} clinic")
    if radius_km is None:
        return [Request(text) for text in texts]
    rng = random.Random(turn)
    return [
        Request(text, latitude + rng.uniform(-1, 1) / 55, longitude + rng.uniform(-1, 1) / 55,
                radius_km)
        for text in texts for latitude, longitude in CENTRES
    ]  # fmt: skip


def rare_word() -> str:
    """Return a word that one record in a few hundred or thousand holds."""
    return _vocabulary()[_RARE_RANK]


class _Draws:
    """Uniform numbers of one chunk, drawn at once, since one by one is slow."""

    def __init__(self, seed: Sequence[int]) -> None:
        self.rng = np.random.default_rng(seed)

    def pick(self, weights: NDArray[np.float64], count: int) -> list[int]:
        """Return `count` positions, each as often as its weight says."""
        cumulated = np.cumsum(weights)
        drawn = np.searchsorted(cumulated, self.rng.random(count) * cumulated[-1], side="right")
        positions: list[int] = drawn.tolist()
        return positions

    def below(self, limit: int, count: int) -> list[int]:
        """Return `count` whole numbers from 0 up to `limit`, each as often as the others."""
        numbers: list[int] = (self.rng.random(count) * limit).astype(np.int64).tolist()
        return numbers


def _chunk(number: int, seed: int, spread: Spread) -> Iterator[Json]:
    draws = _Draws((seed, number))
    places, listed = _places(), _needs()
    where = draws.pick(_place_weights(spread), _CHUNK)
    what = draws.pick(_need_weights(), _CHUNK)
    lengths = [25 + more for more in draws.below(35, _CHUNK)]
    filler = draws.pick(_word_weights(), sum(lengths))
    offsets = (draws.rng.random((_CHUNK, 2)) * 2 - 1) * _SPREAD_DEGREES
    pointless = (draws.rng.random(_CHUNK) < _WITHOUT_POINT).tolist()
    dice = draws.rng.random((_CHUNK, 8)).tolist()
    vocabulary = _vocabulary()
    start = 0
    for row in range(_CHUNK):
        end = start + lengths[row]
        said = [vocabulary[word] for word in filler[start:end]]
        start = end
        place = places[where[row]]
        record = _record(place, listed[what[row]], said, dice[row])
        record["id"] = f"r{number * _CHUNK + row}"
        north, east = (None, None) if pointless[row] else offsets[row].tolist()
        record["latitude"] = None if north is None else round(place[3] + north, 6)
        record["longitude"] = None if east is None else round(place[4] + east, 6)
        yield record


def _record(place: tuple[Any, ...], need: Need, said: list[str], dice: list[float]) -> Json:
    """Return one record without id and point. `dice` are eight numbers from 0 up to 1."""
    city, state, zip_code = place[:3]
    tree, feature = _one(words.TREES, dice[0]), _one(words.FEATURES, dice[1])
    term, other = _one(need.professional, dice[2] ** 2), _one(need.professional, dice[3])
    offer = f"{term} and {other}" if dice[4] < 0.5 else need.definition.rstrip(".").lower()
    half = len(said) // 2
    return {
        "name": _capital(need.label if dice[5] < 0.5 else f"{feature} {term}"),
        "organization": f"{tree} {feature} {_one(_KINDS, dice[6])} of {city}",
        "description": f"Offers {offer} in {city}. {_sentence(said[:half])} "
        f"{_sentence(said[half:])} Ask us about {_one(need.lay, dice[4])}.",
        "categories": [need.label, need.domain],
        "eligibility": _one(_ELIGIBILITY, dice[7]).format(city=city),
        "languages": ["English", "Spanish"] if dice[7] < 0.3 else ["English"],
        "city": city,
        "state": state,
        "zip": zip_code,
    }


_KINDS = (
    "Community Center", "Family Services", "Outreach", "Alliance", "Network", "Health Partners",
    "Neighbors", "Resource Center", "Collective", "Foundation",
)  # fmt: skip
_ELIGIBILITY = (
    "Open to everyone.", "Adults with a low income who live in {city}.",
    "Families with children under 18.", "People without insurance or with Medicaid.",
    "Veterans and their families.", "Call to find out if you qualify.",
)  # fmt: skip


def _one(things: Sequence[str], chance: float) -> str:
    return things[int(chance * len(things))]


def _sentence(said: list[str]) -> str:
    return _capital(" ".join(said)) + "."


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


@cache
def _places() -> list[tuple[Any, ...]]:
    """All places where mail is delivered to homes: city, state, ZIP, latitude, longitude."""
    similar_to: Callable[[str], list[Json]] = zipcodes.similar_to
    rows = (row for digit in "0123456789" for row in similar_to(digit))
    return sorted(
        (row["city"], row["state"], row["zip_code"], float(row["lat"]), float(row["long"]))
        for row in rows
        if row["zip_code_type"] == "STANDARD" and row["active"]
    )


@cache
def _place_weights(spread: Spread) -> NDArray[np.float64]:
    """The more ZIP codes a city has, the more often each of them is drawn."""
    sizes = Counter(place[:2] for place in _places())
    weights = [sizes[place[:2]] ** (_BIG_CITY_SKEW - 1) for place in _places()]
    if spread is Spread.CITIES:
        weights = [
            weight if any(distance_km(*centre, *place[3:5]) <= AROUND_KM for centre in CENTRES)
            else 0.0
            for weight, place in zip(weights, _places(), strict=True)
        ]  # fmt: skip
    return np.array(weights)


@cache
def _needs() -> list[Need]:
    return [need for need in needs().values() if need.level == 3]


@cache
def _need_weights() -> NDArray[np.float64]:
    """In each domain the first needs are drawn most."""
    rank: dict[str, int] = defaultdict(int)
    weights = []
    for need in _needs():
        rank[need.domain] += 1
        weights.append(words.DOMAINS[need.domain] / rank[need.domain] ** 0.8)
    return np.array(weights)


@cache
def _vocabulary() -> list[str]:
    """Distinct words, the commonest first."""
    rng = random.Random(1)
    said = Counter(word for need in _needs() for word in _words_of(need))
    known = dict.fromkeys([*sorted(STOP_WORDS), *(word for word, _ in said.most_common())])
    while len(known) < DISTINCT_WORDS:
        known["".join(rng.choices(_SYLLABLES, k=rng.choice((2, 3, 3, 4))))] = None
    return list(known)


@cache
def _word_weights() -> NDArray[np.float64]:
    return 1 / (np.arange(DISTINCT_WORDS) + 2.0)


def _words_of(need: Need) -> list[str]:
    phrases = (need.label, need.definition, *need.lay, *need.professional)
    return re.findall(r"[a-z]{2,}", " ".join(phrases).lower())
