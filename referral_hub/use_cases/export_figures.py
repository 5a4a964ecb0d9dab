"""Figures of referrals to take away: the same numbers as on the pages. The audit knows of it."""

from collections.abc import Iterator
from dataclasses import fields
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from referral_hub.gateways.field_crypto import Vault
from referral_hub.rules.actor import Actor, acting_agency
from referral_hub.rules.errors import InvalidInput
from referral_hub.rules.figure_lists import Behind, check_behind
from referral_hub.rules.figure_query import Dimension, FigureQuery
from referral_hub.rules.measures import Measure
from referral_hub.rules.permissions import Permission, require
from referral_hub.use_cases.figure_views import Comparison, Overview, TakenReferral, TakenReferrals
from referral_hub.use_cases.referral_views import OverseenReferral, ReferralLine
from referral_hub.use_cases.steps.audit import add_audit
from referral_hub.use_cases.steps.figure_comparison import comparison_of
from referral_hub.use_cases.steps.figure_lists import page_of, rows_behind, seen_lines
from referral_hub.use_cases.steps.figure_overview import overview_of
from referral_hub.use_cases.steps.figures import Asked, Figures, ask, frame_of
from referral_hub.use_cases.steps.oversight import overseen
from referral_hub.use_cases.transaction import look, transaction

MOST = 20_000
"""So many referrals go into a file."""
_BATCH = 500


def export_figures(
    session: Session,
    actor: Actor,
    vault: Vault,
    figures: Figures,
    query: FigureQuery,
    *,
    now: datetime,
) -> Overview:
    """Each measure of a cohort, as `show_figures` tells it."""
    require(actor, Permission.FIGURES_READ)
    with look(session):
        found = overview_of(session, vault, ask(session, actor, figures, query, now))
    with transaction(session):
        _note(session, actor, f"figures ({_conditions(query)})", (), now)
    return found


def export_comparison(
    session: Session,
    actor: Actor,
    vault: Vault,
    figures: Figures,
    query: FigureQuery,
    by: Dimension,
    measure: Measure,
    *,
    now: datetime,
) -> Comparison:
    """Groups of referrals side by side, as `compare_figures` tells them. Raises InvalidInput."""
    require(actor, Permission.FIGURES_READ)
    with look(session):
        asked = ask(session, actor, figures, query, now)
        found = comparison_of(session, vault, asked, by, measure)
    with transaction(session):
        _note(session, actor, f"comparison by {by.value} ({_conditions(query)})", (), now)
    return found


def export_referrals_behind(
    session: Session,
    actor: Actor,
    vault: Vault,
    figures: Figures,
    query: FigureQuery,
    behind: Behind,
    *,
    most: int = MOST,
    now: datetime,
) -> TakenReferrals:
    """The referrals that a number counts, without a word about clients; the last sent on top. The
    audit names each. Raises InvalidInput for more than `most`, and for what cannot be listed."""
    require(actor, Permission.FIGURES_READ)
    with look(session):
        asked = ask(session, actor, figures, query, now)
        check_behind(behind, asked.query.side, is_network=asked.oversight.is_network)
        rows = rows_behind(asked, behind)
        if len(rows) > most:
            message = f"A file holds {most:,} referrals at most. Ask for fewer days."
            raise InvalidInput(message, {"since": message})
        found: list[TakenReferral] = []
        batches = [*_batches(page_of(asked, rows, 1, most))]
        for ids in batches:
            found += _taken(session, actor, vault, asked, ids, now)
        frame = frame_of(session, vault, asked)
    with transaction(session):
        for ids in batches:
            _note(session, actor, f"{len(ids)} referrals", ids, now)
    return TakenReferrals(frame, behind, tuple(found))


def _taken(
    session: Session, actor: Actor, vault: Vault, asked: Asked, ids: tuple[UUID, ...], now: datetime
) -> Iterator[TakenReferral]:
    if asked.oversight.is_network:
        return map(_of_network, overseen(session, ids))
    return map(_of_agency, seen_lines(session, actor, vault, asked, ids, now))


def _of_network(seen: OverseenReferral) -> TakenReferral:
    return TakenReferral(
        id=seen.id,
        from_agency=seen.from_agency,
        to_agency=seen.to_agency,
        status=seen.status.value,
        first_sent_at=seen.first_sent_at,
        status_since=seen.status_since,
    )


def _of_agency(line: ReferralLine) -> TakenReferral:
    return TakenReferral(
        id=line.id,
        from_agency=line.from_agency,
        to_agency=line.to_agency,
        status=line.status.value,
        first_sent_at=line.first_sent_at,
        status_since=line.status_since,
        side=line.side.value,
        need=line.need_code,
        service=line.service,
        priority=line.priority,
        due_at=line.due_at,
        worker=line.assignee,
    )


def _batches(ids: list[UUID]) -> Iterator[tuple[UUID, ...]]:
    return (tuple(ids[at : at + _BATCH]) for at in range(0, len(ids), _BATCH))


def _conditions(query: FigureQuery) -> str:
    """The names of the conditions that are set."""
    return ", ".join(field.name for field in fields(query) if getattr(query, field.name))


def _note(
    session: Session, actor: Actor, detail: str, shown: tuple[UUID, ...], now: datetime
) -> None:
    add_audit(
        session, actor, "figures:export", agency_id=acting_agency(actor), detail=detail,
        shown=shown, now=now,
    )  # fmt: skip
