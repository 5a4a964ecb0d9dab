"""How complete a listing is: what is missing, and what that means for who looks for help.

The weights say how often people who refer decide by a fact: whether a client can use a service,
when and where, come before what saves a call.
"""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum


class Part(StrEnum):
    """A fact that a listing of a service should state."""

    DESCRIPTION = "description"
    NEEDS = "needs"
    ELIGIBILITY = "eligibility"
    REACH = "reach"
    HOURS = "hours"
    PLACE = "place"
    APPLY = "apply"
    COST = "cost"
    AREA = "area"
    LANGUAGES = "languages"
    DOCUMENTS = "documents"
    CHECKED = "checked"


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact: its weight, what to add where it is missing, why, and in which section."""

    part: Part
    weight: int
    add: str
    why: str
    section: str


FACTS = (
    Fact(
        Part.DESCRIPTION, 12, "Say what the service does",
        "People decide by these words whether it is what they need.", "about",
    ),
    Fact(
        Part.REACH, 14, "Add a phone number or e-mail address",
        "Without one nobody can ask, and a client stands before a closed door.", "contacts",
    ),
    Fact(
        Part.ELIGIBILITY, 14, "Say who can use it",
        "Clients are sent to services that must turn them away.", "who",
    ),
    Fact(
        Part.HOURS, 12, "Add hours",
        "Clients lose a day's pay or a bus fare when they come at the wrong time, "
        "and “open now” does not find you.", "hours",
    ),
    Fact(
        Part.PLACE, 10, "Add a place",
        "Searches near somewhere cannot say how far it is.", "places",
    ),
    Fact(
        Part.NEEDS, 8, "Name the needs that it answers",
        "Searches for a need find it only by chance.", "about",
    ),
    Fact(
        Part.APPLY, 8, "Say how to apply", "Clients do not know what to do first.", "about",
    ),
    Fact(
        Part.COST, 6, "Say what it costs, also when it is free",
        "People who fear a bill do not come.", "cost",
    ),
    Fact(
        Part.AREA, 6, "Say which area it serves",
        "People from outside come in vain, and those inside are not sure.", "area",
    ),
    Fact(
        Part.LANGUAGES, 4, "Add languages",
        "People who speak little English do not know that they will be understood.", "languages",
    ),
    Fact(
        Part.DOCUMENTS, 3, "Say what to bring, or that nothing is needed",
        "A missing paper means a second trip.", "papers",
    ),
    Fact(
        Part.CHECKED, 3, "Confirm that it is still right",
        "Nobody knows whether this is still true.", "about",
    ),
)  # fmt: skip
"""Every fact, the weightiest of what is missing to be shown first; the weights make 100."""


@dataclass(frozen=True, slots=True)
class Completeness:
    """A score from 0 to 100, and what is missing, the weightiest first."""

    score: int
    missing: tuple[Fact, ...]


def completeness(stated: Collection[Part]) -> Completeness:
    """How complete a listing is that states these facts."""
    missing = sorted(
        (fact for fact in FACTS if fact.part not in stated), key=lambda fact: -fact.weight
    )
    return Completeness(100 - sum(fact.weight for fact in missing), tuple(missing))
