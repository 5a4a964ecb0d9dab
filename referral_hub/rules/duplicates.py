"""Pairs of records that may be one: what becomes of them, and what a merge moves."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from referral_hub.rules.directory_matching import phone_key
from referral_hub.rules.hsds import TABLES

MATCHED_TABLES = ("organization", "location", "service")
"""The records that may be listed twice, in the order in which they are best looked at."""

Values = Mapping[str, Any]


class PairState(StrEnum):
    """What became of a pair."""

    OPEN = "open"
    MERGED = "merged"
    NOT_DUPLICATES = "not_duplicates"


class Rule(StrEnum):
    """Which parts of a record move to the one that takes its place. The others stay with it."""

    ALL = "all"
    NEW = "new"
    """Those that say what the other does not say yet."""
    MISSING = "missing"
    """All, where the other has none: hours or an address of two sources do not mix."""


@dataclass(frozen=True, slots=True)
class Moves:
    """How the parts of one table follow their owner, named by the column `key`.

    Of NEW parts `says` gives what a part says; two that say the same are one.
    """

    table: str
    key: str
    rule: Rule
    says: Callable[[Values], Any] = lambda values: None


def _fields(*names: str) -> Callable[[Values], Any]:
    return lambda values: tuple(_plain(values[name]) for name in names)


def _plain(value: Any) -> Any:
    return " ".join(value.casefold().split()) if isinstance(value, str) else value


def _number(values: Values) -> Any:
    return phone_key(values["number"]) or _plain(values["number"]), values["extension"]


def _of(key: str) -> tuple[Moves, ...]:
    """What every kind of owner may have."""
    return (
        Moves("contact", key, Rule.NEW, _fields("name", "title", "department", "email")),
        Moves("phone", key, Rule.NEW, _number),
    )


_ATTRIBUTE = Moves("attribute", "link_id", Rule.NEW, _fields("taxonomy_term_id", "value"))

MOVES: Mapping[str, tuple[Moves, ...]] = {
    "organization": (
        Moves("program", "organization_id", Rule.ALL),
        Moves("service", "organization_id", Rule.ALL),
        Moves("location", "organization_id", Rule.ALL),
        *_of("organization_id"),
        Moves("url", "organization_id", Rule.NEW, _fields("url")),
        Moves("funding", "organization_id", Rule.NEW, _fields("source")),
        Moves(
            "organization_identifier", "organization_id", Rule.NEW,
            _fields("identifier_type", "identifier"),
        ),
        _ATTRIBUTE,
    ),
    "service": (
        Moves("service_at_location", "service_id", Rule.NEW, _fields("location_id")),
        *_of("service_id"),
        Moves("url", "service_id", Rule.NEW, _fields("url")),
        Moves("language", "service_id", Rule.NEW, _fields("name", "code")),
        Moves("service_area", "service_id", Rule.NEW, _fields("name", "extent", "uri")),
        Moves("funding", "service_id", Rule.NEW, _fields("source")),
        Moves("required_document", "service_id", Rule.NEW, _fields("document", "uri")),
        Moves("cost_option", "service_id", Rule.MISSING),
        Moves("schedule", "service_id", Rule.MISSING),
        Moves("service_capacity", "service_id", Rule.MISSING),
        Moves("service_criterion", "service_id", Rule.MISSING),
        Moves("intake_question", "service_id", Rule.MISSING),
        _ATTRIBUTE,
    ),
    "location": (
        Moves("service_at_location", "location_id", Rule.NEW, _fields("service_id")),
        *_of("location_id"),
        Moves("language", "location_id", Rule.NEW, _fields("name", "code")),
        Moves("accessibility", "location_id", Rule.NEW, _fields("description", "details")),
        Moves("address", "location_id", Rule.MISSING),
        Moves("schedule", "location_id", Rule.MISSING),
        _ATTRIBUTE,
    ),
    "service_at_location": (
        *_of("service_at_location_id"),
        Moves("service_area", "service_at_location_id", Rule.NEW, _fields("name", "extent", "uri")),
        Moves("schedule", "service_at_location_id", Rule.MISSING),
        _ATTRIBUTE,
    ),
}  # fmt: skip

_NO_CHOICE = frozenset({"id", "parent_organization_id"})
_TOGETHER = {"latitude": ("longitude", "point_latitude", "point_longitude", "point_basis",
                          "time_zone")}  # fmt: skip


def moving(moves: Moves, theirs: list[Values], ours: list[Values]) -> list[Values]:
    """Of the parts of a record those that move to the one that stands in its place."""
    if moves.rule is Rule.ALL:
        return theirs
    if moves.rule is Rule.MISSING:
        return [] if ours else theirs
    said = {moves.says(values) for values in ours}
    moved = []
    for values in theirs:
        says = moves.says(values)
        if says not in said:
            said.add(says)
            moved.append(values)
    return moved


def choices(table: str) -> tuple[str, ...]:
    """The fields of which somebody chooses whose value stays. Of a point it is one choice."""
    chosen = [
        spec.name
        for spec in TABLES[table].fields
        if not spec.references and spec.name not in _NO_CHOICE
    ]
    return tuple(name for name in chosen if not (table == "location" and name == "longitude"))


def chosen_together(field: str) -> tuple[str, ...]:
    """The columns that a choice is about."""
    return (field, *_TOGETHER.get(field, ()))
