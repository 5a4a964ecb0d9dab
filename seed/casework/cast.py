"""Who acts in the demo network: its agencies, their people, and how each agency goes about it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from referral_hub.gateways.field_crypto import Vault
from referral_hub.models import Agency, Person, TeamMember
from referral_hub.rules.actor import Person as Acting
from referral_hub.rules.roles import Role
from referral_hub.rules.teams import TeamPart
from referral_hub.use_cases.load_demo_people import DemoAgency
from referral_hub.use_cases.steps.people import person_with_email
from seed.demo_network import DemoService, demo_services
from seed.demo_people import demo_agencies


@dataclass(frozen=True, slots=True)
class Manner:
    """How an agency goes about referrals. Hours are working hours; shares are of all that came.

    What is neither accepted, put on the waiting list, declined nor left is withdrawn early.
    """

    sees_in: float = 5
    decides_in: float = 9
    accepts: float = 0.66
    waitlists: float = 0.06
    declines: float = 0.18
    leaves: float = 0.05
    asks: float = 0.14
    completes: float = 0.72
    serves_in: float = 90
    declines_for: Mapping[str, float] = field(
        default_factory=lambda: {
            "no_capacity": 5, "not_eligible": 3, "outside_area": 1.5, "missing_documents": 1.5,
            "duplicate_or_already_served": 0.6, "client_declined_before_accept": 1,
            "referred_elsewhere": 0.8, "needs_higher_level_of_care": 0.4, "other": 0.4,
        }
    )  # fmt: skip


MANNERS: Mapping[str, Manner] = {
    "Full Table Neighbors": Manner(
        sees_in=2, decides_in=3, accepts=0.84, declines=0.07, waitlists=0, leaves=0.01,
        completes=0.85, serves_in=18,
    ),
    "Puerta Clara Health Center": Manner(
        sees_in=2, decides_in=4, accepts=0.78, declines=0.1, leaves=0.01, completes=0.8,
        serves_in=60,
    ),
    "Open Door Adult School": Manner(
        sees_in=30, decides_in=60, accepts=0.5, declines=0.12, leaves=0.28, completes=0.6,
        serves_in=170,
    ),
    "Clear Ledger Money Center": Manner(
        accepts=0.5, declines=0.38, waitlists=0.02,
        declines_for={"listing_wrong": 6, "not_eligible": 2, "no_capacity": 2,
                      "service_not_offered": 1},
    ),
    "Harbor Street Homes": Manner(
        accepts=0.6, waitlists=0.12, declines=0.19, asks=0.24, serves_in=130,
    ),
    "Lanternlight Shelters": Manner(
        sees_in=1.5, decides_in=3, accepts=0.58, declines=0.28, waitlists=0.05, serves_in=50,
    ),
    "Prairie Tenant Law": Manner(
        decides_in=12, accepts=0.64, declines=0.2, asks=0.2, serves_in=120,
        declines_for={"no_capacity": 4, "not_eligible": 3, "outside_area": 2,
                      "missing_documents": 1},
    ),
    "Stillwater Counseling Collective": Manner(waitlists=0.2, accepts=0.54, serves_in=160),
}  # fmt: skip
USUAL = Manner()


@dataclass(slots=True)
class Company:
    """An agency on the stage, with those of its people who do the work."""

    id: UUID
    name: str
    victim_services: bool
    conflict_check: bool
    manner: Manner
    senders: list[Acting]
    receivers: list[Acting]
    supervisor: Acting | None
    supervisors: list[Acting]
    services: list[DemoService]
    organization_id: UUID

    @property
    def everybody(self) -> Sequence[Acting]:
        """Its people, each once."""
        known = {each.person_id: each for each in (*self.senders, *self.receivers)}
        if self.supervisor is not None:
            known[self.supervisor.person_id] = self.supervisor
        return list(known.values())


def cast(session: Session, vault: Vault) -> dict[str, Company]:
    """The agencies of the demo by name, in the order of the demo."""
    offered = [each for each in demo_services() if each.capacity != "closed"]
    found = {}
    for demo in demo_agencies():
        agency = session.scalars(select(Agency).where(Agency.name == demo.name)).one()
        people = _people(session, vault, demo, agency.id)
        found[demo.name] = Company(
            agency.id,
            agency.name,
            agency.victim_services,
            agency.conflict_check,
            MANNERS.get(agency.name, USUAL),
            [each for each in people if Role.CASE_MANAGER in each.roles],
            [each for each in people if each.roles & {Role.CASE_MANAGER, Role.INTAKE_WORKER}],
            next((each for each in people if Role.SUPERVISOR in each.roles), None),
            [each for each in people if Role.SUPERVISOR in each.roles],
            [each for each in offered if each.organization_id == demo.organization_id],
            demo.organization_id,
        )
        found[demo.name].receivers.sort(key=lambda each: Role.INTAKE_WORKER not in each.roles)
        found[demo.name].supervisor = _of_first_team(people) or found[demo.name].supervisor
    return found


def _of_first_team(people: Sequence[Acting]) -> Acting | None:
    """The supervisor whom what arrives is for: the last one named of the agency."""
    supervisors = [each for each in people if Role.SUPERVISOR in each.roles]
    return supervisors[-1] if supervisors else None


def _people(session: Session, vault: Vault, demo: DemoAgency, agency_id: UUID) -> list[Acting]:
    found = []
    for each in demo.people:
        person: Person | None = person_with_email(session, vault, each.email)
        if person is None:
            raise LookupError(f"{each.email} is not there; load the people of the demo first")
        supervised = session.scalars(
            select(TeamMember.team_id).where(
                TeamMember.person_id == person.id, TeamMember.part == TeamPart.SUPERVISOR
            )
        )
        found.append(Acting(person.id, agency_id, each.roles, frozenset(supervised)))
    return found
