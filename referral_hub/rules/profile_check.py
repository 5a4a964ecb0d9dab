"""What a client's profile may hold: every fault is named at once."""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from referral_hub.rules.client_profile import FIELDS, Profile
from referral_hub.rules.errors import InvalidInput
from referral_hub.rules.languages import LANGUAGES
from referral_hub.rules.people import check_person
from referral_hub.rules.phone_numbers import e164
from referral_hub.rules.places import STATES

MOST_LINE, MOST_TEXT, MOST_LANGUAGES, OLDEST_YEARS = 120, 2000, 10, 125
LONG = frozenset(
    {
        "contact_times", "never", "housing", "benefits", "insurance", "documents", "education",
        "health", "substance_use", "violence", "immigration", "legal", "adverse_party",
    }
)  # fmt: skip
"""Fields that hold sentences, with line breaks."""
RANGES: Mapping[str, tuple[int, int]] = {
    "household_size": (1, 50),
    "children": (0, 50),
    "income": (0, 1_000_000),
}
"""Least and most of each number."""
_ZIP = re.compile(r"[0-9]{5}(-[0-9]{4})?")


def check_profile(profile: Profile, today: date) -> Profile:
    """The profile as it is kept: trimmed, phones as E.164. InvalidInput names all faults."""
    faults: dict[str, str] = {}
    kept: dict[str, Any] = {}
    for name in FIELDS:
        value = getattr(profile, name)
        if isinstance(value, str):
            kept[name] = _text(name, value, faults)
    for name, form in _FORMS.items():
        if kept[name] and name not in faults:
            _formed(name, form, kept, faults)
    if not (kept["given_name"] or kept["family_name"] or kept["preferred_name"]):
        faults.setdefault("given_name", "Enter at least one name.")
    _check_birth(profile.birth_date, today, faults)
    kept["languages"] = _languages(profile.languages, faults)
    kept["contact_ways"] = tuple(dict.fromkeys(profile.contact_ways))
    for name, (least, most) in RANGES.items():
        value = getattr(profile, name)
        if value is not None and not least <= value <= most:
            faults[name] = f"Use a number from {least} to {most:,}."
    if faults:
        raise InvalidInput("Please check what you entered.", faults)
    return replace(profile, **kept)


def clean_text(text: str, most: int, field: str, missing: str = "") -> str:
    """A text that people write about a client, trimmed. Raises InvalidInput; `missing` is what to
    say where it is empty, and may not be."""
    faults: dict[str, str] = {}
    cleaned = _cleaned(text, most, field, faults, is_long=True)
    if missing and not cleaned:
        faults.setdefault(field, missing)
    if faults:
        raise InvalidInput(faults[field], faults)
    return cleaned


def _text(name: str, value: str, faults: dict[str, str]) -> str:
    is_long = name in LONG
    return _cleaned(value, MOST_TEXT if is_long else MOST_LINE, name, faults, is_long=is_long)


def _cleaned(text: str, most: int, field: str, faults: dict[str, str], *, is_long: bool) -> str:
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    cleaned = lines.strip() if is_long else " ".join(lines.split())
    if len(cleaned) > most:
        faults[field] = f"Use at most {most:,} characters."
    elif not all(sign.isprintable() or sign == "\n" for sign in cleaned):
        faults[field] = "Use plain text, without control characters."
    return cleaned


def _formed(
    name: str, form: Callable[[str], str | None], kept: dict[str, Any], faults: dict[str, str]
) -> None:
    formed = form(kept[name])
    if formed is None:
        faults[name] = _SAID[name]
    else:
        kept[name] = formed


def _email(text: str) -> str | None:
    try:
        return check_person("somebody", text)[1]
    except InvalidInput:
        return None


def _zip(text: str) -> str | None:
    return text if _ZIP.fullmatch(text) else None


def _state(text: str) -> str | None:
    code = text.upper()
    if code in STATES:
        return code
    return next((code for code, name in STATES.items() if name.casefold() == text.casefold()), None)


def _check_birth(birth: date | None, today: date, faults: dict[str, str]) -> None:
    if birth is None:
        return
    if birth > today:
        faults["birth_date"] = "Use a date of birth that is not in the future."
    elif today.year - birth.year > OLDEST_YEARS:
        faults["birth_date"] = f"Use a date of birth in the last {OLDEST_YEARS} years."


def _languages(given: tuple[str, ...], faults: dict[str, str]) -> tuple[str, ...]:
    codes = tuple(dict.fromkeys(code.strip().casefold() for code in given if code.strip()))
    unknown = [code for code in codes if code not in LANGUAGES]
    if unknown:
        faults["languages"] = "Choose languages from the list, or use codes such as en or es."
    elif len(codes) > MOST_LANGUAGES:
        faults["languages"] = f"Name at most {MOST_LANGUAGES} languages."
    return codes


_FORMS: Mapping[str, Callable[[str], str | None]] = {
    "phone": e164, "other_phone": e164, "email": _email, "zip": _zip, "state": _state,
}  # fmt: skip
_PHONE = "Use a phone number such as 773-555-0143, or + and the country's number for one abroad."
_SAID: Mapping[str, str] = {
    "phone": _PHONE,
    "other_phone": _PHONE,
    "email": "Use an e-mail address such as name@example.org.",
    "zip": "Use a ZIP code such as 60608 or 60608-1234.",
    "state": "Use a state such as IL.",
}
