"""Whom a client or a received referral may fit."""

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from referral_hub.models import Need
from referral_hub.rules.actor import Person
from referral_hub.rules.clients import NeedStatus
from referral_hub.rules.errors import NotFound, NotPermitted
from referral_hub.rules.referral_lifecycle import Move
from referral_hub.use_cases.clients import assign_client
from referral_hub.use_cases.needs import close_need
from referral_hub.use_cases.profile import change_languages
from referral_hub.use_cases.suggest_workers import suggest_for_client, suggest_for_referral
from tests.caseload_world import Team, a_team
from tests.referral_acts import a_sent_one
from tests.referral_world import NOW, VAULT

DAY = timedelta(days=1)


@pytest.fixture
def team(sqlite_session: Session) -> Team:
    return a_team(sqlite_session)


def reasons(team: Team, client: UUID) -> dict[UUID, tuple[str, ...]]:
    found = suggest_for_client(team.session, team.ana, client, VAULT, now=NOW)
    return {each.person_id: each.reasons for each in found}


def test_the_language_that_a_client_prefers_is_a_reason(team: Team) -> None:
    change_languages(team.session, team.ike, ["es", "pl"], now=NOW)
    client = team.case(None, languages=("es", "en"))
    found = reasons(team, client)
    assert found[team.ike.person_id][0] == "speaks Spanish"
    assert next(iter(found)) == team.ike.person_id
    assert "speaks" not in " ".join(found[team.ana.person_id])


def test_cases_done_count_for_who_was_responsible_when_the_need_was_met(team: Team) -> None:
    past = team.case(team.ike, needs=2, at=NOW - 9 * DAY)
    needs = team.session.scalars(select(Need.id).where(Need.client_id == past)).all()
    for need in needs:
        close_need(team.session, team.ana, past, need, NeedStatus.MET, now=NOW - 5 * DAY)
    assign_client(
        team.session, team.ana, past, team_id=team.staff.team_id, worker_id=team.ana.person_id,
        acuity=3, now=NOW - DAY,
    )  # fmt: skip
    found = reasons(team, team.case(None, needs=1))
    assert "1 housing case done" in found[team.ike.person_id]
    assert "done" not in " ".join(found[team.ana.person_id])


def test_who_had_the_client_before_is_named_and_who_has_the_case_now_is_not(team: Team) -> None:
    client = team.case(team.ana, at=NOW - 9 * DAY)
    assign_client(
        team.session, team.ana, client, team_id=team.staff.team_id, worker_id=team.ike.person_id,
        acuity=3, now=NOW - DAY,
    )  # fmt: skip
    found = reasons(team, client)
    assert "has worked with this client before" in found[team.ana.person_id]
    assert team.ike.person_id not in found


def test_the_load_is_told_against_the_median_of_the_team(team: Team) -> None:
    for _ in range(2):
        team.case(team.ana)
    found = reasons(team, team.case(None))
    assert found[team.ike.person_id] == ("load 0, 6 below the team's median",)
    assert found[team.ana.person_id] == ("load 12, 6 above the team's median",)


def test_nothing_is_assigned(team: Team) -> None:
    client = team.case(None)
    reasons(team, client)
    assert team.client(client).worker_id is None


def test_only_who_works_with_the_client_is_told(team: Team) -> None:
    client = team.case(None)
    with pytest.raises(NotPermitted):
        suggest_for_client(team.session, team.sue, client, VAULT, now=NOW)
    with pytest.raises(NotFound):
        suggest_for_client(team.session, team.world.stranger.case_manager, client, VAULT, now=NOW)


def test_a_received_referral_is_judged_by_what_was_shared(sqlite_session: Session) -> None:
    played = a_sent_one(sqlite_session)
    staff = played.world.receiver
    change_languages(sqlite_session, staff.case_manager, ["es"], now=NOW)

    def asked(actor: Person) -> list[tuple[UUID, tuple[str, ...]]]:
        found = suggest_for_referral(sqlite_session, actor, played.referral_id, VAULT, now=NOW)
        return [(each.person_id, each.reasons) for each in found]

    first, second = asked(staff.intake_worker)
    assert first[0] == staff.case_manager.person_id
    assert first[1][0] == "speaks Spanish"
    assert second[0] == staff.intake_worker.person_id
    assert asked(played.world.sender.case_manager) == []
    with pytest.raises(NotFound):
        asked(played.world.stranger.intake_worker)


def test_who_took_an_earlier_referral_of_the_client_knows_them(sqlite_session: Session) -> None:
    played = a_sent_one(sqlite_session)
    staff = played.world.receiver
    played.move(Move.ACCEPT, assignee_id=staff.case_manager.person_id)
    found = suggest_for_referral(
        sqlite_session, staff.intake_worker, played.referral_id, VAULT, now=NOW
    )
    known = {each.person_id for each in found if "before" in " ".join(each.reasons)}
    assert known == {staff.case_manager.person_id}


def test_languages_that_there_are_not_are_refused(team: Team) -> None:
    with pytest.raises(Exception, match="from the list"):
        change_languages(team.session, team.ana, ["klingon"], now=NOW)
