"""Finding clients of one's own agency, and the caseload with what is overdue."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from referral_hub.gateways.field_crypto import Vault
from referral_hub.models import Agency, AuditRow, Client, ClientKey, Task, Team
from referral_hub.rules.actor import Actor, System
from referral_hub.rules.client_profile import Profile
from referral_hub.rules.errors import InvalidInput, NotPermitted
from referral_hub.rules.referral_lifecycle import Move
from referral_hub.use_cases.client_views import FoundClients
from referral_hub.use_cases.clients import add_client, change_client
from referral_hub.use_cases.find_clients import MOST_OPENED, MOST_SHOWN, PAGE, Whose, list_caseload
from referral_hub.use_cases.find_clients import find_clients as find
from referral_hub.use_cases.rotate_keys import rotate_keys
from referral_hub.use_cases.steps.client_duplicates import duplicates_of
from referral_hub.use_cases.steps.client_keys import add_keys
from referral_hub.use_cases.steps.clients import seal_profile
from tests.referral_acts import a_sent_one
from tests.referral_world import A_PROFILE, NOW, VAULT, Staff, World, a_need, a_world

ANA = Profile(given_name="Ana", family_name="Lopez", birth_date=date(1990, 1, 2))


@pytest.fixture
def world(session: Session) -> World:
    return a_world(session)


class CountingVault(Vault):
    """A vault that counts how many profiles were opened."""

    opened = 0

    def open(self, column: str, row: UUID | str, sealed: bytes) -> str:
        self.opened += column == "client.profile"
        return super().open(column, row, sealed)


def add(session: Session, staff: Staff, *profiles: Profile, vault: Vault = VAULT) -> list[UUID]:
    """Clients of an agency with their keys, each opened a minute after the one before."""
    made = []
    for number, profile in enumerate(profiles):
        at = NOW - timedelta(days=90) + timedelta(minutes=number)
        client = Client(
            agency_id=staff.agency_id, team_id=staff.team_id, opened_at=at, changed_at=at,
            worker_id=staff.case_manager.person_id, version=1,
        )  # fmt: skip
        seal_profile(vault, client, profile)
        made.append((client, profile))
    session.add_all(client for client, _ in made)
    add_keys(session, vault, made)
    session.commit()
    return [client.id for client, _ in made]


def found(session: Session, actor: Actor, text: str, vault: Vault = VAULT) -> list[UUID]:
    return [each.id for each in find(session, actor, text, vault, now=NOW).clients]


def test_clients_are_found_by_part_of_a_name_birth_date_or_phone(
    session: Session, world: World
) -> None:
    rosa, ana = add(session, world.sender, A_PROFILE, ANA)
    actor = world.sender.case_manager
    for text in ("ros", "quintero vega", "4/17/1988", "0143", "(773) 555-0143", "rosa 4/17/1988"):
        assert found(session, actor, text) == [rosa]
    assert found(session, actor, "lop an") == [ana]
    assert found(session, actor, "rosa lopez") == []


def test_what_the_stored_starts_cannot_tell_is_checked_in_the_profile(
    session: Session, world: World
) -> None:
    (long,) = add(session, world.sender, replace(ANA, family_name="Featherstonehaugh"))
    assert found(session, world.sender.case_manager, "featherstoneh") == [long]
    assert found(session, world.sender.case_manager, "featherstonex") == []


def test_only_clients_of_ones_own_agency_are_found(session: Session, world: World) -> None:
    (ours,) = add(session, world.sender, A_PROFILE)
    (theirs,) = add(session, world.receiver, A_PROFILE)
    assert found(session, world.sender.case_manager, "rosa") == [ours]
    assert found(session, world.receiver.application, "rosa") == [theirs]
    assert found(session, world.stranger.case_manager, "rosa") == []
    for actor in (world.steward, world.sender.administrator):
        with pytest.raises(NotPermitted):
            find(session, actor, "rosa", VAULT, now=NOW)
        with pytest.raises(NotPermitted):
            list_caseload(session, actor, VAULT, now=NOW)


def test_victim_services_find_their_own_clients(session: Session, world: World) -> None:
    session.get_one(Agency, world.sender.agency_id).victim_services = True
    session.commit()
    ours, other = add(session, world.sender, A_PROFILE, Profile(given_name="Iris"))
    add(session, world.receiver, A_PROFILE)
    actor = world.sender.case_manager
    for text in ("rosa", "quin", "1988-04-17", "0143"):
        assert found(session, actor, text) == [ours]
    assert found(session, actor, "iri") == [other]
    assert found(session, actor, "nobody") == []
    duplicates = duplicates_of(session, VAULT, world.sender.agency_id, A_PROFILE)
    assert [each.client_id for each in duplicates] == [ours]


def test_of_clients_of_victim_services_no_key_is_kept(session: Session, world: World) -> None:
    session.get_one(Agency, world.sender.agency_id).victim_services = True
    session.commit()
    actor = world.sender.case_manager
    client_id = add_client(session, actor, A_PROFILE, VAULT, now=NOW)
    changed = replace(A_PROFILE, family_name="Vega")
    change_client(session, actor, client_id, changed, 1, VAULT, now=NOW)
    assert found(session, actor, "vega") == [client_id]
    rotated = Vault({"new": bytes(range(1, 33)), "test": bytes(range(32))})
    rotate_keys(session, System(), rotated, now=NOW)
    assert session.scalars(select(ClientKey)).all() == []
    add(session, world.receiver, A_PROFILE)
    assert session.scalars(select(ClientKey)).all() != []


def test_a_client_who_comes_to_victim_services_leaves_no_key(session: Session) -> None:
    played = a_sent_one(session)
    session.get_one(Agency, played.world.receiver.agency_id).victim_services = True
    session.commit()
    played.move(Move.ACCEPT)
    assert session.scalars(select(ClientKey)).all() == []


def test_a_supervisor_finds_and_lists_only_clients_of_their_teams(
    session: Session, world: World
) -> None:
    ours, other = add(session, world.sender, A_PROFILE, replace(A_PROFILE, given_name="Rosalind"))
    team = Team(id=uuid4(), agency_id=world.sender.agency_id, name="Night", created_at=NOW)
    session.add(team)
    session.flush()
    session.get_one(Client, other).team_id = team.id
    session.commit()
    lead = world.sender.supervisor
    assert found(session, lead, "rosa") == [ours]
    assert [each.id for each in list_caseload(session, lead, VAULT, now=NOW).clients] == [ours]
    nobodys = replace(lead, teams=frozenset())
    assert found(session, nobodys, "rosa") == []
    assert list_caseload(session, nobodys, VAULT, now=NOW).total == 0


@pytest.mark.parametrize("text", ["", " ", "-", "?!", "\x00"])
def test_a_text_in_which_there_is_nothing_is_said(
    session: Session, world: World, text: str
) -> None:
    with pytest.raises(InvalidInput) as error:
        find(session, world.sender.case_manager, text, VAULT, now=NOW)
    assert set(error.value.fields) == {"q"}


def test_whole_names_and_open_cases_come_first(session: Session, world: World) -> None:
    begun, closed, whole = add(
        session, world.sender, replace(ANA, given_name="Anastasia"), ANA, replace(ANA, phone="")
    )
    session.get_one(Client, closed).closed_at = NOW
    session.commit()
    assert found(session, world.sender.case_manager, "ana") == [whole, closed, begun]


def test_where_many_fit_the_first_are_shown_and_more_is_said(
    session: Session, world: World
) -> None:
    add(session, world.sender, *[replace(ANA, family_name=f"L{n:03}") for n in range(MOST_SHOWN)])
    actor = world.sender.case_manager

    def asked() -> FoundClients:
        return find(session, actor, "ana", VAULT, now=NOW)

    assert (len(asked().clients), asked().more) == (MOST_SHOWN, False)
    add(session, world.sender, ANA)
    assert (len(asked().clients), asked().more) == (MOST_SHOWN, True)


def test_the_words_that_were_looked_for_are_nowhere_in_the_audit(
    session: Session, world: World
) -> None:
    add(session, world.sender, A_PROFILE)
    found = find(session, world.sender.case_manager, "rosa", VAULT, now=NOW)
    row = session.scalars(select(AuditRow)).one()
    assert (row.action, row.detail) == ("client:search", f"1 found: {found.clients[0].id}")


def test_the_number_of_questions_does_not_grow_with_the_clients(
    session: Session, world: World, count_statements: Callable[[], int]
) -> None:
    actor = world.sender.case_manager
    asked = []
    for _ in range(2):
        add(session, world.sender, *[replace(ANA, family_name=f"L{uuid4()}") for _ in range(20)])
        count_statements()
        find(session, actor, "ana", VAULT, now=NOW)
        searched = count_statements()
        list_caseload(session, actor, VAULT, now=NOW)
        asked.append((searched, count_statements()))
    assert asked[0] == asked[1]
    assert max(asked[0]) <= 12


def test_the_caseload_begins_with_what_is_overdue_and_who_was_not_seen_for_long(
    session: Session, world: World
) -> None:
    never, seen, long_ago, overdue = add(
        session, world.sender, *[replace(ANA, given_name=name) for name in ("A", "B", "C", "D")]
    )
    session.get_one(Client, seen).last_contact_at = NOW
    session.get_one(Client, long_ago).last_contact_at = NOW - timedelta(days=30)
    session.get_one(Client, overdue).last_contact_at = NOW
    add_task(session, world, overdue, NOW.date() - timedelta(days=1))
    add_task(session, world, seen, NOW.date())
    need = a_need(session, session.get_one(Client, seen))
    load = list_caseload(session, world.sender.case_manager, VAULT, now=NOW)
    assert [each.id for each in load.clients] == [overdue, never, long_ago, seen]
    assert [each.overdue_tasks for each in load.clients] == [1, 0, 0, 0]
    assert [each.open_needs for each in load.clients] == [0, 0, 0, 1]
    assert load.clients[3].last_contact_at == NOW
    assert load.clients[0].worker == "Case Manager North Side Housing"
    need.status = "met"
    session.commit()
    again = list_caseload(session, world.sender.case_manager, VAULT, now=NOW)
    assert again.clients[3].open_needs == 0


def test_what_is_overdue_counts_by_the_day_of_the_agency(session: Session, world: World) -> None:
    (client,) = add(session, world.sender, ANA)
    add_task(session, world, client, date(2026, 11, 30))
    evening = datetime(2026, 12, 1, 2, 0, tzinfo=UTC)

    def overdue() -> int:
        load = list_caseload(session, world.sender.case_manager, VAULT, now=evening)
        return load.clients[0].overdue_tasks

    assert overdue() == 0, "it is still the day where the network is, in Chicago"
    session.get_one(Agency, world.sender.agency_id).time_zone = "Europe/Berlin"
    session.commit()
    assert overdue() == 1


def test_a_caseload_has_pages_and_parts(session: Session, world: World) -> None:
    ids = add(session, world.sender, *[replace(ANA, given_name=f"A{n}") for n in range(PAGE + 3)])
    first, last = session.get_one(Client, ids[0]), session.get_one(Client, ids[1])
    first.closed_at, last.worker_id = NOW, world.sender.intake_worker.person_id
    session.commit()

    def load(whose: Whose, page: int = 1) -> tuple[int, int, int]:
        got = list_caseload(
            session, world.sender.case_manager, VAULT, whose=whose, page=page, now=NOW
        )
        return len(got.clients), got.total, got.pages

    assert load(Whose.ALL) == (PAGE, PAGE + 2, 2)
    assert load(Whose.ALL, 2) == (2, PAGE + 2, 2)
    assert load(Whose.ALL, 3) == (0, PAGE + 2, 2)
    assert load(Whose.MINE, 2) == (1, PAGE + 1, 2)
    assert load(Whose.CLOSED) == (1, 1, 1)
    for page in (0, -1, 10**9):
        with pytest.raises(InvalidInput):
            load(Whose.ALL, page)


@pytest.mark.slow
def test_among_twenty_thousand_clients_few_profiles_are_opened(
    session: Session, world: World, count_statements: Callable[[], int]
) -> None:
    vault = CountingVault({"test": bytes(range(32))})
    first = ("Maria", "Jose", "Ana", "Luis", "Rosa", "Juan", "Elena", "Pedro", "Lucia", "Omar")
    for start in range(0, 20_000, 2_000):
        add(
            session, world.sender,
            *[
                Profile(
                    given_name=f"{first[n % 10]} {chr(97 + n % 26)}{n % 97}x",
                    family_name=f"Lopez{chr(97 + n % 26)}{n}",
                    birth_date=date(1950, 1, 1) + timedelta(days=n % 15_000),
                    phone=f"+1312555{n % 10_000:04}",
                )
                for n in range(start, start + 2_000)
            ],
            vault=vault,
        )  # fmt: skip
    actor = world.sender.case_manager
    for text, most in (("ma", MOST_OPENED), ("maria lopez", MOST_OPENED), ("lopeza0", 1),
                       ("3/14/1960", 2), ("312-555-0042", 2), ("nobody", 0)):  # fmt: skip
        vault.opened = 0
        count_statements()
        find(session, actor, text, vault, now=NOW)
        assert vault.opened <= most, text
        assert count_statements() <= 12
    vault.opened = 0
    list_caseload(session, actor, vault, now=NOW)
    assert vault.opened <= PAGE


def add_task(session: Session, world: World, client_id: UUID, due_on: date) -> None:
    task = Task(
        id=uuid4(), agency_id=world.sender.agency_id, client_id=client_id, text_sealed=b"",
        urgency=1, importance=1, due_on=due_on, created_at=NOW,
    )  # fmt: skip
    session.add(task)
    session.commit()
