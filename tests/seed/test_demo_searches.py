"""The demo's searches: counted as the hub counts them, with needs that are often asked in vain."""

from collections import Counter
from datetime import date

from referral_hub.rules.search_counts import RESULT_BANDS
from referral_hub.vocabulary import needs
from seed.demo_searches import AREAS, DAYS, WANTED, demo_searches

TODAY = date(2026, 11, 18)


def test_they_are_of_needs_there_are_and_of_days_that_are_over() -> None:
    cells = demo_searches(TODAY)
    assert {cell.term for cell in cells} == set(WANTED) <= set(needs())
    assert {cell.area for cell in cells} == set(AREAS)
    assert {cell.band for cell in cells} == set(RESULT_BANDS)
    assert all(0 < (TODAY - cell.day).days <= DAYS for cell in cells)


def test_they_are_the_same_each_time() -> None:
    assert demo_searches(TODAY) == demo_searches(TODAY)


def test_what_is_rare_is_asked_for_in_vain_more_often() -> None:
    asked: Counter[str] = Counter()
    vain: Counter[str] = Counter()
    for cell, searches in demo_searches(TODAY).items():
        asked[cell.term] += searches
        vain[cell.term] += searches * (cell.band == RESULT_BANDS[0])
    share = {term: vain[term] / asked[term] for term in asked}
    assert share["health.substance.detox"] > 0.4 > 0.1 > share["housing.keep.rent-assistance"]
