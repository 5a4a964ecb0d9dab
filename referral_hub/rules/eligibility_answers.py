"""What each condition says of a client: true, false, or not known and what to ask."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from referral_hub.rules.client_profile import Profile
from referral_hub.rules.coverage import county_label
from referral_hub.rules.eligibility import (
    OPERATORS,
    Answer,
    Criterion,
    Kind,
    Operator,
    Source,
    Verdict,
    verdict,
)
from referral_hub.rules.eligibility_areas import Home, lives_in
from referral_hub.rules.eligibility_words import criterion_words, question_of
from referral_hub.rules.places import fold_place_name
from referral_hub.rules.poverty import GUIDELINES, is_within


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a client on a day. `languages` are the names of those they speak, in
    lower case; `home` is where they live."""

    profile: Profile
    day: date
    home: Home = field(default_factory=Home)
    languages: frozenset[str] = frozenset()


Said = tuple[bool | None, str]
"""Whether a condition is met, and what is known of the client in words."""


def judge(criteria: Iterable[Criterion], known: Known) -> Verdict:
    """What a service's conditions say of a client."""
    return verdict(answer(each, known) for each in criteria)


def answer(criterion: Criterion, known: Known) -> Answer:
    """What one condition says. One that cannot be read is not known: people must ask."""
    met, fact = _CHECKS[criterion.kind](criterion, known) if is_sound(criterion) else (None, "")
    question = ""
    if met is None:
        question = question_of(criterion, known.profile)
    elif met is False and criterion.source is Source.INFERRED:
        question = f"The listing says “{criterion.quote}”. Can this client come all the same?"
    return Answer(criterion, met, criterion_words(criterion), fact, question)


def is_sound(criterion: Criterion) -> bool:
    """Whether the values of a condition are such as its operator has."""
    values = criterion.values
    if criterion.operator not in OPERATORS[criterion.kind]:
        return False
    match criterion.operator:
        case Operator.BETWEEN:
            return len(values) == 2 and all(v is None or _is_number(v) for v in values)
        case Operator.AT_MOST:
            return len(values) == 2 and _is_number(values[0]) and values[1] in GUIDELINES
        case Operator.IS:
            wanted = "children" if criterion.kind is Kind.HOUSEHOLD else True
            return values in ((wanted,), (False,))
        case Operator.ONE_OF | Operator.ALL_OF:
            return bool(values) and all(isinstance(value, str) for value in values)
    return True


def age_in_months(birth_date: date | None, day: date) -> int | None:
    """How old somebody is on a day, in whole months; None if unknown or not born yet."""
    if birth_date is None or birth_date > day:
        return None
    months = (day.year - birth_date.year) * 12 + day.month - birth_date.month
    return months - (day.day < birth_date.day)


def age_words(months: int) -> str:
    """An age as people say it."""
    return f"{months // 12}" if months >= 24 else f"{months} months"


