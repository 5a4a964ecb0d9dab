"""The referrals behind a number: for who may open them one by one."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from referral_hub.gateways.field_crypto import Vault
from referral_hub.rules.actor import Actor, acting_agency
from referral_hub.rules.errors import InvalidInput
from referral_hub.rules.figure_lists import Behind, check_behind
from referral_hub.rules.figure_query import FigureQuery
from referral_hub.rules.permissions import Permission, is_allowed, require
from referral_hub.use_cases.figure_views import Frame
from referral_hub.use_cases.referral_views import OverseenReferral, ReferralLine
from referral_hub.use_cases.steps.audit import add_audit
from referral_hub.use_cases.steps.figure_lists import page_of, rows_behind, seen_lines
from referral_hub.use_cases.steps.figures import Asked, Figures, ask, frame_of
from referral_hub.use_cases.steps.oversight import overseen
from referral_hub.use_cases.transaction import look, transaction

PAGE = 50


@dataclass(frozen=True, slots=True)
class BehindFigure:
    """A page of the referrals behind a number, the last sent on top, as they stand now. For whoever
    oversees the network they are `overseen`."""

    frame: Frame
    behind: Behind
    total: int
    page: int
    more: bool
    lines: tuple[ReferralLine, ...] = ()
    overseen: tuple[OverseenReferral, ...] = ()


def list_behind_figure(
    session: Session,
    actor: Actor,
    vault: Vault,
    figures: Figures,
    query: FigureQuery,
    behind: Behind,
    *,
    page: int = 1,
    size: int = PAGE,
    now: datetime,
) -> BehindFigure:
    """The referrals that a number counts. The audit names those that were shown.

    Raises InvalidInput for what cannot be listed and for a page that there cannot be.
    """
    require(actor, Permission.FIGURES_READ)
    with look(session):
        asked = ask(session, actor, figures, query, now)
        check_behind(behind, asked.query.side, is_network=asked.oversight.is_network)
        if page < 1 or not 1 <= size <= 1000:
            raise InvalidInput("There is no such page.", {"page": "Use 1 or more."})
        rows = rows_behind(asked, behind)
        ids = page_of(asked, rows, page, size)
        shown = _shown(session, actor, vault, asked, ids, now)
        found = BehindFigure(
            frame_of(session, vault, asked), behind, len(rows), page,
            page * size < len(rows), *shown,
        )  # fmt: skip
    with transaction(session):  # short: nobody who writes waits for the counting
        add_audit(
            session, actor, "figures:list", agency_id=acting_agency(actor),
            detail=f"{len(ids)} referrals", shown=ids, now=now,
        )  # fmt: skip
    return found


def _shown(
    session: Session, actor: Actor, vault: Vault, asked: Asked, ids: list[UUID], now: datetime
) -> tuple[tuple[ReferralLine, ...], tuple[OverseenReferral, ...]]:
    if asked.oversight.is_network:
        return (), overseen(session, ids)
    if not is_allowed(actor, Permission.REFERRAL_READ):
        return (), ()
    return seen_lines(session, actor, vault, asked, ids, now), ()
