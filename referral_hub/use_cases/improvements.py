"""Improvement cycles: begun, changed, marked, written about, and closed with what was learned."""

from collections.abc import Mapping
from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from referral_hub.gateways.field_crypto import Vault
from referral_hub.models import ImprovementCycle, ImprovementMark, ImprovementNote
from referral_hub.rules.actor import Actor
from referral_hub.rules.errors import InvalidInput, NotFound
from referral_hub.rules.figure_filters import query_with, read_filter
from referral_hub.rules.figure_query import FigureQuery, check_query, oversight_of
from referral_hub.rules.improvements import (
    LONGEST,
    MOST_MARKS,
    OPEN_STAGES,
    Plan,
    Stage,
    check_mark,
    check_plan,
    clean_words,
)
from referral_hub.rules.permissions import NOTHING_HERE, Permission, require
from referral_hub.use_cases.steps.audit import add_audit
from referral_hub.use_cases.steps.clients import author_of
from referral_hub.use_cases.steps.improvements import (
    LEARNED,
    keep_plan,
    marks_of,
    network_day,
    overseen_agency,
    require_version,
    the_cycle,
    the_open_cycle,
)
from referral_hub.use_cases.transaction import transaction


def begin_cycle(
    session: Session,
    actor: Actor,
    vault: Vault,
    plan: Plan,
    conditions: Mapping[str, str],
    *,
    now: datetime,
) -> UUID:
    """Begin an improvement for the agency that the actor oversees, or the network, and return its
    id. Raises InvalidInput naming all faults."""
    require(actor, Permission.FIGURES_FOLLOW)
    author_id = author_of(actor)
    with transaction(session):
        today = network_day(session, now)
        query = _checked(actor, conditions, today, now)
        plan = check_plan(plan, today, oversight_of(actor), query.side)
        cycle = ImprovementCycle(
            id=uuid4(), agency_id=overseen_agency(actor), author_id=author_id, stage=Stage.PLAN,
            conditions=read_filter(conditions), version=1, opened_at=now, changed_at=now,
        )  # fmt: skip
        keep_plan(vault, cycle, plan)
        session.add(cycle)
        add_audit(session, actor, "improvement:begin", cycle, agency_id=cycle.agency_id, now=now)
        return cycle.id


def change_cycle(
    session: Session,
    actor: Actor,
    vault: Vault,
    cycle_id: UUID,
    plan: Plan,
    conditions: Mapping[str, str],
    stage: Stage,
    version: int,
    *,
    now: datetime,
) -> None:
    """Write the plan anew, and say in which stage it is.

    Raises InvalidInput, VersionConflict where somebody else changed it since `version`, and
    Conflict for one that is closed.
    """
    require(actor, Permission.FIGURES_FOLLOW)
    if stage not in OPEN_STAGES:
        message = "Choose a stage. To close it, say what was learned."
        raise InvalidInput(message, {"stage": message})
    with transaction(session):
        cycle = the_open_cycle(session, actor, cycle_id)
        require_version(cycle, version)
        today = network_day(session, now)
        query = _checked(actor, conditions, today, now)
        keep_plan(vault, cycle, check_plan(plan, today, oversight_of(actor), query.side))
        cycle.conditions = read_filter(conditions)
        cycle.stage, cycle.version, cycle.changed_at = stage, version + 1, now
        add_audit(session, actor, "improvement:change", cycle, agency_id=cycle.agency_id, now=now)


def mark_change(
    session: Session,
    actor: Actor,
    vault: Vault,
    cycle_id: UUID,
    day: date,
    words: str,
    *,
    now: datetime,
) -> UUID:
    """Mark the day on which something was changed, and return the id of the mark.

    Raises InvalidInput, and Conflict for a cycle that is closed.
    """
    require(actor, Permission.FIGURES_FOLLOW)
    author_id = author_of(actor)
    with transaction(session):
        cycle = the_open_cycle(session, actor, cycle_id)
        today = network_day(session, now)
        words = check_mark(words, day, cycle.baseline_on, cycle.ends_on, today)
        if len(marks_of(session, cycle_id)) >= MOST_MARKS:
            message = f"An improvement can have {MOST_MARKS} changes. Begin another one."
            raise InvalidInput(message, {"words": message})
        mark = ImprovementMark(
            id=uuid4(), cycle_id=cycle_id, author_id=author_id, day=day, recorded_at=now
        )
        mark.words_sealed = vault.seal("improvement_mark.words", mark.id, words)
        session.add(mark)
        add_audit(session, actor, "improvement:mark", mark, agency_id=cycle.agency_id, now=now)
        return mark.id


def withdraw_mark(
    session: Session, actor: Actor, cycle_id: UUID, mark_id: UUID, *, now: datetime
) -> None:
    """Take back a mark that was wrong. Raises NotFound, and Conflict for a closed cycle."""
    require(actor, Permission.FIGURES_FOLLOW)
    with transaction(session):
        cycle = the_open_cycle(session, actor, cycle_id)
        mark = session.get(ImprovementMark, mark_id)
        if mark is None or mark.cycle_id != cycle_id or mark.withdrawn_at is not None:
            raise NotFound(NOTHING_HERE)
        mark.withdrawn_at = now
        add_audit(
            session, actor, "improvement:withdraw-mark", mark, agency_id=cycle.agency_id, now=now
        )


def write_log(
    session: Session, actor: Actor, vault: Vault, cycle_id: UUID, text: str, *, now: datetime
) -> UUID:
    """Write into the log of a cycle, also of one that is closed, and return the id of the line."""
    require(actor, Permission.FIGURES_FOLLOW)
    text = clean_words(text, "text", "Write what happened.")
    author_id = author_of(actor)
    with transaction(session):
        cycle = the_cycle(session, actor, cycle_id)
        note = ImprovementNote(
            id=uuid4(), cycle_id=cycle_id, author_id=author_id, stage=cycle.stage, recorded_at=now
        )
        note.text_sealed = vault.seal("improvement_note.text", note.id, text)
        session.add(note)
        add_audit(session, actor, "improvement:write", note, agency_id=cycle.agency_id, now=now)
        return note.id


def close_cycle(
    session: Session,
    actor: Actor,
    vault: Vault,
    cycle_id: UUID,
    learned: str,
    version: int,
    *,
    now: datetime,
) -> None:
    """End a cycle with what was learned. Raises InvalidInput, VersionConflict, and Conflict for one
    that is closed."""
    require(actor, Permission.FIGURES_FOLLOW)
    learned = clean_words(learned, "learned", "Say what was learned, also if nothing came of it.")
    with transaction(session):
        cycle = the_open_cycle(session, actor, cycle_id)
        require_version(cycle, version)
        cycle.learned_sealed = vault.seal(LEARNED, cycle.id, learned)
        cycle.stage, cycle.version = Stage.CLOSED, version + 1
        cycle.changed_at = cycle.closed_at = now
        add_audit(session, actor, "improvement:close", cycle, agency_id=cycle.agency_id, now=now)


def _checked(
    actor: Actor, conditions: Mapping[str, str], today: date, now: datetime
) -> FigureQuery:
    """The question about referrals that meet a filter, if the actor may ask it."""
    query = query_with(read_filter(conditions), today - LONGEST, today)
    check_query(query, oversight_of(actor), now)
    return query
