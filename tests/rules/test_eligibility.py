"""Who can use a service: what each condition says of a client, and all of them together."""

from dataclasses import fields, replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from referral_hub.rules.client_profile import Profile
from referral_hub.rules.eligibility import (
    OPERATORS,
    Criterion,
    Kind,
    Operator,
    Outcome,
    Source,
    combined,
)
from referral_hub.rules.eligibility_answers import Known, age_in_months, answer, is_sound, judge
from referral_hub.rules.eligibility_areas import Home
from referral_hub.rules.eligibility_words import criterion_words
from tests.fakes import CHICAGO

DAY = date(2026, 11, 30)
AGE_60 = Criterion(Kind.AGE, Operator.BETWEEN, (60, None))
VETERAN = Criterion(Kind.VETERAN, Operator.IS, (True,))
COOK = "county:IL:cook county"
BORN_1988 = Profile(birth_date=date(1988, 4, 17))


def known(profile: Profile | None = None, **more: Any) -> Known:
    profile = profile or Profile()
    home = Home(profile.zip, profile.state, CHICAGO if profile.zip == CHICAGO.zip else None)
    return Known(profile, DAY, home, **more)


def met(kind: Kind, operator: Operator, *values: Any, of: Known | Profile) -> bool | None:
    about = of if isinstance(of, Known) else known(of)
    return answer(Criterion(kind, operator, values), about).met


def test_one_required_condition_that_fails_rules_a_client_out() -> None:
    found = judge([AGE_60, VETERAN], known(BORN_1988))
    assert found.outcome is Outcome.NOT
    assert found.questions == ()


def test_anything_not_known_makes_it_maybe_and_names_the_question() -> None:
    found = judge([VETERAN], known(BORN_1988))
    assert found.outcome is Outcome.MAYBE
    assert found.questions == ("Is the client a veteran?",)


def test_a_client_who_meets_everything_is_eligible() -> None:
    profile = replace(BORN_1988, birth_date=date(1950, 1, 1), veteran=True)
    assert judge([AGE_60, VETERAN], known(profile)).outcome is Outcome.ELIGIBLE


def test_a_service_without_conditions_is_for_everybody() -> None:
    assert judge([], known()).outcome is Outcome.ELIGIBLE


def test_what_was_only_inferred_never_rules_out_but_must_be_checked() -> None:
    inferred = replace(AGE_60, source=Source.INFERRED, quote="Seniors 60+")
    found = judge([inferred], known(BORN_1988))
    assert found.outcome is Outcome.MAYBE
    assert "Seniors 60+" in found.questions[0]


def test_what_is_only_preferred_never_rules_out() -> None:
    preferred = replace(AGE_60, required=False)
    assert judge([preferred], known(BORN_1988)).outcome is Outcome.ELIGIBLE


@pytest.mark.parametrize(
    ("born", "day", "months"),
    [
        (date(2000, 11, 30), DAY, 312),
        (date(2000, 12, 1), DAY, 311),
        (date(2004, 2, 29), date(2025, 2, 28), 251),
        (date(2004, 2, 29), date(2025, 3, 1), 252),
        (date(2026, 11, 30), DAY, 0),
        (date(2026, 12, 1), DAY, None),
        (None, DAY, None),
    ],
)
def test_an_age_is_counted_in_whole_months(
    born: date | None, day: date, months: int | None
) -> None:
    assert age_in_months(born, day) == months


def test_both_ends_of_an_age_belong_to_it() -> None:
    seventeen = Profile(birth_date=date(2008, 12, 1))
    eighteen = Profile(birth_date=date(2008, 11, 30))
    assert met(Kind.AGE, Operator.BETWEEN, 12, 17, of=seventeen) is True
    assert met(Kind.AGE, Operator.BETWEEN, 12, 17, of=eighteen) is False
    assert met(Kind.AGE, Operator.BETWEEN, 18, None, of=eighteen) is True
    assert met(Kind.AGE, Operator.BETWEEN, 18, None, of=seventeen) is False


