"""What became of a cohort, put together."""

from sqlalchemy.orm import Session

from referral_hub.gateways.field_crypto import Vault
from referral_hub.gateways.figures.counting import (
    appointments,
    periods,
    stages,
    standings,
)
from referral_hub.gateways.figures.reading import Numbers
from referral_hub.rules.measures import Measure
from referral_hub.use_cases.figure_views import Overview, Period
from referral_hub.use_cases.steps.figures import Asked, frame_of, month_starts, start_of

BY_MONTH = (Measure.COMPLETION, Measure.ACCEPTANCE, Measure.RESPONSE)


def overview_of(session: Session, vault: Vault, asked: Asked) -> Overview:
    """Each measure of a cohort, how far its referrals came, and the same by month."""
    rows = asked.cohort()
    found = standings(asked.view, rows)
    return Overview(
        frame=frame_of(session, vault, asked),
        sent=sum(found.values()),
        standings=found,
        stages=stages(asked.view, rows),
        reversals=int(asked.view.state("reversals")[rows].sum()),
        rates={each: rates[0] for each, rates in asked.rates(rows, Measure).items()},
        months=_months(asked, rows),
        appointments=appointments(asked.view, rows),
    )


def _months(asked: Asked, rows: Numbers) -> tuple[Period, ...]:
    starts = month_starts(asked.query)
    period = periods(asked.view, rows, [start_of(day, asked.zone) for day in starts])
    rates = asked.rates(rows, BY_MONTH, period, len(starts))
    return tuple(
        Period(day, {measure: rates[measure][number] for measure in BY_MONTH})
        for number, day in enumerate(starts)
    )
