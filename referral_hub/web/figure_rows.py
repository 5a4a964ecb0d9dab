"""Figures as the rows of files: the numbers of the pages."""

from collections.abc import Iterator
from datetime import timedelta

from referral_hub.formats.figure_files import Cell, rate_cells
from referral_hub.rules.figure_words import MEASURE_LABEL, STAGE_LABEL, STANDING_LABEL
from referral_hub.use_cases.figure_views import Comparison, Frame, Overview, TakenReferral

Row = tuple[Cell, ...]
_NO_RATE: Row = (None,) * 8


def figure_rows(found: Overview) -> Iterator[Row]:
    """A row for each number: measures, where referrals stand, how far they came, and months."""
    head = _head(found.frame)
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
    head = _head(found.frame)
    for group in found.groups:
        for measure, rate in group.rates.items():
            place = group.positions.get(measure)
            yield (
                *head, found.by.value, group.key, group.label, group.sent, measure.value,
                *rate_cells(rate), place.value if place else "",
            )  # fmt: skip


def referral_row(each: TakenReferral) -> Row:
    """A referral in the order of the columns."""
    return (
        str(each.id), each.side, each.from_agency, each.to_agency, each.need, each.service,
        each.priority, each.status, each.first_sent_at, each.status_since, each.due_at, each.worker,
    )  # fmt: skip


def _head(frame: Frame) -> Row:
    last = frame.query.until - timedelta(days=1)
    return (frame.query.since.isoformat(), last.isoformat(), frame.as_of)
