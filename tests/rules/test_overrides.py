"""Sharing without consent: where no ground could hold, no reason opens anything."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from referral_hub.rules.consent import ALWAYS, Category
from referral_hub.rules.errors import ConsentMissing, InvalidInput
from referral_hub.rules.overrides import MOST_REASON, OVERRIDABLE, check_override

DANGER = "She is not breathing well and cannot answer."


def test_danger_opens_what_helps() -> None:
    check_override(OVERRIDABLE, DANGER, of_victim_services=False)
    assert ALWAYS <= OVERRIDABLE


@pytest.mark.parametrize("category", [Category.SUBSTANCE_USE, Category.EDUCATION_RECORDS])
def test_some_things_no_danger_opens(category: Category) -> None:
    with pytest.raises(ConsentMissing) as raised:
        check_override(ALWAYS | {category}, DANGER, of_victim_services=False)
    assert set(raised.value.fields) == {"categories"}


def test_victim_services_never_share_without_consent() -> None:
    with pytest.raises(ConsentMissing, match="34 USC 12291"):
        check_override(ALWAYS, DANGER, of_victim_services=True)


@pytest.mark.parametrize("reason", ["", " \t", "a" * (MOST_REASON + 1)])
def test_a_reason_must_be_given(reason: str) -> None:
    with pytest.raises(InvalidInput) as raised:
        check_override(ALWAYS, reason, of_victim_services=False)
    assert set(raised.value.fields) == {"override_reason"}


@given(st.frozensets(st.sampled_from(Category)), st.text(max_size=20), st.booleans())
def test_nothing_else_is_ever_opened(
    categories: frozenset[Category], reason: str, of_victim_services: bool
) -> None:
    try:
        check_override(categories, reason, of_victim_services=of_victim_services)
    except (ConsentMissing, InvalidInput):
        return
    assert categories <= OVERRIDABLE
    assert reason.strip()
    assert not of_victim_services
