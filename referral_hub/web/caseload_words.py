"""How caseloads read on a page."""

from datetime import date

from flask import Flask

from referral_hub.rules.caseload_weights import PLACE_LABEL, Place, equity_in_words
from referral_hub.rules.projection import Staffing
from referral_hub.web.presentation import counted, date_in_words


def place_label(place: Place) -> str:
    """Where a load lies against the band."""
    return PLACE_LABEL[place]


def staffing_in_words(expected: Staffing, high: Staffing | None, day: date) -> str:
    """How many workers keep the band by a day."""
    said = f"By {date_in_words(day)} about {expected.points:.0f} points are to be carried: "
    if expected.most > expected.fewest:
        said += f"{expected.fewest} to {expected.most} workers keep the band."
    elif expected.most == expected.fewest:
        said += f"{counted(expected.fewest, 'worker keeps', 'workers keep')} the band."
    else:
        said += f"{counted(expected.fewest, 'worker is', 'workers are')} enough, and have room."
    if high is not None and high.fewest > expected.fewest:
        said += f" If it comes to the high end, at least {high.fewest}."
    return said


def register_caseload_words(app: Flask) -> None:
    """Give templates these words."""
    for function in (equity_in_words, place_label, staffing_in_words):
        app.add_template_global(function)
