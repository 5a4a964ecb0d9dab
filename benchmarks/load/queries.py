"""The questions of the load test: what people ask, where, how far around."""

import random
from dataclasses import asdict, dataclass
from itertools import product
from urllib.parse import urlencode

QUERIES = 500
PAGE = 20
_ONE_IN = 5
"""So many questions have one with a filter."""

WORDS = (
    "food pantry", "free groceries", "hot meals", "food and diapers", "help with rent", "eviction",
    "rent and utility bills", "emergency shelter", "shelter for families",
    "homeless shelter or food", "free clinic", "doctor without insurance", "dentist",
    "teeth and eyes", "glasses", "vaccines, eye exams, hearing tests", "pregnant", "counseling",
    "depression or anxiety", "counseling or support group", "clinic or dentist",
    "detox or drug treatment", "child care", "pay for child care", "preschool or child care",
    "after school tutoring", "parenting classes", "baby clothes and diapers",
    "ged or english classes", "classes for adults", "job training", "job and resume help",
    "legal aid", "lawyer for eviction", "immigration lawyer", "domestic violence",
    "bus pass or ride to the doctor", "cash assistance", "food stamps", "veterans",
)  # fmt: skip
PLACES = (
    "10001", "10027", "10458", "11201", "11212", "11368", "07102", "02121", "19104", "19134",
    "20020", "21217", "15210", "33135", "33311", "32805", "30318", "28208", "60608", "60629",
    "48205", "44102", "43206", "46218", "53206", "55407", "63115", "64130", "70117", "77004",
    "77036", "75216", "78207", "78741", "85009", "80219", "84104", "89101", "90011", "90044",
    "92113", "94110", "94601", "95112", "98118", "97233", "73102", "67202", "38109", "37207",
    "New York, NY", "Brooklyn, NY", "Houston, TX", "Chicago, IL", "Los Angeles, CA",
    "Philadelphia, PA", "Miami, FL", "Detroit, MI", "Boston, MA", "Atlanta, GA",
)  # fmt: skip
RADII_KM = (40, 60, 100, 160)
FILTERS = (("Spanish", ""), ("Vietnamese", ""), ("", "free"), ("", "sliding"))
"""Language and cost."""


@dataclass(frozen=True, slots=True)
class Query:
    """One question. An empty filter asks nothing."""

    words: str
    near: str
    radius_km: int
    language: str = ""
    cost: str = ""


def queries(count: int = QUERIES, seed: int = 2026) -> list[Query]:
    """So many different questions in random order, the same for the same `seed`."""
    rng = random.Random(seed)
    drawn = rng.sample(list(product(WORDS, PLACES, RADII_KM)), count)
    return [
        Query(*asked, *(rng.choice(FILTERS) if number % _ONE_IN == 0 else ()))
        for number, asked in enumerate(drawn)
    ]


def hub_path(query: Query) -> str:
    """The question as an address of the hub's API."""
    asked = {"q" if name == "words" else name: value for name, value in asdict(query).items()}
    given = {name: value for name, value in asked.items() if value != ""}
    return f"/api/v1/search?{urlencode(given | {'limit': PAGE})}"
