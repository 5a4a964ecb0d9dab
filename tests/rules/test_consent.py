"""What a consent must say, when it counts, and what it opens."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from referral_hub.rules.consent import (
    ALWAYS,
    EDUCATION_NOTICE,
    LABEL,
    METHOD_LABEL,
    NOTICE,
    OVERRIDE_NOTICE,
    PART_2_NOTICE,
    SENSITIVE,
    Category,
    ConsentState,
    ConsentTerms,
    Method,
    RevokedBy,
    Signer,
    counts,
    covers,
    may_forward,
    notices_for,
    require_cover,
    state_of,
)
from referral_hub.rules.consent_checks import LONGEST, MOST_WORDS, check_terms
from referral_hub.rules.consent_words import EXPLAINED, REVOKED_BY_LABEL, SIGNER_LABEL
from referral_hub.rules.errors import ConsentMissing, InvalidInput

NOW = datetime(2026, 11, 30, 16, 0, tzinfo=UTC)
YEAR = timedelta(days=365)
AGENCY, OTHER, WITNESS = UUID(int=1), UUID(int=2), UUID(int=3)
AGENCIES = [UUID(int=number) for number in range(1, 6)]
A_CONSENT = ConsentTerms(
    purpose="To find a home",
    categories=ALWAYS,
    recipients=frozenset({AGENCY}),
    method=Method.SIGNED_ON_PAPER,
    given_at=NOW - timedelta(days=1),
    expires_at=NOW + YEAR,
)


def terms(**changes: Any) -> ConsentTerms:
    return replace(A_CONSENT, **changes)


def faults(asked: ConsentTerms, *, of_victim_services: bool = False) -> set[str]:
    try:
        check_terms(asked, of_victim_services=of_victim_services, now=NOW)
    except InvalidInput as error:
        return {name for name, message in error.fields.items() if message.endswith((".", ")."))}
    return set()


def some(*categories: Category) -> frozenset[Category]:
    return ALWAYS | frozenset(categories)


def test_a_plain_consent_can_be_recorded() -> None:
    assert faults(A_CONSENT) == set()
    assert faults(terms(expires_at=None)) == set()
    assert faults(terms(recipients=frozenset(), any_partner=True)) == set()
    assert faults(terms(given_at=NOW)) == set()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"purpose": " \n"}, "purpose"),
        ({"purpose": "a" * (MOST_WORDS + 1)}, "purpose"),
        ({"categories": frozenset()}, "categories"),
        ({"recipients": frozenset()}, "recipients"),
        ({"forwarders": frozenset({OTHER})}, "forwarders"),
        ({"given_at": NOW + timedelta(seconds=1)}, "given_at"),
        ({"expires_at": NOW}, "expires_at"),
        ({"expires_at": NOW - timedelta(days=2)}, "expires_at"),
        ({"expires_at": A_CONSENT.given_at + LONGEST + timedelta(seconds=1)}, "expires_at"),
        ({"method": Method.VERBAL_WITH_WITNESS}, "witness"),
        ({"witness_id": WITNESS}, "witness"),
        ({"signer": Signer.GUARDIAN}, "signer_basis"),
        ({"signer": Signer.REPRESENTATIVE, "signer_basis": "  "}, "signer_basis"),
        ({"signer": Signer.GUARDIAN, "signer_basis": "a" * (MOST_WORDS + 1)}, "signer_basis"),
        ({"language": ""}, "language"),
        ({"language": "English"}, "language"),
    ],
)
def test_what_is_missing_or_wrong_is_named(changes: dict[str, Any], field: str) -> None:
    assert faults(terms(**changes)) == {field}


def test_the_longest_end_is_three_years() -> None:
    assert faults(terms(expires_at=A_CONSENT.given_at + LONGEST)) == set()


def test_all_faults_are_named_at_once() -> None:
    wrong = terms(
        purpose="", categories=frozenset(), recipients=frozenset(),
        given_at=NOW + YEAR, expires_at=NOW, method=Method.VERBAL_WITH_WITNESS,
    )  # fmt: skip
    assert faults(wrong) == {
        "purpose", "categories", "recipients", "given_at", "expires_at", "witness",
    }  # fmt: skip


@pytest.mark.parametrize("category", [Category.SUBSTANCE_USE, Category.EDUCATION_RECORDS])
def test_where_the_law_asks_for_it_a_signature_and_an_end_are_needed(category: Category) -> None:
    strict = terms(categories=some(category))
    spoken = {"method": Method.VERBAL_WITH_WITNESS, "witness_id": WITNESS}
    assert faults(strict) == set()
    assert faults(replace(strict, method=Method.SIGNED_ELECTRONICALLY)) == set()
    assert faults(replace(strict, **spoken)) == {"method"}
    assert faults(replace(strict, expires_at=None)) == {"expires_at"}
    assert faults(replace(strict, **spoken, expires_at=None)) == {"method", "expires_at"}


@pytest.mark.parametrize(
    "category", sorted(set(Category) - {Category.SUBSTANCE_USE, Category.EDUCATION_RECORDS})
)
def test_all_else_can_be_agreed_in_words_and_without_an_end(category: Category) -> None:
    spoken = terms(
        categories=some(category), method=Method.VERBAL_WITH_WITNESS, witness_id=WITNESS,
        expires_at=None,
    )  # fmt: skip
    assert faults(spoken) == set()
    assert faults(spoken, of_victim_services=True) == {"method", "expires_at"}


def test_substance_use_and_clients_of_victim_services_go_to_named_agencies_only() -> None:
    wide = terms(recipients=frozenset(), any_partner=True)
    assert faults(replace(wide, categories=some(Category.SUBSTANCE_USE))) == {"recipients"}
    assert faults(replace(wide, categories=some(Category.EDUCATION_RECORDS))) == set()
    assert faults(wide, of_victim_services=True) == {"recipients"}


def test_the_rule_that_asks_for_more_is_cited() -> None:
    strict = terms(categories=some(Category.SUBSTANCE_USE), expires_at=None)
    with pytest.raises(InvalidInput) as raised:
        check_terms(strict, of_victim_services=True, now=NOW)
    assert "42 CFR 2.31, 34 USC 12291" in raised.value.fields["expires_at"]


def test_a_consent_counts_from_its_beginning_until_its_end() -> None:
    a_moment = timedelta(microseconds=1)
    given_at, expires_at = A_CONSENT.given_at, NOW + YEAR
    states = {
        given_at - a_moment: ConsentState.TO_COME,
        given_at: ConsentState.IN_FORCE,
        expires_at - a_moment: ConsentState.IN_FORCE,
        expires_at: ConsentState.OVER,
    }
    assert {at: state_of(A_CONSENT, at) for at in states} == states
    taken_back = terms(revoked_at=NOW)
    assert counts(taken_back, NOW - a_moment)
    assert state_of(taken_back, NOW) is ConsentState.TAKEN_BACK
    assert state_of(taken_back, expires_at + YEAR) is ConsentState.TAKEN_BACK
    assert counts(terms(expires_at=None), NOW + 100 * YEAR)


@pytest.mark.parametrize(
    ("changes", "recipient", "categories", "field", "said"),
    [
        ({"revoked_at": NOW}, AGENCY, ALWAYS, "consent", "taken back"),
        ({"expires_at": NOW}, AGENCY, ALWAYS, "consent", "is over"),
        ({"given_at": NOW + YEAR}, AGENCY, ALWAYS, "consent", "not begun"),
        ({}, OTHER, ALWAYS, "consent", "does not name this agency"),
        ({}, AGENCY, some(Category.LEGAL, Category.HEALTH), "categories", "health, legal matters."),
    ],
)
def test_what_consent_lacks_is_said(
    changes: dict[str, Any], recipient: UUID, categories: frozenset[Category], field: str, said: str
) -> None:
    with pytest.raises(ConsentMissing) as raised:
        require_cover(terms(**changes), recipient, categories, NOW)
    assert set(raised.value.fields) == {field}
    assert said in raised.value.message


def test_without_any_consent_nothing_is_covered() -> None:
    with pytest.raises(ConsentMissing) as raised:
        require_cover(None, AGENCY, ALWAYS, NOW)
    assert set(raised.value.fields) == {"consent"}


def test_only_who_is_named_for_it_passes_things_on() -> None:
    both = terms(recipients=frozenset({AGENCY, OTHER}), forwarders=frozenset({OTHER}))
    assert may_forward(both, OTHER, NOW)
    assert not may_forward(both, AGENCY, NOW)
    assert not may_forward(replace(both, revoked_at=NOW), OTHER, NOW)
    assert not may_forward(terms(any_partner=True), AGENCY, NOW)


def test_notices_go_with_what_they_are_about() -> None:
    assert notices_for(ALWAYS) == (NOTICE,)
    assert notices_for(some(Category.SUBSTANCE_USE)) == (NOTICE, PART_2_NOTICE)
    assert notices_for(some(Category.EDUCATION_RECORDS)) == (NOTICE, EDUCATION_NOTICE)
    assert notices_for(ALWAYS, overridden=True) == (NOTICE, OVERRIDE_NOTICE)


def test_everything_has_words() -> None:
    assert set(LABEL) == set(Category)
    assert set(METHOD_LABEL) == set(Method)
    assert set(SIGNER_LABEL) == set(Signer)
    assert set(REVOKED_BY_LABEL) == set(RevokedBy)
    assert set(EXPLAINED) == SENSITIVE


moments = st.integers(-800, 800).map(lambda days: NOW + timedelta(days=days))
categories_of = st.frozensets(st.sampled_from(Category))
agencies_of = st.frozensets(st.sampled_from(AGENCIES))
any_terms = st.builds(
    ConsentTerms,
    purpose=st.text(max_size=5),
    categories=categories_of,
    recipients=agencies_of,
    method=st.sampled_from(Method),
    given_at=moments,
    expires_at=st.none() | moments,
    any_partner=st.booleans(),
    forwarders=agencies_of,
    signer=st.sampled_from(Signer),
    signer_basis=st.text(max_size=3),
    witness_id=st.none() | st.just(WITNESS),
    language=st.sampled_from(["en", "es", "?"]),
    revoked_at=st.none() | moments,
)


def opened(asked: ConsentTerms, at: datetime) -> set[tuple[UUID, Category]]:
    """All that a consent lets out at a moment."""
    return {
        (agency, category)
        for agency in AGENCIES
        for category in Category
        if covers(asked, agency, {category}, at)
    }


@given(any_terms, categories_of, agencies_of, moments)
def test_fewer_categories_or_recipients_never_open_more(
    asked: ConsentTerms, dropped: frozenset[Category], left_out: frozenset[UUID], at: datetime
) -> None:
    narrower = replace(
        asked,
        categories=asked.categories - dropped,
        recipients=asked.recipients - left_out,
        any_partner=False,
    )
    assert opened(narrower, at) <= opened(asked, at)


@given(any_terms, moments, moments)
def test_what_is_taken_back_or_over_opens_nothing(
    asked: ConsentTerms, end: datetime, at: datetime
) -> None:
    if at < end:
        return
    assert opened(replace(asked, revoked_at=end), at) == set()
    assert opened(replace(asked, expires_at=end), at) == set()


@given(any_terms, moments, moments)
def test_taking_back_never_opens_anything(
    asked: ConsentTerms, revoked_at: datetime, at: datetime
) -> None:
    if asked.revoked_at is None:
        assert opened(replace(asked, revoked_at=revoked_at), at) <= opened(asked, at)


@given(any_terms, categories_of, st.sampled_from(AGENCIES), moments)
def test_a_consent_covers_all_of_what_is_asked_or_says_what_is_lacking(
    asked: ConsentTerms, wanted: frozenset[Category], agency: UUID, at: datetime
) -> None:
    together = covers(asked, agency, wanted, at)
    if wanted:
        assert together == all(covers(asked, agency, {each}, at) for each in wanted)
    if together:
        require_cover(asked, agency, wanted, at)
        return
    with pytest.raises(ConsentMissing) as raised:
        require_cover(asked, agency, wanted, at)
    assert raised.value.fields


@given(any_terms, st.booleans())
def test_what_can_be_recorded_keeps_the_rules_of_its_categories(
    asked: ConsentTerms, of_victim_services: bool
) -> None:
    if faults(asked, of_victim_services=of_victim_services):
        return
    strict = {Category.SUBSTANCE_USE, Category.EDUCATION_RECORDS} & asked.categories
    if strict or of_victim_services:
        assert asked.method is not Method.VERBAL_WITH_WITNESS
        assert asked.expires_at is not None
    assert _is_whole(asked)


def _is_whole(asked: ConsentTerms) -> Iterable[object]:
    return (
        asked.categories
        and (asked.recipients or asked.any_partner)
        and asked.given_at <= NOW
        and (asked.expires_at is None or asked.expires_at > NOW)
        and (asked.witness_id is not None) == (asked.method is Method.VERBAL_WITH_WITNESS)
    )


def test_an_agency_that_nobody_knows_gets_nothing() -> None:
    assert not covers(A_CONSENT, uuid4(), ALWAYS, NOW)
