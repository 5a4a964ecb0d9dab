"""Clients of an agency: added, shown, changed, given to a worker, closed and reopened."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from referral_hub.gateways.field_crypto import Vault
from referral_hub.models import Client, Team
from referral_hub.rules.actor import Actor
from referral_hub.rules.caseload_weights import CaseFacts, in_numbers
from referral_hub.rules.client_matching import LIKENESS_LABEL
from referral_hub.rules.client_profile import Profile
from referral_hub.rules.clients import CaseEnd, NeedStatus, check_acuity
from referral_hub.rules.errors import Conflict, LikelyDuplicate
from referral_hub.rules.permissions import Permission, is_allowed, require
from referral_hub.rules.profile_check import check_profile
from referral_hub.use_cases.client_views import ClientChoices, ClientView, NeedView
from referral_hub.use_cases.steps.audit import add_audit
from referral_hub.use_cases.steps.caseloads import caseload_rules
from referral_hub.use_cases.steps.client_change import keep_profile, require_version
from referral_hub.use_cases.steps.client_duplicates import duplicates_of
from referral_hub.use_cases.steps.client_keys import add_keys
from referral_hub.use_cases.steps.client_staff import (
    own_team,
    require_worker,
    team_for,
    teams_of,
    workers_of,
)
from referral_hub.use_cases.steps.client_work import (
    goal_views,
    household_views,
    need_views,
    note_views,
    task_views,
)
from referral_hub.use_cases.steps.clients import (
    agency_of,
    local_day,
    profile_of,
    seal_profile,
    the_client,
)
from referral_hub.use_cases.steps.people_views import names_of
from referral_hub.use_cases.steps.responsibility import (
    note_added,
    note_responsible,
    responsible_views,
)
from referral_hub.use_cases.transaction import transaction


def add_client(
    session: Session,
    actor: Actor,
    profile: Profile,
    vault: Vault,
    *,
    team_id: UUID | None = None,
    worker_id: UUID | None = None,
    acuity: int | None = None,
    anyway: bool = False,
    now: datetime,
) -> UUID:
    """Add a client to the actor's agency and return the id.

    Raises InvalidInput naming all faults, and LikelyDuplicate where a client who is there may be
    the same person, unless somebody looked and says to add them `anyway`.
    """
    require(actor, Permission.CLIENT_CHANGE)
    agency_id = agency_of(actor)
    check_acuity(acuity)
    with transaction(session):
        profile = check_profile(profile, local_day(session, agency_id, now))
        team = team_for(session, actor, agency_id, team_id)
        if worker_id is not None:
            require_worker(session, agency_id, worker_id, "worker_id")
        if not anyway:
            _require_new(session, vault, agency_id, profile)
        client = Client(
            agency_id=agency_id, team_id=team, worker_id=worker_id, acuity=acuity, version=1,
            opened_at=now, changed_at=now,
        )  # fmt: skip
        seal_profile(vault, client, profile)
        session.add(client)
        add_keys(session, vault, [(client, profile)])
        note_added(session, client)
        add_audit(session, actor, "client:add", client, agency_id=agency_id, now=now)
        return client.id


def show_client(
    session: Session, actor: Actor, client_id: UUID, vault: Vault, *, now: datetime
) -> ClientView:
    """A client with all the work. That it was looked at is noted in the audit."""
    require(actor, Permission.CLIENT_READ)
    with transaction(session):
        client = the_client(session, actor, Permission.CLIENT_READ, client_id)
        view = _view(session, actor, client, vault, now)
        add_audit(session, actor, "client:read", client, agency_id=client.agency_id, now=now)
    return view


def change_client(
    session: Session,
    actor: Actor,
    client_id: UUID,
    profile: Profile,
    version: int,
    vault: Vault,
    *,
    now: datetime,
) -> int:
    """Change a client's profile and return its new version.

    Raises VersionConflict, changing nothing, where somebody else changed it since `version`.
    """
    require(actor, Permission.CLIENT_CHANGE)
    with transaction(session):
        client = the_client(session, actor, Permission.CLIENT_CHANGE, client_id, lock=True)
        require_version(client, version)
        return keep_profile(session, actor, vault, client, profile, now=now)


def assign_client(
    session: Session,
    actor: Actor,
    client_id: UUID,
    *,
    team_id: UUID,
    worker_id: UUID | None,
    acuity: int | None,
    now: datetime,
) -> None:
    """Give a client to a team and a worker, and say how stable things are (1) or not (5)."""
    require(actor, Permission.CLIENT_CHANGE)
    check_acuity(acuity)
    with transaction(session):
        client = the_client(session, actor, Permission.CLIENT_CHANGE, client_id, lock=True)
        if team_id != client.team_id:
            client.team_id = team_for(session, actor, client.agency_id, team_id)
        if worker_id is not None and worker_id != client.worker_id:
            require_worker(session, client.agency_id, worker_id, "worker_id")
        client.worker_id = worker_id
        client.acuity = acuity
        note_responsible(session, client, now=now)
        detail = f"team {client.team_id}, worker {worker_id}"
        add_audit(
            session, actor, "client:assign", client, agency_id=client.agency_id, detail=detail,
            now=now,
        )  # fmt: skip


def close_case(
    session: Session, actor: Actor, client_id: UUID, reason: CaseEnd, *, now: datetime
) -> None:
    """End the work with a client. Raises Conflict where it has ended already."""
    require(actor, Permission.CLIENT_CHANGE)
    with transaction(session):
        client = the_client(session, actor, Permission.CLIENT_CHANGE, client_id, lock=True)
        if client.closed_at is not None:
            raise Conflict("This case is closed already. Load the page again.")
        client.closed_at, client.closed_reason = now, reason
        note_responsible(session, client, now=now)
        add_audit(
            session, actor, "client:close", client, agency_id=client.agency_id, detail=reason,
            now=now,
        )  # fmt: skip


def reopen_case(session: Session, actor: Actor, client_id: UUID, *, now: datetime) -> None:
    """Take up the work with a client again. Raises Conflict where it has not ended."""
    require(actor, Permission.CLIENT_CHANGE)
    with transaction(session):
        client = the_client(session, actor, Permission.CLIENT_CHANGE, client_id, lock=True)
        if client.closed_at is None:
            raise Conflict("This case is open. Load the page again.")
        client.closed_at = client.closed_reason = None
        note_responsible(session, client, now=now)
        add_audit(session, actor, "client:reopen", client, agency_id=client.agency_id, now=now)


def client_choices(session: Session, actor: Actor, vault: Vault) -> ClientChoices:
    """The teams and workers of the agency to whom a client can be given."""
    require(actor, Permission.CLIENT_READ)
    agency_id = agency_of(actor)
    teams = teams_of(session, agency_id)
    names = names_of(session, vault, workers_of(session, agency_id))
    in_order = sorted(names.items(), key=lambda item: (item[1].casefold(), str(item[0])))
    return ClientChoices(teams, dict(in_order), own_team(session, actor, teams))


def _require_new(session: Session, vault: Vault, agency_id: UUID, profile: Profile) -> None:
    found = duplicates_of(session, vault, agency_id, profile)
    if found:
        raise LikelyDuplicate(
            "This person may be a client of your agency already. Open that record instead, or add "
            "them all the same if it is somebody else.",
            {each.client_id: f"{each.name}: {LIKENESS_LABEL[each.likeness]}" for each in found},
        )


def _view(
    session: Session, actor: Actor, client: Client, vault: Vault, now: datetime
) -> ClientView:
    today = local_day(session, client.agency_id, now)
    profile = profile_of(vault, client)
    team = session.get(Team, client.team_id)
    may_change = is_allowed(actor, Permission.CLIENT_CHANGE, client.agency_id)
    needs = need_views(session, vault, client.id)
    workers = names_of(session, vault, [client.worker_id] if client.worker_id else [])
    return ClientView(
        id=client.id,
        profile=profile,
        version=client.version,
        team_id=client.team_id,
        team=team.name if team is not None else "",
        worker_id=client.worker_id,
        worker=workers.get(client.worker_id, "") if client.worker_id else "",
        acuity=client.acuity,
        opened_at=client.opened_at,
        changed_at=client.changed_at,
        last_contact_at=client.last_contact_at,
        closed_at=client.closed_at,
        closed_reason=CaseEnd(client.closed_reason) if client.closed_reason else None,
        received_from=client.received_from,
        may_change=may_change,
        intensity=client.intensity,
        travels=client.travels,
        trauma=client.trauma if may_change else None,
        weight=_weight(session, client, needs),
        responsible=responsible_views(session, vault, client.id),
        household=household_views(session, vault, client.id),
        needs=needs,
        goals=goal_views(session, vault, client.id, today),
        notes=note_views(session, vault, client.id),
        tasks=task_views(session, vault, [client], today, done_too=True),
    )


def _weight(session: Session, client: Client, needs: Sequence[NeedView]) -> str:
    """How the weight of a case comes about."""
    open_needs = sum(need.status is NeedStatus.OPEN for need in needs)
    facts = CaseFacts(client.acuity, client.intensity, open_needs, client.travels)
    return in_numbers(facts, caseload_rules(session).weights)
