"""Declines of the teams that a supervisor supervises: what waits for a word, and what was."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from referral_hub.gateways.field_crypto import Vault
from referral_hub.models import Agency, DeclineLook, Referral, ReferralEvent
from referral_hub.rules.actor import Actor
from referral_hub.rules.errors import NotFound
from referral_hub.rules.permissions import NOTHING_HERE, Permission, require
from referral_hub.rules.referral_lifecycle import Move, Side, Status
from referral_hub.use_cases.decline_views import (
    DeclineLine,
    DeclineSaid,
    DeclinesPage,
    DeclineView,
    Look,
    ReasonGroup,
)
from referral_hub.use_cases.show_referral import reason_words
from referral_hub.use_cases.steps.audit import add_audit
from referral_hub.use_cases.steps.clients import agency_of
from referral_hub.use_cases.steps.declines import (
    LOOK_NOTE,
    last_decline,
    of_own_teams,
    open_proposal,
    words_of_event,
)
from referral_hub.use_cases.steps.people_views import names_of
from referral_hub.use_cases.steps.referral_clocks import Clocks
from referral_hub.use_cases.steps.referral_lines import referral_lines
from referral_hub.use_cases.transaction import transaction

BACK = timedelta(days=90)
MOST_SHOWN = 300
_Said = tuple[Referral, ReferralEvent]


def list_declines(session: Session, actor: Actor, vault: Vault, *, now: datetime) -> DeclinesPage:
    """The declines that wait for the actor's word, and those of the last 90 days by reason."""
    require(actor, Permission.DECLINE_REVIEW)
    agency_id = agency_of(actor)
    with transaction(session):
        waiting = _lines(session, vault, _waiting(session, actor), now)
        made = _lines(session, vault, _made(session, actor, now - BACK), now)
        add_audit(
            session, actor, "decline:list", agency_id=agency_id,
            detail=f"{len(waiting)} wait, {len(made)} made",
            shown=(line.referral.id for line in (*waiting, *made)), now=now,
        )  # fmt: skip
        reviewed = session.get_one(Agency, agency_id).review_declines
    return DeclinesPage(reviewed, waiting, _by_reason(made))


def show_decline(
    session: Session, actor: Actor, vault: Vault, referral_id: UUID, *, now: datetime
) -> DeclineView:
    """The decline of a referral that waits, else the last one that was made. Raises NotFound where
    there is neither, or it is not of a team that the actor supervises."""
    require(actor, Permission.DECLINE_REVIEW)
    with transaction(session):
        referral = session.scalars(
            select(Referral).where(Referral.id == referral_id, of_own_teams(actor))
        ).one_or_none()
        if referral is None:
            raise NotFound(NOTHING_HERE)
        waiting = open_proposal(session, referral)
        event = waiting or last_decline(session, referral.id)
        if event is None:
            raise NotFound(NOTHING_HERE)
        (line,) = _lines(session, vault, [(referral, event)], now)
        add_audit(
            session, actor, "decline:read", referral, agency_id=referral.to_agency_id, now=now
        )
    return DeclineView(line, waits=waiting is not None)


def _waiting(session: Session, actor: Actor) -> list[_Said]:
    rows = session.scalars(
        select(Referral)
        .where(of_own_teams(actor), Referral.decline_proposed_at.is_not(None))
        .order_by(Referral.decline_proposed_at, Referral.id)
        .limit(MOST_SHOWN)
    ).all()
    found = [(row, open_proposal(session, row)) for row in rows]
    return [(row, event) for row, event in found if event is not None]


def _made(session: Session, actor: Actor, since: datetime) -> list[_Said]:
    rows = session.execute(
        select(Referral, ReferralEvent)
        .join(ReferralEvent, ReferralEvent.referral_id == Referral.id)
        .where(
            of_own_teams(actor),
            ReferralEvent.kind == Move.DECLINE,
            ReferralEvent.recorded_at >= since,
        )
        .order_by(ReferralEvent.recorded_at.desc(), ReferralEvent.id)
        .limit(MOST_SHOWN)
    )
    return [(referral, event) for referral, event in rows]


def _lines(
    session: Session, vault: Vault, found: Sequence[_Said], now: datetime
) -> tuple[DeclineLine, ...]:
    lines = referral_lines(session, vault, [(row, Side.RECEIVER) for row, _ in found], now)
    looks = _looks(session, (event.id for _, event in found))
    people = {event.actor_person_id for _, event in found if event.actor_person_id}
    names = names_of(session, vault, people | {look.person_id for look in looks.values()})
    clocks = Clocks(session)
    return tuple(
        DeclineLine(
            line,
            _said(vault, event, names),
            _look(vault, looks.get(event.id), names),
            taken_back=event.kind == Move.DECLINE and not _lasts(row, event),
            may_undecline=_may_undecline(clocks, row, event, now),
        )
        for (row, event), line in zip(found, lines, strict=True)
    )


def _said(vault: Vault, event: ReferralEvent, names: dict[UUID, str]) -> DeclineSaid:
    person_id = event.actor_person_id
    return DeclineSaid(
        names.get(person_id, "") if person_id else "",
        event.recorded_at,
        reason_words(event.reason_code),
        words_of_event(vault, event),
    )


def _look(vault: Vault, look: DeclineLook | None, names: dict[UUID, str]) -> Look | None:
    if look is None:
        return None
    sealed = look.note_sealed
    note = vault.open(LOOK_NOTE, look.id, sealed) if sealed is not None else ""
    return Look(names.get(look.person_id, ""), look.looked_at, note)


def _looks(session: Session, events: Iterable[UUID]) -> dict[UUID, DeclineLook]:
    rows = session.scalars(select(DeclineLook).where(DeclineLook.event_id.in_(list(events))))
    return {row.event_id: row for row in rows}


def _lasts(referral: Referral, event: ReferralEvent) -> bool:
    """Whether a decline is how the referral ended."""
    return referral.status == Status.DECLINED and referral.closed_at == event.occurred_at


def _may_undecline(clocks: Clocks, referral: Referral, event: ReferralEvent, now: datetime) -> bool:
    decided_at = referral.decided_at
    if event.kind != Move.DECLINE or not _lasts(referral, event) or decided_at is None:
        return False
    return now <= clocks.decided_within(referral, decided_at)


def _by_reason(lines: Sequence[DeclineLine]) -> tuple[ReasonGroup, ...]:
    found: dict[str, list[DeclineLine]] = defaultdict(list)
    for line in lines:
        found[line.said.reason].append(line)
    ordered = sorted(found.items(), key=lambda each: (-len(each[1]), each[0]))
    return tuple(ReasonGroup(reason, tuple(each)) for reason, each in ordered)
