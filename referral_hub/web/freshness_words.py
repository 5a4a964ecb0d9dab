"""How the freshness of listings, their room and their corrections read on a page."""

from collections.abc import Iterable
from datetime import date

from flask import Flask, g

from referral_hub.rules.capacity import STATE_LABEL, STATE_MEANING, CapacityState, in_numbers
from referral_hub.rules.corrections import (
    FIELD_LABEL,
    ORIGIN_LABEL,
    REFUSAL_LABEL,
    ListingField,
    Origin,
    Refusal,
)
from referral_hub.rules.listing_asks import REASON_WORDS, AskReason
from referral_hub.rules.listing_freshness import ReviewTerms, is_stale, is_stale_after
from referral_hub.use_cases.steps.capacity import population_labels
from referral_hub.use_cases.verify_listing import review_intervals
from referral_hub.web.hub import actor, session
from referral_hub.web.presentation import date_in_words


def not_confirmed(verified_on: date | None, codes: Iterable[str], today: date) -> str:
    """Such as "Not confirmed since May 31, 2026", for a listing that is stale; else empty."""
    if verified_on is None or not is_stale(verified_on, codes, _terms(), today):
        return ""
    return f"Not confirmed since {date_in_words(verified_on)}"


def part_not_confirmed(verified_on: date | None, table: str, today: date) -> str:
    """The same of an organization or a location."""
    between = _terms().of(table)
    if verified_on is None or not is_stale_after(verified_on, between, today):
        return ""
    return f"Not confirmed since {date_in_words(verified_on)}"


def capacity_states() -> tuple[tuple[CapacityState, str, str], ...]:
    """The four states with their labels and meanings, the openest first."""
    return tuple((state, STATE_LABEL[state], STATE_MEANING[state]) for state in CapacityState)


def capacity_label(state: CapacityState) -> str:
    """A state in words."""
    return STATE_LABEL[state]


def population_label(code: str) -> str:
    """A kind of people in words."""
    return population_labels().get(code, code)


def ask_words(reason: AskReason) -> str:
    """Why an agency is asked."""
    return REASON_WORDS[reason]


def listing_field_label(field: ListingField) -> str:
    """What of a listing is wrong, in words."""
    return FIELD_LABEL[field]


def listing_field_choices() -> tuple[tuple[str, str], ...]:
    """What can be wrong in a listing, to choose from."""
    return tuple((field.value, label) for field, label in FIELD_LABEL.items())


def origin_words(origin: Origin) -> str:
    """Where a proposal comes from."""
    return ORIGIN_LABEL[origin]


def refusal_choices() -> tuple[tuple[str, str], ...]:
    """Why a proposal may be refused, to choose from."""
    return tuple((reason.value, REFUSAL_LABEL[reason]) for reason in Refusal)


def register_freshness_words(app: Flask) -> None:
    """Give templates these words."""
    app.add_template_filter(not_confirmed)
    app.add_template_filter(part_not_confirmed)
    for function in (
        capacity_states, capacity_label, in_numbers, population_label, ask_words,
        listing_field_label, listing_field_choices, origin_words, refusal_choices,
    ):  # fmt: skip
        app.add_template_global(function)


def _terms() -> ReviewTerms:
    """How often this network confirms listings; asked once a request, where something is shown."""
    if "review_terms" not in g:
        g.review_terms = review_intervals(session(), actor())
    found: ReviewTerms = g.review_terms
    return found
