"""How the work of a team is shared: for who supervises it."""

from collections.abc import Sequence
from datetime import datetime
from statistics import median
from uuid import UUID

from sqlalchemy.orm import Session

from referral_hub.gateways.field_crypto import Vault
from referral_hub.rules.actor import Actor
from referral_hub.rules.caseload_signals import SUPERVISOR_WORDS, reasons_for
from referral_hub.rules.caseload_weights import Load, equity_of, formula, load_of
from referral_hub.rules.errors import NotFound
from referral_hub.rules.permissions import NOTHING_HERE, Permission, require
from referral_hub.use_cases.caseload_views import TeamLoad, WorkerLine, WorkerLoad
from referral_hub.use_cases.steps.audit import add_audit
from referral_hub.use_cases.steps.case_lines import case_lines, history_of
from referral_hub.use_cases.steps.caseload_signals import seen_by_supervisor
from referral_hub.use_cases.steps.caseloads import (
    CaseloadRules,
    HeldCase,
    caseload_rules,
    cases_at,
    loads_of,
    team_workers,
)
from referral_hub.use_cases.steps.client_staff import teams_of, workers_of
from referral_hub.use_cases.steps.clients import agency_of, local_day
from referral_hub.use_cases.steps.overdue_work import overdue_of
from referral_hub.use_cases.steps.people_views import names_of
from referral_hub.use_cases.steps.supervised import supervised_teams
from referral_hub.use_cases.steps.team_flow import team_flow
from referral_hub.use_cases.transaction import transaction

NOBODY = "Nobody yet"


def show_team_load(
    session: Session, actor: Actor, vault: Vault, team_id: UUID | None = None, *, now: datetime
) -> TeamLoad | None:
    """How the work of a team is shared; without an id of the first that the actor supervises, None
    where they supervise none. Raises NotFound for a team that is not theirs."""
    require(actor, Permission.CASELOAD_READ)
    agency_id = agency_of(actor)
    teams = _own_teams(session, actor, agency_id)
    chosen = _chosen(teams, team_id)
    if chosen is None:
        return None
    return _team_load(session, vault, agency_id, chosen, teams, now)


def export_team_load(
    session: Session, actor: Actor, vault: Vault, team_id: UUID | None = None, *, now: datetime
) -> TeamLoad:
    """How the work of a team is shared, for a file; the audit says that it left the hub. Without an
    id of the first team that the actor supervises. Raises NotFound for a team that is not theirs.
    """
    require(actor, Permission.CASELOAD_READ)
    agency_id = agency_of(actor)
    with transaction(session):
        teams = _own_teams(session, actor, agency_id)
        chosen = _chosen(teams, team_id)
        if chosen is None:
            raise NotFound(NOTHING_HERE)
        view = _team_load(session, vault, agency_id, chosen, teams, now)
        detail = f"team {chosen}, {len(view.lines)} workers"
        add_audit(session, actor, "caseload:export", agency_id=agency_id, detail=detail, now=now)
    return view


def show_worker_load(
    session: Session, actor: Actor, vault: Vault, person_id: UUID | None, *, now: datetime
) -> WorkerLoad:
    """The cases of a worker in the teams that the actor supervises, or those of nobody (None). That
    they were looked at is noted in the audit. Raises NotFound for who has nothing to do with them.
    """
    require(actor, Permission.CASELOAD_READ)
    agency_id = agency_of(actor)
    with transaction(session):
        teams = _own_teams(session, actor, agency_id)
        rules, today = caseload_rules(session), local_day(session, agency_id, now)
        every = cases_at(session, agency_id, now)
        theirs = [case for case in every if case.worker_id == person_id]
        seen = [case for case in theirs if case.team_id in teams]
        members = {each for team in teams for each in team_workers(session, agency_id, team, today)}
        if person_id is not None and not seen and person_id not in members:
            raise NotFound(NOTHING_HERE)
        loads = loads_of(every, rules.weights)
        names = names_of(session, vault, workers_of(session, agency_id) | loads.keys())
        lines = case_lines(session, vault, seen, rules.weights, today)
        add_audit(
            session, actor, "client:list", agency_id=agency_id, detail=f"{len(lines)} weighed",
            shown=(line.client_id for line in lines), now=now,
        )  # fmt: skip
        own = load_of((case.facts for case in seen), rules.weights)
        elsewhere = [case.facts for case in theirs if case.team_id not in teams]
        whole = load_of((case.facts for case in theirs), rules.weights)
        name = NOBODY if person_id is None else names[person_id]
        people = [] if person_id is None else [(person_id, name)]
        return WorkerLoad(
            person_id=person_id,
            name=name,
            load=own.for_others,
            elsewhere=load_of(elsewhere, rules.weights).for_others,
            place=rules.band.place(whole.points),
            band=rules.band,
            formula=formula(rules.weights),
            cases=lines,
            others=_others(session, agency_id, person_id, names, loads),
            history=history_of(session, agency_id, people, today),
        )


