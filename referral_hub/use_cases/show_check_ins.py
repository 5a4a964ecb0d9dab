"""Check-ins to look at: one's own, one of them whole, and what of them stands on one's day."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from referral_hub.gateways.field_crypto import Vault
from referral_hub.models import CheckIn, CheckInAction, CheckInPoint, FeedbackNote
from referral_hub.rules.actor import Actor
from referral_hub.rules.check_ins import (
    CheckInStatus,
    Pair,
    entries_from_json,
    next_time,
)
from referral_hub.rules.permissions import Permission, require
from referral_hub.use_cases.check_in_views import (
    ActionView,
    CheckInLine,
    CheckInList,
    CheckInView,
    MyCheckIns,
    WorkerLine,
    WrittenView,
)
from referral_hub.use_cases.steps.agencies import zone_of
from referral_hub.use_cases.steps.agendas import Viewer, gather, opened
from referral_hub.use_cases.steps.audit import add_audit
from referral_hub.use_cases.steps.check_ins import (
    ACTION,
    FEEDBACK,
    NOTES,
    POINT,
    pair_of,
    supervised_workers,
    the_check_in,
)
from referral_hub.use_cases.steps.clients import agency_of, author_of, local_day
from referral_hub.use_cases.steps.notices import has_unread_of_check_in
from referral_hub.use_cases.steps.people_views import names_of
from referral_hub.use_cases.transaction import transaction

MOST_SHOWN = 200
USUAL_WEEKS = 2


def list_check_ins(session: Session, actor: Actor, vault: Vault, *, now: datetime) -> CheckInList:
    """The check-ins in which the actor takes part, and for a supervisor the workers with whom they
    may plan one."""
    require(actor, Permission.CHECK_IN_KEEP)
    person_id, agency_id = author_of(actor), agency_of(actor)
    with transaction(session):
        workers = supervised_workers(session, actor, now.date())
        rows = session.scalars(
            select(CheckIn)
            .where(_own(agency_id, person_id, workers))
            .order_by(CheckIn.planned_at.desc(), CheckIn.id)
            .limit(MOST_SHOWN)
        ).all()
        people = {pair_of(row).other(person_id) for row in rows} | workers
        names = names_of(session, vault, people)
        add_audit(
            session, actor, "check-in:list", agency_id=agency_id, detail=f"{len(rows)} listed",
            now=now,
        )  # fmt: skip
        zone = zone_of(session, agency_id)
    lines = [_line(row, person_id, names) for row in rows]
    led = [row for row in rows if row.supervisor_id == person_id]
    told = [_worker(each, names[each], led, now, zone) for each in workers]
    return CheckInList(
        tuple(reversed([each for each in lines if each.status is CheckInStatus.PLANNED])),
        tuple(each for each in lines if each.status is not CheckInStatus.PLANNED),
        tuple(sorted(told, key=lambda each: each.name.casefold())),
    )


def show_check_in(
    session: Session, actor: Actor, vault: Vault, check_in_id: UUID, *, now: datetime
) -> CheckInView:
    """One check-in. The agenda of one to come is made from what there is now; of one that was held
    it is what was kept. Raises NotFound for everybody who does not read it."""
    require(actor, Permission.CHECK_IN_KEEP)
    with transaction(session):
        check_in = the_check_in(session, actor, check_in_id, now)
        add_audit(session, actor, "check-in:read", check_in, agency_id=check_in.agency_id, now=now)
        return _view(Viewer(session, actor, vault, now), check_in)


def my_check_ins(session: Session, actor: Actor, vault: Vault, *, now: datetime) -> MyCheckIns:
    """The actor's check-ins to come, and what they agreed to do in any and have not done."""
    require(actor, Permission.CHECK_IN_KEEP)
    person_id, agency_id = author_of(actor), agency_of(actor)
    with transaction(session):
        workers = supervised_workers(session, actor, now.date())
        rows = session.scalars(
            select(CheckIn)
            .where(_own(agency_id, person_id, workers))
            .order_by(CheckIn.planned_at, CheckIn.id)
        ).all()
        coming = [row for row in rows if row.status == CheckInStatus.PLANNED][:MOST_SHOWN]
        open_ones = _open_actions(session, agency_id, person_id)
        names = names_of(session, vault, (pair_of(row).other(person_id) for row in coming))
        today = local_day(session, agency_id, now)
        actions = _actions(vault, open_ones, person_id, {}, today)
    lines = tuple(_line(row, person_id, names) for row in coming)
    return MyCheckIns(lines, actions, some=bool(rows))


def _open_actions(session: Session, agency_id: UUID, person_id: UUID) -> Sequence[CheckInAction]:
    return session.scalars(
        select(CheckInAction)
        .join(CheckIn, CheckIn.id == CheckInAction.check_in_id)
        .where(
            CheckIn.agency_id == agency_id,
            CheckInAction.person_id == person_id,
            CheckInAction.done_at.is_(None),
        )
    ).all()


