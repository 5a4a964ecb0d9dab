"""Checks one HSDS record field by field: what is usable, what was repaired, what is wrong.

Types, required fields and closed lists are those of the standard (`rules.hsds`). A field that
cannot be used is left out and said; a record without what it cannot do without is refused.
"""

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from referral_hub.rules.hsds import TABLES, WEEKDAYS, Field, Kind

Value = str | float


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with one field. `fatal`: the record cannot be loaded."""

    code: str
    field: str
    value: str
    reason: str
    fatal: bool = False
    repaired: bool = False
    filled: bool = False


@dataclass(slots=True)
class Checked:
    """The usable values of a record, and its faults. Dates stay ISO text, numbers are floats."""

    values: dict[str, Value] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)

    @property
    def usable(self) -> bool:
        """Whether the record can be loaded at all."""
        return not any(fault.fatal for fault in self.faults)


FILLED: Mapping[tuple[str, str], str] = {
    ("organization", "description"): "",
    ("program", "description"): "",
    ("taxonomy", "description"): "",
    ("taxonomy_term", "description"): "",
    ("service", "status"): "active",
    ("location", "location_type"): "physical",
    ("address", "address_1"): "",
    ("address", "city"): "",
    ("address", "state_province"): "",
    ("address", "postal_code"): "",
    ("address", "country"): "US",
    ("address", "address_type"): "physical",
    ("organization_identifier", "identifier_type"): "",
    ("metadata", "last_action_type"): "",
    ("metadata", "field_name"): "",
    ("metadata", "previous_value"): "",
    ("metadata", "replacement_value"): "",
    ("metadata", "updated_by"): "",
}
"""Required fields that real feeds leave out and a directory can live without, with what stands
for "not stated". A missing status means active, as every older version of the standard had it."""

UNKNOWN_CHOICE: Mapping[tuple[str, str], str] = {
    ("service", "status"): "inactive",
    ("location", "location_type"): "physical",
    ("address", "address_type"): "physical",
}
"""What a value outside its closed list becomes where one is required. An unknown status must
never make a service look open."""

LONGEST_TEXT = 100_000
"""Characters of one field: nobody reads more, and every page that shows it would bear it."""
_DRAWN = frozenset({"extent"})
"""Fields that draw a shape, which takes as much as it takes."""

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_EMAIL = re.compile(r"[^@\s,;<>()\"]+@[^@\s,;<>()\"]+\.[^@\s,;<>()\".]+")
_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`\x00-\x20]+")
_BARE_HOST = re.compile(r"(?:[A-Za-z0-9-]+\.)+[A-Za-z]{2,}(?::\d+)?(?:[/?#][^\s<>\"{}|\\^`]*)?")
_TIME = re.compile(
    r"([01]\d|2[0-4]):([0-5]\d)(?::[0-5]\d(?:\.\d+)?)?(?:Z|[+-](?:0\d|1[0-4]):?[0-5]\d)?"
)
_LOOSE_TIME = re.compile(
    r"(\d{1,2})(?:[:.](\d{2}))?(?::\d{2})?\s*([ap])?\.?\s*m?\.?", re.IGNORECASE
)


def check_record(table: str, values: Mapping[str, object]) -> Checked:
    """Check raw values of a record of `table`, its id and references aside."""
    checked = Checked()
    for spec in TABLES[table].fields:
        if spec.name != "id" and not spec.references:
            _check_field(table, spec, values.get(spec.name), checked)
    return checked


def clean_text(value: object) -> str:
    """Text without control characters and halves of characters, which no database should keep.

    Spaces at its ends are the source's own and stay: what was imported is exported equal.
    """
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return _CONTROL.sub("", str(value))


def _check_field(table: str, spec: Field, raw: object, checked: Checked) -> None:
    text = "" if raw is None else clean_text(raw)
    if not text.strip():
        _fill(table, spec, checked)
        return
    if len(text) > LONGEST_TEXT and spec.name not in _DRAWN:
        reason = f"is longer than {LONGEST_TEXT:,} characters"
        _unusable(table, spec, text[:200], reason, checked, code="too-long")
        return
    try:
        value, repair = _READERS[spec.kind](text if spec.kind is Kind.TEXT else text.strip())
        if spec.choices:
            value, repair = _choose(spec, text.strip())
    except ValueError as problem:
        _unusable(table, spec, text, str(problem), checked)
        return
    checked.values[spec.name] = value
    if repair:
        checked.faults.append(Fault("repaired", spec.name, text, repair, repaired=True))


def _fill(table: str, spec: Field, checked: Checked) -> None:
    if not spec.required:
        return
    if (table, spec.name) in FILLED:
        value = FILLED[table, spec.name]
        checked.values[spec.name] = value
        reason = f'is missing; taken as "{value}"' if value else "is missing"
        checked.faults.append(Fault("missing", spec.name, "", reason, filled=True))
    else:
        checked.faults.append(
            Fault("missing", spec.name, "", "is missing and a record needs it", fatal=True)
        )


def _unusable(
    table: str, spec: Field, text: str, reason: str, checked: Checked, *, code: str = ""
) -> None:
    fallback = UNKNOWN_CHOICE.get((table, spec.name), FILLED.get((table, spec.name)))
    if spec.required and fallback is not None:
        checked.values[spec.name] = fallback
        reason = f'{reason}; taken as "{fallback}"'
    fatal = spec.required and fallback is None
    code = code or f"bad-{spec.kind}"
    checked.faults.append(Fault(code, spec.name, text, reason, fatal=fatal))


def _choose(spec: Field, text: str) -> tuple[str, str]:
    """The value of a closed list that is meant; case and underscores are forgiven."""
    choices = spec.choices or frozenset()
    if text in choices:
        return text, ""
    folded = text.replace("_", " ").casefold()
    for choice in choices:
        if choice.casefold() == folded:
            return choice, f'is written "{text}"; the standard writes "{choice}"'
    if spec.name == "wkst" and folded[:2].upper() in WEEKDAYS:
        return folded[:2].upper(), f'is written "{text}"; taken as "{folded[:2].upper()}"'
    raise ValueError(f"is not one of: {', '.join(sorted(choices))}")


def _read_text(text: str) -> tuple[Value, str]:
    return text, ""


def _read_number(text: str) -> tuple[Value, str]:
    try:
        number = float(text)
    except ValueError:
        raise ValueError("is not a number") from None
    if not math.isfinite(number):
        raise ValueError("is not a finite number")
    return number, ""


def _read_date(text: str) -> tuple[Value, str]:
    try:
        return date.fromisoformat(text[:10]).isoformat(), ""
    except ValueError:
        raise ValueError("is not a date like 2026-01-31") from None


def _read_datetime(text: str) -> tuple[Value, str]:
    try:
        datetime.fromisoformat(text)
    except ValueError:
        raise ValueError("is not a time like 2026-01-31T09:00:00Z") from None
    return text, ""


def _read_time(text: str) -> tuple[Value, str]:
    if _TIME.fullmatch(text):
        return text, ""
    loose = _LOOSE_TIME.fullmatch(text)
    if loose:
        hour, minute = int(loose[1]), int(loose[2] or 0)
        half = (loose[3] or "").lower()
        if half:
            hour = hour % 12 + (12 if half == "p" else 0) if 1 <= hour <= 12 else 99
        if (half or loose[2]) and hour <= 24 and minute < 60:
            clock = f"{hour:02}:{minute:02}"
            return clock, f'is written "{text}"; taken as "{clock}"'
    raise ValueError("is not a time of day like 09:00")


def _read_email(text: str) -> tuple[Value, str]:
    address = text.removeprefix("mailto:")
    if not _EMAIL.fullmatch(address):
        raise ValueError("is not one e-mail address")
    return address, "" if address == text else "is written as a link; taken as an address"


def _read_uri(text: str) -> tuple[Value, str]:
    if _URI.fullmatch(text):
        return text, ""
    if _BARE_HOST.fullmatch(text):
        return f"http://{text}", "has no http:// in front; it was added"
    raise ValueError("is not a web address")


_READERS: Mapping[Kind, Callable[[str], tuple[Value, str]]] = {
    Kind.TEXT: _read_text,
    Kind.UUID: _read_text,
    Kind.NUMBER: _read_number,
    Kind.DATE: _read_date,
    Kind.DATETIME: _read_datetime,
    Kind.TIME: _read_time,
    Kind.EMAIL: _read_email,
    Kind.URI: _read_uri,
}