def test_a_part_of_a_year_counts_for_small_children() -> None:
    seven_months = Profile(birth_date=date(2026, 4, 30))
    assert met(Kind.AGE, Operator.BETWEEN, 0.5, 5, of=seven_months) is True
    assert met(Kind.AGE, Operator.BETWEEN, 0.75, 5, of=seven_months) is False


@pytest.mark.parametrize(
    ("area", "said"),
    [
        (COOK, True),
        ("county:IL:lake county", False),
        ("zip:60608", True),
        ("zip:60609", False),
        ("state:IL", True),
        ("state:WI", False),
        ("nation:US", True),
        ("circle:41.85,-87.67,1", True),
        ("circle:41.95,-87.67,1", None),
        ("circle:43.85,-87.67,10", False),
        ("named:Northern Illinois", None),
        ("circle:here", None),
        ("nowhere", None),
    ],
)
def test_where_a_client_lives_is_held_against_each_kind_of_area(
    area: str, said: bool | None
) -> None:
    home = Profile(zip="60608")
    assert met(Kind.RESIDENCE, Operator.ONE_OF, area, of=home) is said
    assert met(Kind.RESIDENCE, Operator.ONE_OF, area, of=Profile()) is None


def test_one_of_several_areas_is_enough_and_a_named_one_keeps_it_open() -> None:
    home = Profile(zip="60608")
    assert met(Kind.RESIDENCE, Operator.ONE_OF, "zip:60609", COOK, of=home) is True
    assert met(Kind.RESIDENCE, Operator.ONE_OF, "zip:60609", "named:Pilsen", of=home) is None


def test_an_income_is_held_against_the_guideline_for_the_household() -> None:
    four = Profile(income=1_900, household_size=4, state="IL")
    assert met(Kind.INCOME, Operator.AT_MOST, 100, 2026, of=four) is True
    assert met(Kind.INCOME, Operator.AT_MOST, 50, 2026, of=four) is False
    alone = answer(
        Criterion(Kind.INCOME, Operator.AT_MOST, (100, 2026)),
        known(replace(four, household_size=None)),
    )
    assert (alone.met, alone.question) == (None, "How many people live in the household?")


@pytest.mark.parametrize(
    ("kind", "field"),
    [
        (Kind.VETERAN, "veteran"),
        (Kind.DISABILITY, "disability"),
        (Kind.PREGNANCY, "pregnant"),
        (Kind.STUDENT, "student"),
    ],
)
def test_a_question_nobody_asked_stays_open(kind: Kind, field: str) -> None:
    assert met(kind, Operator.IS, True, of=Profile()) is None
    assert met(kind, Operator.IS, True, of=Profile(**{field: True})) is True
    assert met(kind, Operator.IS, True, of=Profile(**{field: False})) is False


def test_households_are_known_by_size_and_children() -> None:
    family = Profile(household_size=4, children=2)
    assert met(Kind.HOUSEHOLD, Operator.BETWEEN, 2, None, of=family) is True
    assert met(Kind.HOUSEHOLD, Operator.BETWEEN, None, 3, of=family) is False
    assert met(Kind.HOUSEHOLD, Operator.IS, "children", of=family) is True
    assert met(Kind.HOUSEHOLD, Operator.IS, False, of=family) is False
    assert met(Kind.HOUSEHOLD, Operator.IS, "children", of=Profile(household_size=4)) is None


@pytest.mark.parametrize(
    ("gender", "said"),
    [("Woman", True), ("f", True), ("man", False), ("nonbinary", None), ("", None)],
)
def test_only_a_gender_that_is_understood_is_held_against_one(
    gender: str, said: bool | None
) -> None:
    assert met(Kind.GENDER, Operator.ONE_OF, "women", of=Profile(gender=gender)) is said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Medicaid (CountyCare)", True),
        ("Medicare", False),
        ("uninsured", False),
        ("no insurance", False),
        ("Lost Medicaid in May", None),
        ("card from work", None),
        ("", None),
    ],
)
def test_only_an_insurance_that_is_understood_is_held_against_one(
    text: str, said: bool | None
) -> None:
    assert met(Kind.INSURANCE, Operator.ONE_OF, "medicaid", of=Profile(insurance=text)) is said


