"""Groups of referrals side by side, put together."""

from collections.abc import Sequence

import numpy as np
from sqlalchemy.orm import Session

from referral_hub.gateways.field_crypto import Vault
from referral_hub.gateways.figures.reading import distinct
from referral_hub.rules.errors import InvalidInput
from referral_hub.rules.figure_query import OF_NETWORK, Dimension
from referral_hub.rules.funnel import FunnelLimits, funnel_limits, position
from referral_hub.rules.measures import Measure, Rate
from referral_hub.use_cases.figure_views import Comparison, Group
from referral_hub.use_cases.steps.figures import NOT_STATED, Asked, frame_of, group_names

COMPARED = (Measure.RESPONSE, Measure.ACCEPTANCE, Measure.COMPLETION)
"""Shown together: fast refusals must not look better than slow help."""
NONE_LABEL = {Dimension.WORKER: "Nobody yet"}
"""What those are called that have none of what is compared."""
_POINTS = 24


def comparison_of(
    session: Session, vault: Vault, asked: Asked, by: Dimension, measure: Measure
) -> Comparison:
    """Response, acceptance and completion of each group, by name, with what chance alone would do
    to one measure. Raises InvalidInput for groups that the viewer cannot tell apart."""
    if asked.oversight.is_network and by not in OF_NETWORK:
        message = "Only the agencies of a referral see this of it. Choose another grouping."
        raise InvalidInput(message, {"by": message})
    view, rows = asked.view, asked.cohort()
    number_of = asked.groups(rows, by) + 1  # the first group is of those that have none
    there = distinct(number_of)
    size = max(there, default=-1) + 1
    counted = asked.rates(rows, dict.fromkeys((*COMPARED, measure)), number_of, size)
    sizes = np.bincount(number_of, minlength=size)
    total = asked.rate(rows, measure)
    names = {0: ("", NONE_LABEL.get(by, NOT_STATED))} | {
        number + 1: name
        for number, name in group_names(session, vault, view, by, (n - 1 for n in there)).items()
    }
    found = [
        Group(
            *names[number],
            int(sizes[number]),
            {each: of[number] for each, of in counted.items()},
            {},
        )
        for number in there
    ]
    placed = tuple(sorted((_placed(each, measure, total) for each in found), key=_by_name))
    limits = _limits(total, placed, measure)
    return Comparison(frame_of(session, vault, asked), by, measure, placed, total, limits)


def _by_name(group: Group) -> str:
    return group.label.casefold()


def _placed(group: Group, measure: Measure, total: Rate) -> Group:
    rate = total.share.rate
    place = None if rate is None else position(group.rates[measure].share, rate)
    return Group(group.key, group.label, group.sent, group.rates, {measure: place})


def _limits(
    total: Rate, found: Sequence[Group], measure: Measure
) -> tuple[tuple[int, FunnelLimits], ...]:
    """The limits by size, up to the largest group."""
    most = max((each.rates[measure].share.of for each in found), default=0)
    rate = total.share.rate
    if rate is None or most < 1:
        return ()
    sizes = sorted({max(1, round(most ** (n / _POINTS))) for n in range(_POINTS + 1)})
    return tuple((size, funnel_limits(rate, size)) for size in sizes)
