"""Cases that are there so that each account of the demo has something to do."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from referral_hub.rules.actor import Person as Acting
from referral_hub.rules.referrals import Priority
from seed.casework.cases import Case, Order
from seed.casework.cast import USUAL
from seed.casework.chance import Chance
from seed.casework.plots import Ending, Plot, Turn, draw
from seed.casework.stage import Stage

FRONT_DOOR, HARBOR, LAW = "Front Door Network", "Harbor Street Homes", "Prairie Tenant Law"
LANTERN, CLINIC, TABLE = "Safe Lantern", "Puerta Clara Health Center", "Full Table Neighbors"
WELCOME, ROOFS = "First Winter Welcome", "Southland Hearth"

DRAFT: dict[str, Any] = {"sends_in": None}
NEW: dict[str, Any] = {"sees_in": None, "turn": Turn.LEAVE}
SEEN: dict[str, Any] = {"sees_in": 0.5, "turn": Turn.LEAVE, "assigns": True}
ASKED: dict[str, Any] = {"sees_in": 0.5, "asks": True, "answers_in": None, "decides_in": None}
ACCEPTED: dict[str, Any] = {"sees_in": 0.5, "decides_in": 1, "tries": 30}
STARTED: dict[str, Any] = {"sees_in": 0.5, "decides_in": 1, "tries": 1, "serves_in": 900}
WAITING: dict[str, Any] = {"sees_in": 0.5, "turn": Turn.WAITLIST, "decides_in": 1, "waits": 900}
HELD: dict[str, Any] = STARTED | {"holds": True}
UNCHECKED: dict[str, Any] = {"sees_in": 0.5, "checks": False, "decides_in": None}
URGENT: dict[str, Any] = {"priority": Priority.URGENT}
EMERGENCY: dict[str, Any] = {"priority": Priority.EMERGENCY}
VOIDED: dict[str, Any] = {"sees_in": 0.5, "decides_in": 400, "turn": Turn.DECLINE, "twist": "void"}

CAST: tuple[tuple[str, str, int, float, dict[str, Any]], ...] = (
    # who sends, to whom, working days ago, hours after opening, what becomes of it
    (FRONT_DOOR, HARBOR, 0, 0.2, DRAFT),
    (FRONT_DOOR, CLINIC, 1, 3, DRAFT),
    (FRONT_DOOR, TABLE, 2, 5, DRAFT),
    (FRONT_DOOR, LAW, 4, 2, DRAFT),
    (FRONT_DOOR, HARBOR, 1, 2, ASKED),
    (FRONT_DOOR, CLINIC, 2, 1, ASKED),
    (FRONT_DOOR, HARBOR, 3, 1, ASKED | URGENT),
    (FRONT_DOOR, "Stillwater Counseling Collective", 4, 4, ASKED),
    (FRONT_DOOR, "Open Door Adult School", 4, 1, NEW),
    (FRONT_DOOR, "Open Door Adult School", 6, 3, NEW),
    (FRONT_DOOR, "Brightwork Training Center", 3, 2, NEW),
    (FRONT_DOOR, HARBOR, 3, 4, ACCEPTED),
    (FRONT_DOOR, CLINIC, 28, 1, STARTED),
    (FRONT_DOOR, HARBOR, 0, 0.4, NEW | EMERGENCY),
    (WELCOME, HARBOR, 0, 0.3, NEW),
    (ROOFS, HARBOR, 0, 0.5, NEW | URGENT),
    (CLINIC, HARBOR, 1, 6, NEW),
    (WELCOME, HARBOR, 2, 5, NEW),
    (ROOFS, HARBOR, 3, 3, SEEN),
    (WELCOME, HARBOR, 1, 4, SEEN),
    (FRONT_DOOR, HARBOR, 2, 2, SEEN | URGENT),
    (WELCOME, HARBOR, 8, 2, ACCEPTED),
    (CLINIC, HARBOR, 2, 3, ACCEPTED),
    (ROOFS, HARBOR, 12, 2, WAITING),
    (WELCOME, HARBOR, 10, 3, HELD),
    (FRONT_DOOR, HARBOR, 26, 2, STARTED),
    (FRONT_DOOR, LAW, 0, 0.3, UNCHECKED),
    (WELCOME, LAW, 0, 0.6, UNCHECKED),
    (HARBOR, LAW, 1, 2, UNCHECKED),
    (ROOFS, LAW, 1, 5, UNCHECKED | URGENT),
    (FRONT_DOOR, LAW, 6, 2, STARTED),
    (CLINIC, LANTERN, 0, 0.5, NEW | URGENT),
    (FRONT_DOOR, LANTERN, 1, 3, SEEN),
    (WELCOME, LANTERN, 5, 2, STARTED),
    (LANTERN, LAW, 1, 1, UNCHECKED),
    (LANTERN, CLINIC, 3, 2, STARTED),
    (LANTERN, HARBOR, 4, 1, WAITING),
    (LANTERN, CLINIC, 0, 0.2, DRAFT),
    (FRONT_DOOR, CLINIC, 5, 3, VOIDED),
    (HARBOR, FRONT_DOOR, 1, 2, SEEN),
)


def scenes(stage: Stage, chance: Chance) -> list[Case]:
    """The cases, at times that count back from now, each of a client of its own."""
    openings = list(_openings(stage))
    found = []
    for number, (sender, receiver, days, hours, changes) in enumerate(CAST):
        at = min(openings[-1 - days] + timedelta(hours=hours), stage.end - timedelta(minutes=20))
        plot = settled(chance, changes)
        order = Order(at, plot, receiver, _at_the_door(stage, receiver))
        company = stage.companies[sender]
        own = Chance(chance.random())
        found.append(Case(stage, own, number, company, company.senders[0], [order], stays=True))
    return found


def settled(chance: Chance, changes: dict[str, Any]) -> Plot:
    """A usual plot, but for some changes."""
    plain: dict[str, Any] = {
        "priority": Priority.ROUTINE, "sends_in": 0, "asks": False, "turn": Turn.ACCEPT,
        "withdraws": False, "holds": False, "ending": Ending.COMPLETE, "twist": "",
    }  # fmt: skip
    return replace(draw(chance, USUAL), **(plain | changes))


def _openings(stage: Stage) -> Iterator[datetime]:
    return stage.hours.days(stage.end - timedelta(days=90), stage.end)


def _at_the_door(stage: Stage, name: str) -> Acting:
    return stage.companies[name].receivers[0]