def test_papers_are_at_hand_or_must_be_asked_for_but_are_never_missing() -> None:
    photo = (Kind.DOCUMENTS, Operator.ALL_OF, "Photo ID")
    assert met(*photo, of=Profile(documents="Birth certificate; photo ID")) is True
    assert met(*photo, of=Profile(documents="Birth certificate")) is None
    assert met(*photo, of=Profile(documents="No photo ID")) is None
    assert met(*photo, of=Profile()) is None


def test_languages_go_by_name() -> None:
    spanish = known(languages=frozenset({"spanish"}))
    assert met(Kind.LANGUAGE, Operator.ONE_OF, "Spanish", of=spanish) is True
    assert met(Kind.LANGUAGE, Operator.ONE_OF, "Polish", of=spanish) is False
    assert met(Kind.LANGUAGE, Operator.ONE_OF, "Polish", of=known()) is None


def test_who_sends_a_referral_fulfils_that_one_is_needed() -> None:
    assert met(Kind.REFERRAL, Operator.IS, True, of=Profile()) is True


def test_a_text_is_for_people_to_judge() -> None:
    found = answer(Criterion(Kind.OTHER, Operator.READ, (), quote="Renters"), known())
    assert (found.met, found.question) == (None, "Does this fit the client? “Renters”")


@pytest.mark.parametrize(
    "criterion",
    [
        Criterion(Kind.AGE, Operator.IS, (True,)),
        Criterion(Kind.AGE, Operator.BETWEEN, ("x", None)),
        Criterion(Kind.AGE, Operator.BETWEEN, (1,)),
        Criterion(Kind.INCOME, Operator.AT_MOST, (100, 1875)),
        Criterion(Kind.RESIDENCE, Operator.ONE_OF, ()),
        Criterion(Kind.VETERAN, Operator.IS, ("yes",)),
    ],
)
def test_a_condition_that_cannot_be_read_is_not_known(criterion: Criterion) -> None:
    full = known(Profile(birth_date=date(1950, 1, 1), veteran=True, zip="60608", income=1))
    assert not is_sound(criterion)
    assert answer(criterion, full).met is None
    assert criterion_words(criterion)


def test_of_one_kind_only_the_most_trusted_source_counts() -> None:
    listed = replace(AGE_60, source=Source.IMPORTED)
    read = replace(VETERAN, source=Source.INFERRED)
    text = Criterion(Kind.OTHER, Operator.READ, (), source=Source.IMPORTED, quote="x")
    assert combined([], [listed], [replace(AGE_60, values=(1, 2)), read, text]) == (
        listed, read, text,
    )  # fmt: skip


def test_where_an_agency_has_spoken_nothing_is_read_into_the_text() -> None:
    read = replace(VETERAN, source=Source.INFERRED)
    text = Criterion(Kind.OTHER, Operator.READ, (), source=Source.IMPORTED, quote="x")
    assert combined([AGE_60], [read, text]) == (AGE_60,)


