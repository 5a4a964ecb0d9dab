"""Clients from a file: bad rows by line, likely duplicates, all or nothing."""

from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from referral_hub.models import AuditRow, Client, ClientKey
from referral_hub.rules.client_profile import Profile
from referral_hub.rules.clients import ContactWay
from referral_hub.rules.errors import HubError, ImportFailed, InvalidInput, NotPermitted
from referral_hub.use_cases.client_views import ClientImport
from referral_hub.use_cases.clients import add_client
from referral_hub.use_cases.find_clients import find_clients
from referral_hub.use_cases.import_clients import import_clients, preview_clients
from referral_hub.use_cases.steps.clients import profile_of
from tests.referral_world import NOW, VAULT, World, a_world

GOOD = b"""First Name,Last Name,DOB,Cell Phone,Language,Veteran,Monthly Income,Preferred Contact
Rosa,Quintero-Vega,4/17/1988,(773) 555-0143,Spanish; en,No,"$1,900.50",text
Ana,Lopez,1990-01-02,,,unknown,,
"""


@pytest.fixture
def world(session: Session) -> World:
    return a_world(session)


def preview(session: Session, world: World, content: bytes, **more: object) -> ClientImport:
    return preview_clients(
        session,
        world.sender.case_manager,
        content,
        VAULT,
        **more,
        now=NOW,  # type: ignore[arg-type]
    )


def load(session: Session, world: World, content: bytes, **more: object) -> ClientImport:
    return import_clients(
        session,
        world.sender.case_manager,
        content,
        VAULT,
        **more,
        now=NOW,  # type: ignore[arg-type]
    )


def kept(session: Session) -> list[Profile]:
    session.rollback()
    found = [profile_of(VAULT, client) for client in session.scalars(select(Client))]
    return sorted(found, key=lambda profile: profile.given_name)


def test_a_file_becomes_clients_who_are_found(session: Session, world: World) -> None:
    told = load(session, world, GOOD)
    assert (told.rows, told.added, told.bad, told.doubles) == (2, 2, (), ())
    ana, rosa = kept(session)
    assert rosa == Profile(
        given_name="Rosa", family_name="Quintero-Vega", birth_date=date(1988, 4, 17),
        phone="+17735550143", languages=("es", "en"), veteran=False, income=1901,
        contact_ways=(ContactWay.TEXT,),
    )  # fmt: skip
    assert ana == Profile(given_name="Ana", family_name="Lopez", birth_date=date(1990, 1, 2))
    found = find_clients(session, world.sender.intake_worker, "quint", VAULT, now=NOW)
    assert [each.name for each in found.clients] == ["Rosa Quintero-Vega"]
    actions = session.scalars(select(AuditRow.action).order_by(AuditRow.id)).all()
    assert actions == ["client:add", "client:add", "client:import", "client:search"]


def test_looking_through_a_file_changes_nothing(session: Session, world: World) -> None:
    told = preview(session, world, GOOD)
    assert (told.rows, told.added) == (2, 0)
    assert told.columns["birth_date"] == "DOB"
    assert kept(session) == []
    assert session.scalars(select(ClientKey)).all() == []


def test_every_bad_row_is_named_with_its_line_and_reason(session: Session, world: World) -> None:
    content = (
        b"Name,DOB,Phone,Veteran\nAna,1/2/90,,\n,1/2/1990,12,perhaps\n"
        b"Eva,31/12/1990,,\nGood One,1/2/1990,,\nToo,1/2/1990,,,more\nFuture,1/1/2999,,\n"
    )
    told = preview(session, world, content)
    assert [row.line for row in told.bad] == [2, 3, 4, 6, 7]
    assert "all 4 digits of the year" in told.bad[0].reason
    for words in ("First name: Enter", "Phone: Use a phone number", "Veteran: write yes or no"):
        assert words in told.bad[1].reason
    assert "no such day" in told.bad[2].reason
    assert "future" in told.bad[4].reason
    with pytest.raises(InvalidInput) as error:
        load(session, world, content)
    assert list(error.value.fields) == ["line 2", "line 3", "line 4", "line 6", "line 7"]
    assert kept(session) == []