def _own(agency_id: UUID, person_id: UUID, supervised: Iterable[UUID]) -> ColumnElement[bool]:
    """The check-ins that somebody reads, by `rules.check_ins.may_read`."""
    leads = and_(CheckIn.supervisor_id == person_id, CheckIn.worker_id.in_(list(supervised)))
    return and_(CheckIn.agency_id == agency_id, or_(CheckIn.worker_id == person_id, leads))


def _line(row: CheckIn, person_id: UUID, names: dict[UUID, str]) -> CheckInLine:
    return CheckInLine(
        row.id, names.get(pair_of(row).other(person_id), ""), row.planned_at, row.held_at,
        CheckInStatus(row.status), row.supervisor_id == person_id,
    )  # fmt: skip


def _worker(
    worker_id: UUID, name: str, led: Sequence[CheckIn], now: datetime, zone: ZoneInfo
) -> WorkerLine:
    mine = [row for row in led if row.worker_id == worker_id]
    held = next((row for row in mine if row.status == CheckInStatus.HELD), None)
    planned = [row.planned_at for row in mine if row.status == CheckInStatus.PLANNED]
    return WorkerLine(
        worker_id, name, held.held_at if held else None, min(planned, default=None),
        next_time(held.planned_at, held.weeks, now, zone) if held and not planned else None,
        held.weeks if held else USUAL_WEEKS,
    )  # fmt: skip


def _view(viewer: Viewer, check_in: CheckIn) -> CheckInView:
    session, vault, person_id = viewer.session, viewer.vault, author_of(viewer.actor)
    pair = pair_of(check_in)
    names = names_of(session, vault, (pair.supervisor_id, pair.worker_id))
    planned = check_in.status == CheckInStatus.PLANNED
    entries = gather(viewer, check_in) if planned else entries_from_json(check_in.agenda or [])
    agenda = opened(viewer, entries)
    sealed = check_in.notes_sealed
    today = local_day(session, pair.agency_id, viewer.now)
    return CheckInView(
        line=_line(check_in, person_id, names),
        weeks=check_in.weeks,
        supervisor_id=pair.supervisor_id,
        supervisor=names[pair.supervisor_id],
        worker_id=pair.worker_id,
        worker=names[pair.worker_id],
        agenda=agenda,
        hidden=len(entries) - len(agenda),
        points=_points(session, vault, check_in, person_id, names),
        actions=_actions(vault, _agreed(session, check_in), person_id, names, today),
        notes=vault.open(NOTES, check_in.id, sealed) if sealed is not None else "",
        feedback=_feedback(session, vault, pair, person_id, names),
        has_news=has_unread_of_check_in(session, person_id, check_in.id),
    )


def _agreed(session: Session, check_in: CheckIn) -> Sequence[CheckInAction]:
    mine = select(CheckInAction).where(CheckInAction.check_in_id == check_in.id)
    return session.scalars(mine).all()


def _actions(
    vault: Vault,
    rows: Iterable[CheckInAction],
    person_id: UUID,
    names: dict[UUID, str],
    today: date,
) -> tuple[ActionView, ...]:
    """What was agreed: what is open first, and of that what is due first."""
    views = [
        ActionView(
            row.id, row.check_in_id, vault.open(ACTION, row.id, row.text_sealed),
            names.get(row.person_id, ""), row.person_id == person_id, row.due_on,
            row.done_at is None and row.due_on is not None and row.due_on < today, row.done_at,
        )
        for row in rows
    ]  # fmt: skip
    return tuple(
        sorted(
            views,
            key=lambda each: (each.done_at is not None, each.due_on or date.max, str(each.id)),
        )
    )


def _points(
    session: Session, vault: Vault, check_in: CheckIn, person_id: UUID, names: dict[UUID, str]
) -> tuple[WrittenView, ...]:
    rows = session.scalars(
        select(CheckInPoint)
        .where(CheckInPoint.check_in_id == check_in.id)
        .order_by(CheckInPoint.written_at, CheckInPoint.id)
    )
    return tuple(
        WrittenView(
            row.id, names.get(row.author_id, ""), row.author_id == person_id,
            vault.open(POINT, row.id, row.text_sealed), row.written_at,
        )
        for row in rows
    )  # fmt: skip


def _feedback(
    session: Session, vault: Vault, pair: Pair, person_id: UUID, names: dict[UUID, str]
) -> tuple[WrittenView, ...]:
    """All feedback of the pair, the latest first."""
    rows = session.scalars(
        select(FeedbackNote)
        .where(
            FeedbackNote.agency_id == pair.agency_id,
            FeedbackNote.supervisor_id == pair.supervisor_id,
            FeedbackNote.worker_id == pair.worker_id,
        )
        .order_by(FeedbackNote.written_at.desc(), FeedbackNote.id)
    )
    return tuple(
        WrittenView(
            row.id, names.get(row.author_id, ""), row.author_id == person_id,
            vault.open(FEEDBACK, row.id, row.text_sealed), row.written_at,
        )
        for row in rows
    )  # fmt: skip