PROFILES = st.builds(
    Profile,
    birth_date=st.dates(date(1930, 1, 1), DAY),
    gender=st.sampled_from(["woman", "man", "nonbinary"]),
    state=st.just("IL"),
    zip=st.just(CHICAGO.zip),
    household_size=st.integers(1, 9),
    children=st.integers(0, 5),
    veteran=st.booleans(),
    student=st.booleans(),
    pregnant=st.booleans(),
    disability=st.booleans(),
    income=st.integers(0, 9_000),
    insurance=st.sampled_from(["Medicaid", "Medicare", "none", "something"]),
    documents=st.sampled_from(["photo id", "lease"]),
)
BLANKS = st.sets(st.sampled_from([each.name for each in fields(Profile)]))
EMPTY = Profile()
_ENDS = st.tuples(st.none() | st.integers(0, 90), st.none() | st.integers(0, 90))
_VALUES: dict[Kind, st.SearchStrategy[tuple[Operator, tuple[Any, ...]]]] = {
    Kind.AGE: _ENDS.map(lambda v: (Operator.BETWEEN, v)),
    Kind.HOUSEHOLD: st.one_of(
        _ENDS.map(lambda v: (Operator.BETWEEN, v)),
        st.sampled_from(["children", False]).map(lambda v: (Operator.IS, (v,))),
    ),
    Kind.RESIDENCE: st.lists(
        st.sampled_from([COOK, "zip:60609", "state:WI", "named:Pilsen", "circle:42.0,-87.7,5"]),
        min_size=1, max_size=3,
    ).map(lambda v: (Operator.ONE_OF, tuple(v))),
    Kind.INCOME: st.integers(10, 400).map(lambda v: (Operator.AT_MOST, (v, 2026))),
    Kind.GENDER: st.just((Operator.ONE_OF, ("women",))),
    Kind.INSURANCE: st.sampled_from(["medicaid", "none", "any"]).map(
        lambda v: (Operator.ONE_OF, (v,))
    ),
    Kind.DOCUMENTS: st.just((Operator.ALL_OF, ("Photo ID",))),
    Kind.LANGUAGE: st.just((Operator.ONE_OF, ("Spanish",))),
    Kind.OTHER: st.just((Operator.READ, ())),
}  # fmt: skip
_YES_OR_NO = st.booleans().map(lambda v: (Operator.IS, (v,)))


@st.composite
def criteria(draw: st.DrawFn) -> Criterion:
    kind = draw(st.sampled_from(Kind))
    operator, values = draw(_VALUES.get(kind, _YES_OR_NO))
    return Criterion(
        kind, operator, values, draw(st.booleans()), draw(st.sampled_from(Source)), "quote"
    )


def blanked(profile: Profile, names: set[str]) -> Profile:
    return replace(profile, **{name: getattr(EMPTY, name) for name in names})


@given(st.lists(criteria(), max_size=6), PROFILES, BLANKS)
def test_knowing_more_never_turns_a_settled_answer_around(
    conditions: list[Criterion], profile: Profile, names: set[str]
) -> None:
    speaks = frozenset({"spanish"})
    less = known(blanked(profile, names), languages=frozenset() if names else speaks)
    before, after = judge(conditions, less), judge(conditions, known(profile, languages=speaks))
    for one, other in zip(before.answers, after.answers, strict=True):
        assert one.met in (None, other.met)
    if before.outcome is not Outcome.MAYBE:
        assert after.outcome is before.outcome


@given(st.lists(criteria(), max_size=6), PROFILES, BLANKS)
def test_only_what_is_required_and_stated_ever_rules_out(
    conditions: list[Criterion], profile: Profile, names: set[str]
) -> None:
    soft = [each for each in conditions if not each.required or each.source is Source.INFERRED]
    assert judge(soft, known(blanked(profile, names))).outcome is not Outcome.NOT


@given(st.lists(criteria(), max_size=6), criteria(), PROFILES, BLANKS)
def test_one_more_condition_never_makes_it_easier(
    conditions: list[Criterion], more: Criterion, profile: Profile, names: set[str]
) -> None:
    order = [Outcome.NOT, Outcome.MAYBE, Outcome.ELIGIBLE]
    about = known(blanked(profile, names))
    before, after = judge(conditions, about), judge([*conditions, more], about)
    assert order.index(after.outcome) <= order.index(before.outcome)


@given(st.lists(criteria(), min_size=1, max_size=6), PROFILES, BLANKS)
def test_whatever_is_open_has_a_question_and_nothing_else_has(
    conditions: list[Criterion], profile: Profile, names: set[str]
) -> None:
    found = judge(conditions, known(blanked(profile, names)))
    assert bool(found.questions) is (found.outcome is Outcome.MAYBE)
    for each in found.answers:
        assert bool(each.question) or not each.is_open
        assert criterion_words(each.criterion)


def test_every_kind_has_operators() -> None:
    assert set(OPERATORS) == set(Kind)
