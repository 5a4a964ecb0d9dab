"""Improvement cycles inside a transaction: whose they are, and what is sealed of them."""

from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from referral_hub.gateways.field_crypto import Vault
from referral_hub.models import FigureNote, ImprovementCycle, ImprovementMark
from referral_hub.rules.actor import Actor
from referral_hub.rules.errors import Conflict, NotFound, VersionConflict
from referral_hub.rules.figure_query import oversight_of
from referral_hub.rules.improvements import Drawn, Every, Plan, Stage, measured_of
from referral_hub.rules.permissions import NOTHING_HERE
from referral_hub.use_cases.steps.network import network_setting

TITLE, AIM = "improvement_cycle.title", "improvement_cycle.aim"
CHANGE, LEARNED = "improvement_cycle.change", "improvement_cycle.learned"


def overseen_agency(actor: Actor) -> UUID | None:
    """The agency whose figures somebody follows; None where it is the whole network."""
    return oversight_of(actor).agency_id


def is_of(
    model: type[ImprovementCycle] | type[FigureNote], agency_id: UUID | None
) -> ColumnElement[bool]:
    """Of an agency, or of the network."""
    return model.agency_id.is_(None) if agency_id is None else model.agency_id == agency_id


def the_cycle(
    session: Session, actor: Actor, cycle_id: UUID, *, lock: bool = False
) -> ImprovementCycle:
    """A cycle of whoever oversees the same. Raises NotFound."""
    cycle = session.get(ImprovementCycle, cycle_id, with_for_update=True if lock else None)
    if cycle is None or cycle.agency_id != overseen_agency(actor):
        raise NotFound(NOTHING_HERE)
    return cycle


def the_open_cycle(session: Session, actor: Actor, cycle_id: UUID) -> ImprovementCycle:
    """The same, locked. Raises NotFound, and Conflict for one that is closed."""
    cycle = the_cycle(session, actor, cycle_id, lock=True)
    if cycle.stage == Stage.CLOSED:
        raise Conflict("This improvement is closed. Begin another one, or write into its log.")
    return cycle


def require_version(cycle: ImprovementCycle, version: int) -> None:
    """Raise VersionConflict where somebody else changed the cycle since `version`."""
    if cycle.version != version:
        raise VersionConflict(
            "Somebody else changed this improvement while you were writing. Nothing of yours is "
            "lost: look at it in another window, then save again.",
            cycle.version,
        )


def keep_plan(vault: Vault, cycle: ImprovementCycle, plan: Plan) -> None:
    """Write a plan into a cycle, whose id is known."""
    cycle.title_sealed = vault.seal(TITLE, cycle.id, plan.title)
    cycle.aim_sealed = vault.seal(AIM, cycle.id, plan.aim)
    cycle.change_sealed = vault.seal(CHANGE, cycle.id, plan.change)
    cycle.measured, cycle.every, cycle.drawn = plan.measured, plan.every, plan.drawn
    cycle.baseline_on, cycle.ends_on = plan.baseline_on, plan.ends_on


def plan_of(vault: Vault, cycle: ImprovementCycle) -> Plan:
    """The plan that stands in a cycle."""
    return Plan(
        title=title_of(vault, cycle),
        aim=vault.open(AIM, cycle.id, cycle.aim_sealed),
        change=vault.open(CHANGE, cycle.id, cycle.change_sealed),
        measured=measured_of(cycle.measured),
        every=Every(cycle.every),
        drawn=Drawn(cycle.drawn),
        baseline_on=cycle.baseline_on,
        ends_on=cycle.ends_on,
    )


def title_of(vault: Vault, cycle: ImprovementCycle) -> str:
    """What a cycle is called."""
    return vault.open(TITLE, cycle.id, cycle.title_sealed)


def marks_of(session: Session, cycle_id: UUID) -> list[ImprovementMark]:
    """The days on which something was changed, in their order."""
    return list(
        session.scalars(
            select(ImprovementMark)
            .where(ImprovementMark.cycle_id == cycle_id, ImprovementMark.withdrawn_at.is_(None))
            .order_by(ImprovementMark.day, ImprovementMark.recorded_at, ImprovementMark.id)
        )
    )


def network_day(session: Session, now: datetime) -> date:
    """Today where the network is: figures reckon their days there."""
    return now.astimezone(ZoneInfo(str(network_setting(session, "time_zone")))).date()
