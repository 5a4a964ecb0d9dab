"""Which rows a number counts."""

import numpy as np

from referral_hub.gateways.figures.counting import ages_of, is_overdue, reached, waits
from referral_hub.gateways.figures.layout import PARTS, REASONS, STANDINGS, WAITS
from referral_hub.gateways.figures.reading import Numbers
from referral_hub.rules.figure_lists import Behind
from referral_hub.use_cases.steps.figures import Asked


def rows_behind(asked: Asked, behind: Behind) -> Numbers:
    """The rows that a number counts."""
    view = asked.view
    rows = asked.stock() if behind.is_stock else asked.cohort()
    if behind.measure is not None:
        wanted = [PARTS.index(part) for part in behind.parts]
        rows = rows[np.isin(asked.parts(rows, behind.measure), wanted)]
    if behind.standing is not None:
        rows = rows[view.state("standing")[rows] == STANDINGS.index(behind.standing)]
    if behind.reason:
        number = REASONS.index(behind.reason) if behind.reason in REASONS else -1
        rows = rows[(view.state("reason")[rows] == number) & ~asked.untold(rows)]
    if behind.stage is not None:
        rows = rows[reached(view, rows, behind.stage)]
    if behind.is_overdue:
        rows = rows[is_overdue(view, rows)]
    if behind.waits is not None:
        rows = rows[waits(view, rows) == WAITS.index(behind.waits)]
    if behind.age is not None:
        rows = rows[ages_of(view, rows, behind.since) == behind.age]
    return rows
