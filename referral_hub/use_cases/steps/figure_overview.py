"""What became of a cohort, put together."""

from collections import Counter
from collections.abc import Iterable, Mapping

from sqlalchemy.orm import Session

from referral_hub.gateways.field_crypto import Vault
from referral_hub.gateways.figures.counting import (
    appointments,
    periods,
    stages,
    standings,
)
from referral_hub.rules.measures import Measure, Part, rate_of
from referral_hub.use_cases.figure_views import Overview, Period
from referral_hub.use_cases.steps.figures import Asked, frame_of, month_starts, start_of

BY_MONTH = (Measure.COMPLETION, Measure.ACCEPTANCE, Measure.RESPONSE)


def overview_of(session: Session, vault: Vault, asked: Asked) -> Overview:
    """Each measure of a cohort, how far its referrals came, and the same by month."""
    rows = asked.cohort()
    found, starts = standings(asked.view, rows), month_starts(asked.query)
    month = periods(asked.view, rows, [start_of(day, asked.zone) for day in starts])
    counted = asked.counts(rows, filter(asked.is_told, Measure), month, len(starts))
    return Overview(
        frame=frame_of(session, vault, asked),
        sent=sum(found.values()),
        standings=found,
        stages=stages(asked.view, rows),
        reversals=int(asked.view.state("reversals")[rows].sum()),
        rates={measure: rate_of(_sum(months)) for measure, months in counted.items()},
        months=tuple(
            Period(day, {measure: rate_of(counted[measure][number]) for measure in BY_MONTH})
            for number, day in enumerate(starts)
        ),
        appointments=appointments(asked.view, rows),
    )


def _sum(months: Iterable[Mapping[Part, int]]) -> Mapping[Part, int]:
    """All months together: each referral is in one."""
    whole: Counter[Part] = Counter()
    for month in months:
        whole.update(month)
    return whole
