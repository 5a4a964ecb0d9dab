"""What was shared, in words that people read."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from referral_hub.rules.client_profile import LABEL as PROFILE_LABEL
from referral_hub.rules.clients import ContactWay, Level
from referral_hub.rules.consent import LABEL, Category
from referral_hub.rules.disclosures import HOUSEHOLD_NAMES, Snapshot
from referral_hub.rules.languages import LANGUAGE_NAME
from referral_hub.rules.phone_numbers import national

FIELD_LABEL: Mapping[str, str] = {
    **PROFILE_LABEL,
    "label": "Need",
    "urgency": "How urgent",
    "acuity": "How the client is doing",
    "reason": "Reason for the referral",
    HOUSEHOLD_NAMES: "People in the household, by name",
    "zip3": "First three digits of the ZIP code",
}
WAY: Mapping[ContactWay, str] = {
    ContactWay.CALL: "call",
    ContactWay.TEXT: "text message",
    ContactWay.EMAIL: "e-mail",
    ContactWay.LETTER: "letter",
    ContactWay.IN_PERSON: "in person",
}
UNSHOWN = frozenset({"code"})
"""For programs only: the label says the same."""


@dataclass(frozen=True, slots=True)
class SharedSection:
    """A category, and what is known in it as (label, words)."""

    category: Category
    heading: str
    rows: tuple[tuple[str, str], ...]


def rows_for_page(merged: Snapshot) -> tuple[SharedSection, ...]:
    """What a receiver reads, section by section. What is not known is left out; a section of which
    nothing is known stays, so that it can be said that nothing is."""
    sections = []
    for name, values in merged.items():
        category = Category(name)
        rows = [
            row
            for field, value in values.items()
            if field not in UNSHOWN and value not in ("", [], {}, None)
            for row in _rows(field, value)
        ]
        sections.append(SharedSection(category, LABEL[category], tuple(rows)))
    return tuple(sections)


def words_of(field: str, value: Any) -> str:
    """A value as people read it."""
    if isinstance(value, bool):
        return "Yes" if value else "No"
    return _WORDS[field](value) if field in _WORDS else str(value)


def _rows(field: str, value: Any) -> list[tuple[str, str]]:
    if field == "answers":
        return [(question, answer) for question, answer in value.items() if answer]
    return [(FIELD_LABEL[field], words_of(field, value))]


def _day(text: str) -> str:
    day = date.fromisoformat(text)
    return f"{day:%B} {day.day}, {day.year}"


def _languages(codes: list[str]) -> str:
    return ", ".join(LANGUAGE_NAME.get(code, code) for code in codes)


def _ways(ways: list[str]) -> str:
    return ", ".join(WAY[ContactWay(way)] for way in ways)


_WORDS: Mapping[str, Callable[[Any], str]] = {
    "birth_date": _day,
    "languages": _languages,
    "contact_ways": _ways,
    "phone": national,
    "other_phone": national,
    "income": lambda dollars: f"${dollars:,}",
    "urgency": lambda level: Level(level).name.capitalize(),
    "acuity": lambda acuity: f"{acuity} of 5, where 5 is in crisis",
    HOUSEHOLD_NAMES: ", ".join,
}
