"""Improvement cycles to look at: the list, one with its series, the series as a file."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from referral_hub.gateways.field_crypto import Vault
from referral_hub.models import ImprovementCycle, ImprovementMark, ImprovementNote
from referral_hub.rules.actor import Actor
from referral_hub.rules.errors import FiguresNotReady
from referral_hub.rules.figure_query import oversight_of
from referral_hub.rules.improvements import Stage
from referral_hub.rules.permissions import Permission, require
from referral_hub.use_cases.figure_views import Choice
from referral_hub.use_cases.improvement_views import (
    CycleLine,
    CycleView,
    LogLine,
    MarkView,
    SeriesView,
    TakenSeries,
)
from referral_hub.use_cases.steps.audit import add_audit
from referral_hub.use_cases.steps.figure_filters import choices_of, words_of
from referral_hub.use_cases.steps.figures import Figures, whose
from referral_hub.use_cases.steps.improvement_series import series_view, stands_words
from referral_hub.use_cases.steps.improvements import (
    LEARNED,
    is_of,
    marks_of,
    overseen_agency,
    plan_of,
    the_cycle,
    title_of,
)
from referral_hub.use_cases.steps.people_views import names_of
from referral_hub.use_cases.transaction import look, transaction

BEING_COUNTED = "The figures are being counted for the first time."


def list_cycles(
    session: Session, actor: Actor, vault: Vault, figures: Figures, *, now: datetime
) -> tuple[CycleLine, ...]:
    """The improvements of the agency that the actor oversees, or of the network: the open ones
    first, each by when it was begun. What is closed says what was learned; nothing is counted."""
    require(actor, Permission.FIGURES_FOLLOW)
    with look(session):
        cycles = session.scalars(
            select(ImprovementCycle)
            .where(is_of(ImprovementCycle, overseen_agency(actor)))
            .order_by(ImprovementCycle.opened_at.desc(), ImprovementCycle.id)
        ).all()
        names = names_of(session, vault, (cycle.author_id for cycle in cycles))
        lines = [
            CycleLine(
                cycle.id, title_of(vault, cycle), Stage(cycle.stage), names[cycle.author_id],
                cycle.opened_at, _stands(session, actor, vault, figures, cycle, now),
            )
            for cycle in cycles
        ]  # fmt: skip
    return tuple(sorted(lines, key=lambda line: line.stage is Stage.CLOSED))


def show_cycle(
    session: Session,
    actor: Actor,
    vault: Vault,
    figures: Figures,
    cycle_id: UUID,
    *,
    now: datetime,
) -> CycleView:
    """A cycle with its series as of now, its marks and its log. Raises NotFound."""
    require(actor, Permission.FIGURES_FOLLOW)
    with look(session):
        cycle = the_cycle(session, actor, cycle_id)
        marks = marks_of(session, cycle_id)
        log = session.scalars(
            select(ImprovementNote)
            .where(ImprovementNote.cycle_id == cycle_id)
            .order_by(ImprovementNote.recorded_at.desc(), ImprovementNote.id)
        ).all()
        names = names_of(
            session,
            vault,
            (cycle.author_id, *(each.author_id for each in marks), *(n.author_id for n in log)),
        )
        return CycleView(
            id=cycle.id,
            version=cycle.version,
            stage=Stage(cycle.stage),
            plan=plan_of(vault, cycle),
            conditions=cycle.conditions,
            of=words_of(session, actor, vault, figures, cycle.conditions, now),
            learned=_learned(vault, cycle),
            author=names[cycle.author_id],
            opened_at=cycle.opened_at,
            closed_at=cycle.closed_at,
            marks=tuple(
                MarkView(each.id, each.day, _words_of(vault, each), names[each.author_id])
                for each in marks
            ),
            log=tuple(_log_line(vault, each, names) for each in log),
            series=_series(session, actor, vault, figures, cycle, marks, now),
            whose=whose(session, oversight_of(actor)),
        )


def export_series(
    session: Session,
    actor: Actor,
    vault: Vault,
    figures: Figures,
    cycle_id: UUID,
    *,
    now: datetime,
) -> TakenSeries:
    """The series of a cycle for a file. Raises NotFound and FiguresNotReady."""
    require(actor, Permission.FIGURES_FOLLOW)
    with transaction(session):
        cycle = the_cycle(session, actor, cycle_id)
        changed = [(each.day, _words_of(vault, each)) for each in marks_of(session, cycle_id)]
        found = series_view(session, actor, figures, cycle, changed, now)
        of = words_of(session, actor, vault, figures, cycle.conditions, now)
        add_audit(
            session, actor, "improvement:export", cycle, agency_id=cycle.agency_id,
            detail=f"{len(found.series.points)} points", now=now,
        )  # fmt: skip
        return TakenSeries(found, of, whose(session, oversight_of(actor)))


def filter_choices(
    session: Session, actor: Actor, vault: Vault, figures: Figures, *, now: datetime
) -> Mapping[str, Sequence[Choice]]:
    """What can be chosen for each field of a filter: nothing while the figures are counted for the
    first time."""
    require(actor, Permission.FIGURES_FOLLOW)
    with look(session):
        return choices_of(session, actor, vault, figures, now)


def filter_words(
    session: Session,
    actor: Actor,
    vault: Vault,
    figures: Figures,
    conditions: Mapping[str, str],
    *,
    now: datetime,
) -> tuple[str, ...]:
    """Of which referrals a filter is, in words such as "Need: Food"."""
    require(actor, Permission.FIGURES_FOLLOW)
    with look(session):
        return words_of(session, actor, vault, figures, conditions, now)


def _series(
    session: Session,
    actor: Actor,
    vault: Vault,
    figures: Figures,
    cycle: ImprovementCycle,
    marks: Sequence[ImprovementMark],
    now: datetime,
) -> SeriesView | None:
    changed = [(each.day, _words_of(vault, each)) for each in marks]
    try:
        return series_view(session, actor, figures, cycle, changed, now)
    except FiguresNotReady:
        return None


def _stands(
    session: Session,
    actor: Actor,
    vault: Vault,
    figures: Figures,
    cycle: ImprovementCycle,
    now: datetime,
) -> str:
    if cycle.stage == Stage.CLOSED:
        return _learned(vault, cycle)
    marks = marks_of(session, cycle.id)
    found = _series(session, actor, vault, figures, cycle, marks, now)
    return BEING_COUNTED if found is None else stands_words(found)


def _learned(vault: Vault, cycle: ImprovementCycle) -> str:
    sealed = cycle.learned_sealed
    return "" if sealed is None else vault.open(LEARNED, cycle.id, sealed)


def _words_of(vault: Vault, mark: ImprovementMark) -> str:
    return vault.open("improvement_mark.words", mark.id, mark.words_sealed)


def _log_line(vault: Vault, note: ImprovementNote, names: Mapping[UUID, str]) -> LogLine:
    text = vault.open("improvement_note.text", note.id, note.text_sealed)
    return LogLine(Stage(note.stage), text, names[note.author_id], note.recorded_at)
