"""What became of referrals: figures of a cohort, how long things took, why they ended."""

from collections import defaultdict
from datetime import datetime

from sqlalchemy.orm import Session

from referral_hub.gateways.field_crypto import Vault
from referral_hub.gateways.figures.counting import reasons
from referral_hub.gateways.figures.times import Times as CohortTimes
from referral_hub.rules.actor import Actor
from referral_hub.rules.errors import NotPermitted
from referral_hub.rules.figure_query import FigureQuery
from referral_hub.rules.measured_times import Wait
from referral_hub.rules.measures import Cohort, Standing
from referral_hub.rules.permissions import Permission, require
from referral_hub.rules.reason_codes import REASONS_OF, Reason
from referral_hub.rules.referral_lifecycle import Move
from referral_hub.use_cases.figure_views import (
    Overview,
    ReasonCount,
    Reasons,
    Times,
)
from referral_hub.use_cases.steps.figure_curves import wait_view
from referral_hub.use_cases.steps.figure_overview import overview_of
from referral_hub.use_cases.steps.figures import Figures, ask, frame_of
from referral_hub.use_cases.transaction import look


def show_figures(
    session: Session,
    actor: Actor,
    vault: Vault,
    figures: Figures,
    query: FigureQuery,
    *,
    now: datetime,
) -> Overview:
    """Each measure of a cohort, how far its referrals came, and the same by month."""
    require(actor, Permission.FIGURES_READ)
    with look(session):
        return overview_of(session, vault, ask(session, actor, figures, query, now))


def show_times(
    session: Session,
    actor: Actor,
    vault: Vault,
    figures: Figures,
    query: FigureQuery,
    *,
    now: datetime,
) -> Times:
    """How long a cohort waited for what, told of those too that still wait."""
    require(actor, Permission.FIGURES_READ)
    with look(session):
        asked = ask(session, actor, figures, query, now)
        times = CohortTimes(asked.view, asked.cohort())
        curves = tuple(wait_view(times.waited(wait)) for wait in Wait)
        return Times(frame_of(session, vault, asked), curves)


_MOVES = {
    Standing.DECLINED: Move.DECLINE,
    Standing.UNMET: Move.CLOSE_UNMET,
    Standing.WAITED_IN_VAIN: Move.CLOSE_UNMET,
    Standing.WITHDRAWN: Move.WITHDRAW,
    Standing.STOPPED_WAITING: Move.WITHDRAW,
    Standing.WITHDRAWN_LATER: Move.WITHDRAW,
    Standing.COMPLETED: Move.COMPLETE,
}
NOT_SHOWN = "Not shown: the client took back consent"


def show_reasons(
    session: Session,
    actor: Actor,
    vault: Vault,
    figures: Figures,
    query: FigureQuery,
    *,
    now: datetime,
) -> Reasons:
    """Why referrals of a cohort ended as they did. Raises NotPermitted for whoever oversees the
    network: why a referral ended is told to its agencies."""
    require(actor, Permission.FIGURES_READ)
    with look(session):
        asked = ask(session, actor, figures, query, now)
        if asked.oversight.is_network:
            raise NotPermitted("Why referrals ended is told to their agencies alone.")
        rows = asked.cohort()
        found = reasons(asked.view, rows)
        listed: dict[Standing, list[ReasonCount]] = defaultdict(list)
        for (standing, code), number in sorted(found.items(), key=lambda each: -each[1]):
            if standing in _MOVES:
                listed[standing].append(_reason_count(standing, code, number))
        return Reasons(
            frame_of(session, vault, asked),
            {standing: tuple(counts) for standing, counts in listed.items()},
            Cohort(found).declined_for,
        )


def _reason_count(standing: Standing, code: str, number: int) -> ReasonCount:
    reason: Reason | None = REASONS_OF[_MOVES[standing]].get(code)
    if reason is None:
        return ReasonCount(code, NOT_SHOWN, None, number)
    return ReasonCount(code, reason.label, reason.attribution, number)
