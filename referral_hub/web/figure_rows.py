"""Figures as the rows of files: the numbers of the pages."""

from collections.abc import Iterator

from referral_hub.formats.figure_files import Cell, rate_cells
from referral_hub.rules.figure_list_words import behind_words
from referral_hub.rules.figure_words import MEASURE_LABEL, STAGE_LABEL, STANDING_LABEL
from referral_hub.rules.improvements import last_day_of
from referral_hub.use_cases.figure_views import (
    Comparison,
    Frame,
    Overview,
    TakenReferral,
    TakenReferrals,
)
from referral_hub.use_cases.improvement_views import TakenSeries
from referral_hub.web.figure_words import filter_words, last_day

Row = tuple[Cell, ...]
_NO_RATE: Row = (None,) * 8


def figure_rows(found: Overview) -> Iterator[Row]:
    """A row for each number: measures, where referrals stand, how far they came, and months."""
    head = asked_cells(found.frame)
    yield (*head, "sent", "", "Sent", found.sent, *_NO_RATE)
    for measure, rate in found.rates.items():
        yield (*head, "figure", measure.value, MEASURE_LABEL[measure], None, *rate_cells(rate))
    for standing, number in found.standings.items():
        yield (*head, "standing", standing.value, STANDING_LABEL[standing], number, *_NO_RATE)
    for stage, number in found.stages.items():
        yield (*head, "stage", stage.value, STAGE_LABEL[stage], number, *_NO_RATE)
    for period in found.months:
        for measure, rate in period.rates.items():
            label = MEASURE_LABEL[measure]
            day = period.begins.isoformat()
            yield (*head, f"month:{measure.value}", day, label, None, *rate_cells(rate))


def comparison_rows(found: Comparison) -> Iterator[Row]:
    """A row for each figure of each group."""
    head = asked_cells(found.frame)
    for group in found.groups:
        for measure, rate in group.rates.items():
            place = group.positions.get(measure)
            yield (
                *head, found.by.value, group.key, group.label, group.sent, measure.value,
                *rate_cells(rate), place.value if place else "",
            )  # fmt: skip


def referral_rows(found: TakenReferrals) -> Iterator[Row]:
    """A row for each referral. What is open is so whenever it was sent: it is of no days."""
    since, until, *rest = asked_cells(found.frame, behind_words(found.behind))
    days = (None, None) if found.behind.is_whenever_sent else (since, until)
    return ((*days, *rest, *_referral(each)) for each in found.referrals)


def _referral(each: TakenReferral) -> Row:
    return (
        str(each.id), each.side, each.from_agency, each.to_agency, each.need, each.service,
        each.priority, each.status, each.first_sent_at, each.status_since, each.due_at, each.worker,
    )  # fmt: skip


def asked_cells(frame: Frame, *told: str) -> Row:
    """What was asked, in the order of `ASKED_COLUMNS`; `told` are more conditions, in words."""
    query = frame.query
    filters = [*told, *(f"{label}: {words}" for label, words in filter_words(frame)[1:])]
    days = (query.since.isoformat(), last_day(query).isoformat())
    return (*days, frame.as_of, frame.whose.name, "; ".join(filters))


def series_asked(taken: TakenSeries) -> Row:
    """What a series is of, in the order of `ASKED_COLUMNS`: from the first to the last day of what
    it tells."""
    series = taken.view.series
    begins = [point.begins for point in series.points]
    since = begins[0].isoformat() if begins else None
    until = last_day_of(series.every, begins[-1]).isoformat() if begins else None
    return (since, until, taken.view.as_of, taken.whose.name, "; ".join(taken.of))
