"""What generated services say, and how often they say it."""

import random
from bisect import bisect
from itertools import accumulate
from typing import Generic, TypeVar

T = TypeVar("T")


class Weighted(Generic[T]):
    """Things to draw from, some more often than others."""

    def __init__(self, weights: dict[T, float]) -> None:
        self._things = list(weights)
        self._cumulated = list(accumulate(weights.values()))
        self._total = self._cumulated[-1]

    def draw(self, rng: random.Random) -> T:
        """One of them."""
        return self._things[bisect(self._cumulated, rng.random() * self._total)]


DOMAINS = {
    "health": 24, "family": 15, "food": 14, "housing": 13, "education": 10, "legal": 7,
    "money": 6, "work": 5, "safety": 4, "transport": 2,
}  # fmt: skip
LANGUAGES = Weighted({
    "Spanish": 60, "Mandarin": 8, "Vietnamese": 6, "Arabic": 6, "Haitian Creole": 4, "Russian": 4,
    "Tagalog": 3, "Korean": 3, "Polish": 3, "American Sign Language": 3, "Somali": 2, "Hmong": 1,
    "French": 1, "Portuguese": 1, "Amharic": 1, "Navajo": 0.5, "Swahili": 0.5,
})  # fmt: skip
DAYS = Weighted({
    "MO,TU,WE,TH,FR": 60, "MO,TU,WE,TH": 8, "MO,WE,FR": 7, "TU,TH": 8, "SA": 5, "WE": 4,
    "MO,TU,WE,TH,FR,SA": 5, "MO,TU,WE,TH,FR,SA,SU": 3,
})  # fmt: skip
TIMES = Weighted({
    ("09:00", "17:00"): 40, ("08:00", "17:00"): 15, ("08:30", "16:30"): 10, ("10:00", "14:00"): 9,
    ("09:00", "12:00"): 9, ("13:00", "19:00"): 6, ("17:30", "20:30"): 6, ("00:00", "23:59"): 2,
})  # fmt: skip
MONTHLY = ("1SA", "2SA", "3TH", "-1WE", "2TU")
AGES = Weighted({None: 60, 18: 30, 16: 4, 21: 3, 5: 2, 12: 1})
ELIGIBILITY = Weighted({
    "Open to everyone.": 20, "Adults with a low income who live in {county}.": 18,
    "People who live in {city} or ZIP code {zip_code}.": 10, "Families with children under 18.": 9,
    "Household income at or below 200% of the federal poverty level.": 8,
    "People without insurance or with Medicaid.": 6, "Call to find out if you qualify.": 12,
    "Residents of {state} who can show a photo ID and proof of address.": 5,
})  # fmt: skip
FEES = Weighted({
    "Free.": 60, "Sliding scale based on income.": 18, "Medicaid and most plans accepted.": 8,
    "A small fee, waived for people who cannot pay.": 5, "$10 per visit.": 2, "$25 per class.": 1,
})  # fmt: skip

SERVICE_NAMES = Weighted({
    "{label}": 30, "{term}": 22, "{term} program": 10, "{city} {label}": 8, "{term} and {other}": 6,
    "{label} for {county}": 4, "Project {feature}": 3, "{feature} {tree} {term}": 4,
})  # fmt: skip
OPENINGS = Weighted({
    "{definition}": 30, "Offers {term} and {other} to people in {city}.": 20,
    "{organization} provides {term} for residents of {county}.": 12,
    "Our team in {city} gives {term}, {other} and a listening ear.": 8,
    "A program of {organization}, with {term} at its heart.": 6,
    "Neighbors helping neighbors: {term} close to {street}.": 3,
})  # fmt: skip
MIDDLES = Weighted({
    "Staff explain each step and answer questions.": 10,
    "We can also talk about {other} and {third}.": 14,
    "Many people who come to us say: {lay}.": 10, "People ask us about {lay} every day.": 8,
    "A case worker makes a plan with you and stays in touch.": 8,
    "Volunteers from {feature} {tree} church lend a hand.": 3,
    "Groups meet in the {tree} room next to the {feature} hall.": 2,
    "Partners include clinics, schools and faith groups across {state}.": 5,
    "The building is two blocks from {street} and has a ramp.": 4,
    "Children are welcome, and snacks are ready for them.": 4,
})  # fmt: skip
ENDINGS = Weighted({
    "Call for an appointment.": 20, "Walk in during open hours.": 14,
    "Please bring a photo ID.": 10, "Ask for extension {number}.": 5,
    "No one is turned away.": 8, "Space is limited, so call early.": 6,
    "If you are far from {city}, ask about help by phone.": 5,
    "Take the bus to {street} and {tree}.": 3, "Leave a message and we call back.": 6,
})  # fmt: skip
TREES = (
    "Oak", "Maple", "Cedar", "Pine", "Elm", "Willow", "Birch", "Walnut", "Ash", "Hickory",
    "Magnolia", "Cypress", "Juniper", "Aspen", "Laurel", "Sycamore", "Linden", "Poplar", "Spruce",
    "Hawthorn", "Dogwood", "Redbud", "Mesquite", "Sequoia", "Hemlock", "Alder", "Tamarack",
)  # fmt: skip
FEATURES = (
    "Bridge", "Harbor", "River", "Valley", "Summit", "Lantern", "Beacon", "Meadow", "Hill",
    "Spring", "Gate", "Crossing", "Garden", "Lake", "Prairie", "Canyon", "Bluff", "Hearth",
    "Anchor", "Compass", "Sunrise", "Haven", "Mill", "Orchard", "Cove", "Ridge", "Horizon", "Dune",
    "Lighthouse", "Creek", "Stone", "Falcon", "Heron", "Robin", "Trellis", "Mosaic", "Kindle",
    "Bayou", "Delta", "Mesa",
)  # fmt: skip
KINDS = Weighted({
    "Community Center": 20, "Family Services": 14, "Outreach": 10, "Alliance": 8, "Network": 8,
    "Health Partners": 7, "Neighbors": 6, "Resource Center": 6, "Collective": 3, "Foundation": 5,
})  # fmt: skip
WAYS = Weighted({"St": 35, "Ave": 28, "Rd": 12, "Blvd": 8, "Dr": 8, "Ln": 4, "Pkwy": 2, "Ct": 2})