def test_rows_that_may_be_there_are_told_and_left_out_unless_wanted(
    session: Session, world: World
) -> None:
    there = add_client(
        session, world.sender.case_manager,
        Profile(given_name="Rosa", family_name="Quintero", birth_date=date(1988, 4, 17)),
        VAULT, now=NOW,
    )  # fmt: skip
    content = GOOD + b"Anna,Lopes,1/2/1990,,,,,\n"
    told = preview(session, world, content)
    rosa, anna = told.doubles
    assert (rosa.line, [each.client_id for each in rosa.duplicates]) == (2, [there])
    assert (anna.line, anna.duplicates, anna.other_line) == (4, (), 3)
    assert load(session, world, content).added == 1
    assert load(session, world, content, doubles_too=True).added == 3


def test_the_same_file_again_adds_nobody(session: Session, world: World) -> None:
    load(session, world, GOOD)
    assert load(session, world, GOOD).added == 0
    assert len(kept(session)) == 2


def test_files_of_another_agency_are_not_compared(session: Session, world: World) -> None:
    load(session, world, GOOD)
    other = world.receiver.case_manager
    assert preview_clients(session, other, GOOD, VAULT, now=NOW).doubles == ()
    assert import_clients(session, other, GOOD, VAULT, now=NOW).added == 2


@pytest.mark.parametrize(
    "content",
    [
        b"", b"  \n", b"a,b\n1,2\n", b"First Name\n", b'First Name\n"Ana\n', b"PK\x03\x04\x00\xff",
        b"First Name\n" + b"Ana\n" * 2001, b"First Name\n" + b"A" * 300_001,
        b"First Name" + b",A" * 200 + b"\nAna\n",
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_read_is_refused_as_a_whole(
    session: Session, world: World, content: bytes
) -> None:
    for act in (preview, load):
        with pytest.raises(ImportFailed):
            act(session, world, content)


def test_columns_can_be_named_and_names_stand_in_one_cell(session: Session, world: World) -> None:
    content = b"Who;Born\nVega, Rosa;4/17/1988\nAna Maria Lopez;\n"
    load(session, world, content, columns={"full_name": "Who", "birth_date": "Born"})
    ana, rosa = kept(session)
    assert (ana.given_name, ana.family_name) == ("Ana Maria", "Lopez")
    assert (rosa.given_name, rosa.family_name) == ("Rosa", "Vega")
    for wrong in ({"full_name": "X"}, {"luck": "Who"}):
        with pytest.raises(ImportFailed):
            load(session, world, content, columns=wrong)


def test_an_old_encoding_and_blank_rows_do_no_harm(session: Session, world: World) -> None:
    told = load(session, world, "Nombre,Apellido\nJosé,Peña\n,\n".encode("cp1252"))
    assert told.added == 1
    assert any("Windows-1252" in remark for remark in told.remarks)
    assert kept(session)[0].family_name == "Peña"


def test_an_import_that_breaks_leaves_nothing_behind(session: Session, world: World) -> None:
    with pytest.raises(InvalidInput) as error:
        load(session, world, GOOD, team_id=world.receiver.team_id)
    assert set(error.value.fields) == {"team_id"}
    with pytest.raises(InvalidInput) as error:
        load(session, world, GOOD, worker_id=world.sender.administrator.person_id)
    assert set(error.value.fields) == {"worker_id"}
    assert kept(session) == []


def test_only_who_may_change_clients_imports_them(session: Session, world: World) -> None:
    for actor in (world.sender.supervisor, world.sender.administrator, world.steward):
        for act in (preview_clients, import_clients):
            with pytest.raises(NotPermitted):
                act(session, actor, GOOD, VAULT, now=NOW)


cells = st.sampled_from(
    ["", "Ana", "4/17/1988", "yes", "773-555-0143", '"', ",", "\x00", "\n", "é"]
)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.lists(cells | st.text(max_size=12), max_size=5), max_size=6), st.binary(max_size=40)
)
def test_any_file_is_answered(sqlite_session: Session, rows: list[list[str]], noise: bytes) -> None:
    world = a_world_once(sqlite_session)
    text = "\n".join(",".join(row) for row in rows).encode("utf-8", "surrogatepass")
    for content in (b"First Name,Last Name,DOB,Veteran,Phone\n" + text, noise, text + noise):
        try:
            preview(sqlite_session, world, content)
        except HubError as error:
            assert isinstance(error, ImportFailed)  # noqa: PT017 any other class is a fault


WORLDS: dict[int, World] = {}


def a_world_once(session: Session) -> World:
    """The examples of a property test share one database."""
    if id(session) not in WORLDS:
        WORLDS[id(session)] = a_world(session)
    return WORLDS[id(session)]
