"""How caseloads read on a page."""

from datetime import date

import pytest

from referral_hub.rules.projection import Staffing
from referral_hub.web.caseload_words import staffing_in_words

DAY = date(2027, 1, 25)


@pytest.mark.parametrize(
    ("expected", "high", "words"),
    [
        (Staffing(300, 2, 3), Staffing(320, 3, 3),
         "2 to 3 workers keep the band. If it comes to the high end, at least 3."),
        (Staffing(150, 1, 1), Staffing(150, 1, 1), "1 worker keeps the band."),
        (Staffing(156, 2, 1), None, "2 workers are enough, and have room."),
        (Staffing(0, 0, 0), None, "0 workers keep the band."),
    ],
)  # fmt: skip
def test_how_many_workers_keep_the_band_is_said_in_a_sentence(
    expected: Staffing, high: Staffing | None, words: str
) -> None:
    said = staffing_in_words(expected, high, DAY)
    assert said.startswith(f"By January 25, 2027 about {expected.points:.0f} points")
    assert said.endswith(words)
