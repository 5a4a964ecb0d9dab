"""Conditions in plain words, and the questions that settle them."""

from collections.abc import Callable, Mapping

from referral_hub.rules.client_profile import Profile
from referral_hub.rules.eligibility import Criterion, Kind, Operator, Source
from referral_hub.rules.eligibility_areas import area_words, is_named

MOST_AREAS = 6
_SOURCE: Mapping[Source, str] = {
    Source.AGENCY: "stated by the agency",
    Source.IMPORTED: "as listed",
    Source.INFERRED: "our reading of the listing",
}
_INSURANCE: Mapping[str, str] = {
    "medicaid": "Medicaid",
    "medicare": "Medicare",
    "private": "private insurance",
    "none": "no insurance",
    "any": "any insurance",
}


def criterion_words(criterion: Criterion) -> str:
    """A condition as people say it, such as "Ages 60 and older"."""
    words = _WORDS[criterion.kind](criterion)
    return words if criterion.required else f"{words} (preferred)"


def source_words(criterion: Criterion) -> str:
    """Who says so, in words."""
    return _SOURCE[criterion.source]


def question_of(criterion: Criterion, profile: Profile) -> str:
    """What to ask so that the condition can be judged."""
    if criterion.kind is Kind.RESIDENCE:
        return _residence_question(criterion, profile)
    if criterion.kind is Kind.INCOME:
        missing = "income" if profile.income is None else "size"
        return _INCOME_QUESTIONS[missing]
    if criterion.kind is Kind.HOUSEHOLD and criterion.operator is Operator.IS:
        return "Do children live in the household?"
    if criterion.kind is Kind.DOCUMENTS:
        return f"Does the client have: {_listed(criterion, 'and')}?"
    if criterion.kind is Kind.OTHER:
        return f"Does this fit the client? “{criterion.quote}”"
    return _QUESTIONS[criterion.kind]


_INCOME_QUESTIONS = {
    "income": "What is the household's income a month?",
    "size": "How many people live in the household?",
}
_QUESTIONS: Mapping[Kind, str] = {
    Kind.AGE: "When was the client born?",
    Kind.HOUSEHOLD: "How many people live in the household?",
    Kind.VETERAN: "Is the client a veteran?",
    Kind.DISABILITY: "Does the client have a disability?",
    Kind.GENDER: "Is this service for people of the client's gender?",
    Kind.PREGNANCY: "Is the client pregnant?",
    Kind.INSURANCE: "Which health insurance does the client have?",
    Kind.STUDENT: "Is the client a student?",
    Kind.LANGUAGE: "Which languages does the client speak?",
    Kind.REFERRAL: "Is a referral needed?",
}


def _residence_question(criterion: Criterion, profile: Profile) -> str:
    if not profile.zip and not any(is_named(str(value)) for value in criterion.values):
        return "In which ZIP code does the client live?"
    return f"Does the client live here: {_areas(criterion)}?"


def _ages(criterion: Criterion) -> str:
    low, high = (_number(value) for value in (*criterion.values, None, None)[:2])
    if low and high:
        return f"Ages {low} to {high}"
    if low:
        return f"Ages {low} and older"
    return f"Ages {high} and younger" if high else "Any age"


def _household(criterion: Criterion) -> str:
    if criterion.operator is Operator.IS:
        return _yes_or_no("Households with children", "Households without children")(criterion)
    low, high = (_number(value) for value in (*criterion.values, None, None)[:2])
    if low and high:
        return f"Households of {low} to {high} people"
    if low:
        return f"Households of {low} or more people"
    return f"Households of {high} or fewer people" if high else "Households of any size"


def _income(criterion: Criterion) -> str:
    percent, year = (_number(value) for value in (*criterion.values, None, None)[:2])
    return f"Income at or below {percent}% of the federal poverty guideline of {year}"


def _yes_or_no(yes: str, no: str) -> Callable[[Criterion], str]:
    def words(criterion: Criterion) -> str:
        return no if criterion.values == (False,) else yes

    return words


def _areas(criterion: Criterion) -> str:
    names = list(dict.fromkeys(area_words(str(value)) for value in criterion.values))
    more = len(names) - MOST_AREAS
    if more > 0:
        return f"{', '.join(names[:MOST_AREAS])} and {more} more areas"
    return " or ".join(filter(None, (", ".join(names[:-1]), *names[-1:])))


def _listed(criterion: Criterion, word: str) -> str:
    names = [_INSURANCE.get(str(value), str(value)) for value in criterion.values]
    return f" {word} ".join(filter(None, (", ".join(names[:-1]), *names[-1:])))


def _number(value: object) -> str:
    return f"{value:g}" if isinstance(value, int | float) and value else ""


_WORDS: Mapping[Kind, Callable[[Criterion], str]] = {
    Kind.AGE: _ages,
    Kind.RESIDENCE: lambda criterion: f"Lives here: {_areas(criterion)}",
    Kind.HOUSEHOLD: _household,
    Kind.INCOME: _income,
    Kind.VETERAN: _yes_or_no("Veterans", "People who are not veterans"),
    Kind.DISABILITY: _yes_or_no("People with a disability", "People without a disability"),
    Kind.GENDER: lambda criterion: f"For {_listed(criterion, 'and')}",
    Kind.PREGNANCY: _yes_or_no("People who are pregnant", "People who are not pregnant"),
    Kind.INSURANCE: lambda criterion: f"Insurance: {_listed(criterion, 'or')}",
    Kind.STUDENT: _yes_or_no("Students", "People who are not students"),
    Kind.LANGUAGE: lambda criterion: f"Speaks {_listed(criterion, 'or')}",
    Kind.DOCUMENTS: lambda criterion: f"Brings: {_listed(criterion, 'and')}",
    Kind.REFERRAL: _yes_or_no("A referral is needed", "No referral is needed"),
    Kind.OTHER: lambda criterion: f"“{criterion.quote}”",
}
