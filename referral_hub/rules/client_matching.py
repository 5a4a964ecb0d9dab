"""When two records may be the same person, and which records may be compared at all."""

from datetime import date
from difflib import SequenceMatcher
from enum import StrEnum
from uuid import UUID

from referral_hub.rules.client_keys import folded, phones_of
from referral_hub.rules.client_profile import Profile

ALIKE = 0.8
"""From which likeness on, 0 to 1, two names are taken for one."""


class Likeness(StrEnum):
    """Why two records may be the same person."""

    BIRTH_DATE_AND_NAME = "birth_date_and_name"
    PHONE = "phone"


LIKENESS_LABEL: dict[Likeness, str] = {
    Likeness.BIRTH_DATE_AND_NAME: "same date of birth and a similar name",
    Likeness.PHONE: "same phone number",
}


def may_compare(told_by: UUID, kept_by: UUID, *, victim_services: bool) -> bool:
    """Whether what one agency tells of a client may be compared with another's clients.

    An agency compares with its own clients. What it was told in a referral it may compare too,
    unless one of the two is a victim-service agency (`victim_services`): these stand outside of
    every matching. Records that nobody told are never compared across agencies.
    """
    return told_by == kept_by or not victim_services


def likeness(one: Profile, other: Profile) -> Likeness | None:
    """Why two profiles may tell of the same person; None where they do not."""
    if _same_birth(one.birth_date, other.birth_date) and similar_names(one, other):
        return Likeness.BIRTH_DATE_AND_NAME
    if set(phones_of(one)) & set(phones_of(other)):
        return Likeness.PHONE
    return None


def similar_names(one: Profile, other: Profile) -> bool:
    """Whether a first and a last name of each are alike, in whatever order they were written."""
    first, second = _words(one), _words(other)
    if not first or not second:
        return False
    fewer, more = sorted((first, second), key=len)
    return all(any(_alike(word, each) for each in more) for word in fewer)


def _words(profile: Profile) -> list[str]:
    """The first word of the first name, and of the last one: second names often go missing."""
    given = folded((profile.given_name or profile.preferred_name).split(" ")[0])
    family = folded(profile.family_name)
    return [word for word in (given, family) if word]


def _alike(one: str, other: str) -> bool:
    if min(len(one), len(other)) >= 3 and (one.startswith(other) or other.startswith(one)):
        return True
    compared = SequenceMatcher(None, one, other, autojunk=False)
    likely = compared.real_quick_ratio() >= ALIKE and compared.quick_ratio() >= ALIKE
    return likely and compared.ratio() >= ALIKE


def _same_birth(one: date | None, other: date | None) -> bool:
    return one is not None and one == other
