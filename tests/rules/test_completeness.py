"""The score of a listing says what is missing, and why that matters."""

from referral_hub.rules.completeness import FACTS, Part, completeness
from referral_hub.rules.listing_sections import section_of


def test_all_facts_make_a_hundred_and_none_makes_nothing() -> None:
    assert completeness(set(Part)).score == 100
    assert completeness(set(Part)).missing == ()
    nothing = completeness(())
    assert nothing.score == 0
    assert len(nothing.missing) == len(Part)


def test_what_matters_most_is_named_first() -> None:
    weights = [fact.weight for fact in completeness(()).missing]
    assert weights == sorted(weights, reverse=True)


def test_each_fact_is_told_once_with_its_reason_and_a_form_to_add_it() -> None:
    assert sorted(fact.part for fact in FACTS) == sorted(Part)
    for fact in FACTS:
        assert fact.add
        assert fact.why
        assert section_of("service", fact.section) is not None


def test_a_fact_adds_its_weight() -> None:
    (hours,) = (fact for fact in FACTS if fact.part is Part.HOURS)
    assert completeness({Part.HOURS}).score == hours.weight