def _age(criterion: Criterion, known: Known) -> Said:
    months = age_in_months(known.profile.birth_date, known.day)
    if months is None:
        return None, ""
    low, high = _ends(criterion)
    old_enough = low is None or months >= low * 12
    young_enough = high is None or (months // 12 if high == int(high) else months / 12) <= high
    return old_enough and young_enough, f"age {age_words(months)}"


def _residence(criterion: Criterion, known: Known) -> Said:
    home = known.home
    place = home.place
    fact = f"ZIP code {home.zip}" if home.zip else ""
    if fact and place and place.county:
        fact = f"{fact}, {county_label(place.county)}"
    said = [lives_in(str(value), home) for value in criterion.values]
    if True in said:
        return True, fact
    return (None if None in said else False), fact


def _household(criterion: Criterion, known: Known) -> Said:
    profile = known.profile
    if criterion.operator is Operator.IS:
        if profile.children is None:
            return None, ""
        wanted = criterion.values[0] == "children"
        return (profile.children > 0) is wanted, f"{profile.children} children"
    size = profile.household_size
    if size is None:
        return None, ""
    low, high = _ends(criterion)
    return (low is None or size >= low) and (high is None or size <= high), f"{size} people"


def _income(criterion: Criterion, known: Known) -> Said:
    profile = known.profile
    if profile.income is None:
        return None, ""
    percent, year = map(float, map(str, criterion.values))
    state = (known.home.place.state if known.home.place else None) or profile.state or None
    size = profile.household_size
    fact = f"${profile.income:,} a month" + (f" for {size}" if size else "")
    return is_within(profile.income, percent, size, state, int(year)), fact


def _is(field: str) -> Callable[[Criterion, Known], Said]:
    """A condition on a yes-or-no field of the profile."""

    def check(criterion: Criterion, known: Known) -> Said:
        value = getattr(known.profile, field)
        if value is None:
            return None, ""
        return value is criterion.values[0], "yes" if value else "no"

    return check


_GENDERS: Mapping[str, str] = {
    **dict.fromkeys(("woman", "women", "female", "f", "girl", "trans woman", "mujer"), "women"),
    **dict.fromkeys(("man", "men", "male", "m", "boy", "trans man", "hombre"), "men"),
}


def _gender(criterion: Criterion, known: Known) -> Said:
    stated = known.profile.gender.strip().casefold()
    group = _GENDERS.get(stated)
    return (None if group is None else group in criterion.values), stated


_INSURANCE: Mapping[str, re.Pattern[str]] = {
    "medicaid": re.compile(r"\b(?:medicaid|medi-cal|chip|all ?kids)\b"),
    "medicare": re.compile(r"\bmedicare\b"),
    "private": re.compile(r"\b(?:private|employer|marketplace|aetna|blue cross|cigna|humana)\b"),
    "none": re.compile(r"\b(?:none|uninsured|no (?:health )?insurance|not insured)\b"),
}
_DENIED = re.compile(r"\b(?:no|not|never|lost|ended|pending|applied|without|expired)\b")


def _insurance(criterion: Criterion, known: Known) -> Said:
    text = known.profile.insurance.casefold()
    kinds = {kind for kind, pattern in _INSURANCE.items() if pattern.search(text)}
    if not kinds or (kinds != {"none"} and _DENIED.search(text)):
        return None, ""
    insured = "any" in criterion.values and kinds != {"none"}
    return insured or bool(kinds & set(criterion.values)), known.profile.insurance


def _language(criterion: Criterion, known: Known) -> Said:
    if not known.languages:
        return None, ""
    wanted = {str(value).casefold() for value in criterion.values}
    return bool(wanted & known.languages), ", ".join(sorted(known.languages)).title()


_SMALL_WORDS = frozenset({"or", "and", "of", "a", "an", "the", "your", "for", "with", "copy"})


def _documents(criterion: Criterion, known: Known) -> Said:
    """What is not named among the documents at hand may be there all the same."""
    text = known.profile.documents
    if not text or _DENIED.search(text.casefold()):
        return None, ""
    at_hand = set(fold_place_name(text).split())
    wanted = (set(fold_place_name(str(v)).split()) - _SMALL_WORDS for v in criterion.values)
    return (True, text) if all(words and words <= at_hand for words in wanted) else (None, "")


def _referral(criterion: Criterion, known: Known) -> Said:
    return True, "you can send one"


def _other(criterion: Criterion, known: Known) -> Said:
    return None, ""


_CHECKS: Mapping[Kind, Callable[[Criterion, Known], Said]] = {
    Kind.AGE: _age,
    Kind.RESIDENCE: _residence,
    Kind.HOUSEHOLD: _household,
    Kind.INCOME: _income,
    Kind.VETERAN: _is("veteran"),
    Kind.DISABILITY: _is("disability"),
    Kind.GENDER: _gender,
    Kind.PREGNANCY: _is("pregnant"),
    Kind.INSURANCE: _insurance,
    Kind.STUDENT: _is("student"),
    Kind.LANGUAGE: _language,
    Kind.DOCUMENTS: _documents,
    Kind.REFERRAL: _referral,
    Kind.OTHER: _other,
}


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _ends(criterion: Criterion) -> tuple[float | None, float | None]:
    low, high = (float(str(value)) if _is_number(value) else None for value in criterion.values)
    return low, high