def _chosen(teams: dict[UUID, str], team_id: UUID | None) -> UUID | None:
    """The team that is asked for, or the first one. Raises NotFound for one that is not theirs."""
    if team_id is not None and team_id not in teams:
        raise NotFound(NOTHING_HERE)
    return team_id or next(iter(teams), None)


def _own_teams(session: Session, actor: Actor, agency_id: UUID) -> dict[UUID, str]:
    """The teams that the actor supervises, by id, in the order of their names."""
    own = supervised_teams(actor)
    return {team: name for team, name in teams_of(session, agency_id).items() if team in own}


def _team_load(
    session: Session,
    vault: Vault,
    agency_id: UUID,
    team_id: UUID,
    teams: dict[UUID, str],
    now: datetime,
) -> TeamLoad:
    rules, today = caseload_rules(session), local_day(session, agency_id, now)
    every = cases_at(session, agency_id, now)
    of_team = [case for case in every if case.team_id == team_id]
    lines = _lines(session, vault, agency_id, team_id, every, rules, now)
    points = [line.load.points for line in lines]
    own = load_of((case.facts for case in of_team), rules.weights)
    people = [(line.person_id, line.name) for line in lines]
    return TeamLoad(
        team_id=team_id,
        name=teams[team_id],
        teams=teams,
        formula=formula(rules.weights),
        band=rules.band,
        lines=lines,
        median=median(points) if points else 0.0,
        equity=equity_of(points),
        unassigned=load_of(
            (case.facts for case in of_team if case.worker_id is None), rules.weights
        ).for_others,
        own=own.for_others,
        flow=team_flow(session, agency_id, team_id, own, rules.band, today, now),
        history=history_of(session, agency_id, people, today),
    )


def _lines(
    session: Session,
    vault: Vault,
    agency_id: UUID,
    team_id: UUID,
    every: Sequence[HeldCase],
    rules: CaseloadRules,
    now: datetime,
) -> tuple[WorkerLine, ...]:
    """Who belongs to the team or has a case of it, by name: the order is no ranking."""
    today = local_day(session, agency_id, now)
    members = team_workers(session, agency_id, team_id, today)
    carrying = {case.worker_id for case in every if case.team_id == team_id and case.worker_id}
    people = members | carrying
    loads = loads_of(every, rules.weights)
    middle = median(loads.get(each, Load()).points for each in people) if people else 0.0
    overdue = overdue_of(session, agency_id, people, today, now)
    told = seen_by_supervisor(session, agency_id, people, rules.limits, now)
    found = []
    for person_id, name in names_of(session, vault, people).items():
        load = loads.get(person_id, Load())
        reasons = reasons_for(load, rules.band, rules.limits)
        found.append(
            WorkerLine(
                person_id=person_id,
                name=name,
                load=load.for_others,
                place=rules.band.place(load.points),
                apart=round(load.points - middle, 1),
                overdue=overdue.get(person_id, 0),
                in_team=person_id in members,
                signals=tuple(
                    SUPERVISOR_WORDS[reason]
                    for reason in reasons
                    if reason in told.get(person_id, ())
                ),
            )
        )
    return tuple(sorted(found, key=lambda line: (line.name.casefold(), str(line.person_id))))


def _others(
    session: Session,
    agency_id: UUID,
    person_id: UUID | None,
    names: dict[UUID, str],
    loads: dict[UUID, Load],
) -> tuple[tuple[UUID, str, float], ...]:
    """To whom cases can go, by name, with what they carry."""
    found = [
        (each, names[each], loads.get(each, Load()).points)
        for each in workers_of(session, agency_id)
        if each != person_id
    ]
    return tuple(sorted(found, key=lambda other: other[1].casefold()))
