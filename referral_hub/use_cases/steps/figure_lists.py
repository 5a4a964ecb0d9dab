"""The referrals behind a number: which they are, and as whom the viewer sees them."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import numpy as np
from sqlalchemy import select
from sqlalchemy.orm import Session

from referral_hub.gateways.field_crypto import Vault
from referral_hub.gateways.figures.counting import ages_of, is_overdue, reached, waits
from referral_hub.gateways.figures.layout import PARTS, REASONS, STANDINGS, WAITS
from referral_hub.gateways.figures.reading import Numbers
from referral_hub.gateways.figures.times import Times
from referral_hub.models import Referral
from referral_hub.rules.actor import Actor
from referral_hub.rules.figure_lists import Behind
from referral_hub.rules.referral_lifecycle import Side
from referral_hub.use_cases.referral_views import ReferralLine
from referral_hub.use_cases.steps.figures import Asked
from referral_hub.use_cases.steps.referral_lines import referral_lines
from referral_hub.use_cases.steps.referral_sight import visible


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
        rows = rows[view.state("reason")[rows] == number]
    if behind.stage is not None:
        rows = rows[reached(view, rows, behind.stage)]
    if behind.wait is not None and behind.by_day is not None:
        waited = Times(view, rows).waited(behind.wait)
        asked_for = waited.is_older(behind.by_day)
        if behind.is_reached:
            asked_for &= waited.has_reached(behind.by_day)
        rows = waited.rows[asked_for]
    if behind.is_overdue:
        rows = rows[is_overdue(view, rows)]
    if behind.waits is not None:
        rows = rows[waits(view, rows) == WAITS.index(behind.waits)]
    if behind.age is not None:
        rows = rows[ages_of(view, rows, behind.since) == behind.age]
    return rows


def page_of(asked: Asked, rows: Numbers, page: int, size: int) -> list[UUID]:
    """The ids of a page of rows, the last sent on top."""
    sent = asked.view.referrals["sent"][rows]
    wanted = min(page * size, len(rows))
    last = np.argpartition(sent, len(sent) - wanted)[-wanted:] if wanted else np.zeros(0, int)
    ordered = rows[last[np.argsort(sent[last], kind="stable")[::-1]]]
    ids = asked.view.referrals["id"]
    return [UUID(bytes=ids[row].tobytes()) for row in ordered[(page - 1) * size :]]


def seen_lines(
    session: Session, actor: Actor, vault: Vault, asked: Asked, ids: Sequence[UUID], now: datetime
) -> tuple[ReferralLine, ...]:
    """These referrals as their agency sees them, in the same order."""
    sides = (asked.query.side,) if asked.query.side else (Side.RECEIVER, Side.SENDER)
    found: dict[UUID, tuple[Referral, Side]] = {}
    for side in sides:
        for row in session.scalars(
            select(Referral).where(Referral.id.in_(ids), visible(actor, side))
        ):
            found.setdefault(row.id, (row, side))
    seen = [found[each] for each in ids if each in found]
    return referral_lines(session, vault, seen, now)
