"""What an agency says about taking referrals, and what of it can be meant."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from math import isfinite

from referral_hub.rules.errors import InvalidInput
from referral_hub.rules.texts import is_line

MOST_NOTE = 300
MOST_UNIT = 40
MOST_NUMBER = 1_000_000
FARTHEST = timedelta(days=366)


class CapacityState(StrEnum):
    """Whether a service takes referrals."""

    OPEN = "open"
    LIMITED = "limited"
    WAITING_LIST = "waiting_list"
    CLOSED = "closed"


STATE_LABEL: Mapping[CapacityState, str] = {
    CapacityState.OPEN: "Open",
    CapacityState.LIMITED: "Limited",
    CapacityState.WAITING_LIST: "Waiting list",
    CapacityState.CLOSED: "Closed",
}
STATE_MEANING: Mapping[CapacityState, str] = {
    CapacityState.OPEN: "There is room.",
    CapacityState.LIMITED: "There is little room.",
    CapacityState.WAITING_LIST: "Everybody waits.",
    CapacityState.CLOSED: "No referrals now.",
}


@dataclass(frozen=True, slots=True)
class PopulationWord:
    """How it is for one kind of people, where that differs. Numbers are in the service's unit."""

    population: str
    state: CapacityState
    available: float | None = None
    maximum: float | None = None


@dataclass(frozen=True, slots=True)
class CapacityWord:
    """All that is said of a service at one moment; what is left out is not known.

    `available` of `maximum` are free, in `unit` ("beds"). `until` is the last day on which it is
    so.
    """

    state: CapacityState
    available: float | None = None
    maximum: float | None = None
    unit: str = ""
    until: date | None = None
    note: str = ""
    populations: tuple[PopulationWord, ...] = ()


def in_numbers(available: float | None, maximum: float | None, unit: str | None) -> str:
    """Such as "3 of 20 beds free"; empty where no number was said."""
    if available is None:
        return "" if maximum is None else f"{maximum:g} {unit} in all"
    of_all = "" if maximum is None else f" of {maximum:g}"
    return f"{available:g}{of_all} {unit} free"


def check_word(word: CapacityWord, known: Collection[str], today: date) -> None:
    """Raise InvalidInput naming everything that cannot be meant. `known` are the populations."""
    faults = _number_faults(word.available, word.maximum)
    counted: list[CapacityWord | PopulationWord] = [word, *word.populations]
    numbers = (number for each in counted for number in (each.available, each.maximum))
    if any(number is not None for number in numbers) and not word.unit:
        faults["unit"] = "Say what is counted, such as beds."
    if word.unit and not is_line(word.unit, MOST_UNIT):
        faults["unit"] = f"Use 1 to {MOST_UNIT} characters on one line."
    if word.note and not is_line(word.note, MOST_NOTE):
        faults["note"] = f"Use at most {MOST_NOTE} characters on one line."
    if word.until is not None and not today <= word.until <= today + FARTHEST:
        faults["until"] = "Use a day from today on, at most a year ahead."
    faults |= _population_faults(word.populations, known)
    if faults:
        raise InvalidInput("Something cannot be meant so. Nothing was changed.", faults)


def _population_faults(
    populations: Collection[PopulationWord], known: Collection[str]
) -> dict[str, str]:
    codes = [each.population for each in populations]
    if len(set(codes)) < len(codes):
        return {"populations": "Name each population once."}
    if not set(codes) <= set(known):
        return {"populations": f"Name only these populations: {', '.join(sorted(known))}."}
    if any(_number_faults(each.available, each.maximum) for each in populations):
        return {"populations": f"Use numbers from 0 to {MOST_NUMBER:,}, no more free than in all."}
    return {}


def _number_faults(available: float | None, maximum: float | None) -> dict[str, str]:
    faults = {}
    for name, value in (("available", available), ("maximum", maximum)):
        if value is not None and not (isfinite(value) and 0 <= value <= MOST_NUMBER):
            faults[name] = f"Use a number from 0 to {MOST_NUMBER:,}."
    if not faults and available is not None and maximum is not None and available > maximum:
        faults["available"] = "No more can be free than there are in all."
    return faults
