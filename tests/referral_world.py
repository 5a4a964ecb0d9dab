"""Two agencies that may refer to each other, a third one, their people, and a service."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from referral_hub.gateways.field_crypto import Vault
from referral_hub.models import (
    Agency,
    AgencyOrganization,
    Agreement,
    Client,
    Membership,
    Need,
    Organization,
    Person,
    Service,
    Team,
    TeamMember,
)
from referral_hub.rules.actor import Application
from referral_hub.rules.actor import Person as PersonActing
from referral_hub.rules.agencies import AgencyStatus
from referral_hub.rules.client_profile import Profile, to_json
from referral_hub.rules.clients import ContactWay
from referral_hub.rules.roles import Role
from referral_hub.rules.teams import TeamPart
from referral_hub.use_cases.steps.people import seal_person

NOW = datetime(2026, 11, 30, 16, 0, tzinfo=UTC)
"""A Monday, ten in the morning in Chicago."""
VAULT = Vault({"test": bytes(range(32))})
SCOPES = frozenset(
    {
        "clients.read", "clients.write", "consents.read", "consents.write", "referrals.read",
        "referrals.send", "referrals.answer", "messages.write",
    }
)  # fmt: skip


@dataclass(frozen=True)
class Staff:
    """An agency with one team and somebody in each role."""

    agency_id: UUID
    team_id: UUID
    case_manager: PersonActing
    intake_worker: PersonActing
    supervisor: PersonActing
    administrator: PersonActing
    application: Application
    service_id: UUID


@dataclass(frozen=True)
class World:
    """`sender` refers to `receiver`; `stranger` has nothing to do with it."""

    sender: Staff
    receiver: Staff
    stranger: Staff
    steward: PersonActing


def a_world(session: Session, vault: Vault = VAULT, now: datetime = NOW) -> World:
    """Three agencies under agreement, each with a service that answers `food`."""
    names = ("North Side Housing", "Lawndale Legal Aid", "Pilsen Clinic")
    sender, receiver, stranger = (a_staffed_agency(session, vault, name, now) for name in names)
    steward = Person(id=uuid4(), created_at=now)
    seal_person(vault, steward, "Stew Ward", "steward@network.example.org")
    session.add(steward)
    session.flush()
    session.add(Membership(person_id=steward.id, role=Role.NETWORK_STEWARD, since=now))
    session.commit()
    acting = PersonActing(steward.id, None, frozenset({Role.NETWORK_STEWARD}), proved_at=now)
    return World(sender, receiver, stranger, acting)


def a_staffed_agency(session: Session, vault: Vault, name: str, now: datetime = NOW) -> Staff:
    """A partner agency under agreement, with a team, people and a service."""
    agency = Agency(
        id=uuid4(), name=name, status=AgencyStatus.PARTNER, created_at=now, status_since=now
    )
    session.add(agency)
    session.flush()
    team = Team(id=uuid4(), agency_id=agency.id, name="First team", created_at=now)
    session.add(team)
    session.flush()
    people = {
        role: _somebody(session, vault, agency, team, role, name, now)
        for role in Role
        if role is not Role.NETWORK_STEWARD
    }
    administrator = people[Role.AGENCY_ADMINISTRATOR]
    session.add(
        Agreement(
            agency_id=agency.id, title="Network agreement", signed_by=administrator.person_id,
            signed_at=now, starts_on=date(2020, 1, 1), ends_on=None,
        )
    )  # fmt: skip
    service_id = a_service(session, agency.id, f"{name} help", now)
    session.commit()
    return Staff(
        agency.id,
        team.id,
        people[Role.CASE_MANAGER],
        people[Role.INTAKE_WORKER],
        people[Role.SUPERVISOR],
        administrator,
        Application(f"app-{name}", agency.id, SCOPES),
        service_id,
    )


def a_service(session: Session, agency_id: UUID, name: str, now: datetime = NOW) -> UUID:
    """A service of an organization that is the agency's own."""
    organization = Organization(
        id=uuid4(), name=name, description=name, created_at=now, updated_at=now
    )
    service = Service(
        id=uuid4(), organization_id=organization.id, name=name, status="active",
        created_at=now, updated_at=now,
    )  # fmt: skip
    session.add(organization)
    session.flush()
    session.add_all(
        [service, AgencyOrganization(organization_id=organization.id, agency_id=agency_id)]
    )
    session.flush()
    return service.id


def a_client(
    session: Session,
    staff: Staff,
    profile: Profile | None = None,
    vault: Vault = VAULT,
    now: datetime = NOW,
) -> Client:
    """A client of an agency, whose worker is its case manager."""
    client = Client(
        id=uuid4(), agency_id=staff.agency_id, team_id=staff.team_id,
        worker_id=staff.case_manager.person_id, opened_at=now, changed_at=now,
    )  # fmt: skip
    profile = profile or A_PROFILE
    client.profile_sealed = vault.seal("client.profile", client.id, to_json(profile))
    session.add(client)
    session.commit()
    return client


def a_need(session: Session, client: Client, code: str = "food", now: datetime = NOW) -> Need:
    """An open need of a client."""
    need = Need(
        id=uuid4(), client_id=client.id, need_code=code, urgency=2, importance=3, acuity=3,
        opened_at=now,
    )  # fmt: skip
    session.add(need)
    session.commit()
    return need


A_PROFILE = Profile(
    given_name="Rosa",
    family_name="Quintero-Vega",
    birth_date=date(1988, 4, 17),
    languages=("es", "en"),
    phone="+17735550143",
    email="rosa.q@example.org",
    street="1842 W Cermak Rd",
    city="Chicago",
    state="IL",
    zip="60608",
    contact_ways=(ContactWay.CALL, ContactWay.TEXT),
    never="Never leave a message with her brother.",
    household_size=4,
    income=1900,
    health="Asthma, uses an inhaler.",
    violence="Left a violent partner in May.",
)


def _somebody(
    session: Session, vault: Vault, agency: Agency, team: Team, role: Role, name: str, now: datetime
) -> PersonActing:
    person = Person(id=uuid4(), created_at=now)
    address = f"{role.value}@{name.split()[0].lower()}.example.org"
    seal_person(vault, person, f"{role.value.replace('_', ' ').title()} {name}", address)
    session.add(person)
    session.flush()
    session.add(Membership(person_id=person.id, agency_id=agency.id, role=role, since=now))
    part = TeamPart.SUPERVISOR if role is Role.SUPERVISOR else TeamPart.MEMBER
    since = (now - timedelta(days=30)).date()
    session.add(TeamMember(team_id=team.id, person_id=person.id, part=part, since=since))
    session.flush()
    teams = frozenset({team.id}) if role is Role.SUPERVISOR else frozenset()
    return PersonActing(person.id, agency.id, frozenset({role}), teams, proved_at=now)
