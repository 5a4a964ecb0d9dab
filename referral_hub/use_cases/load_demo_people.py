"""The agencies and people of the demo network, over its directory."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from referral_hub.gateways.field_crypto import Vault
from referral_hub.models import Agency, Agreement, NetworkSetting, Person, Team, TeamMember
from referral_hub.rules.actor import Actor, actor_label
from referral_hub.rules.agencies import AgencyStatus
from referral_hub.rules.network_settings import SETTINGS
from referral_hub.rules.permissions import Permission, require
from referral_hub.rules.roles import Role
from referral_hub.rules.teams import FIRST_TEAM, TeamPart
from referral_hub.use_cases.accept_invitation import Hasher
from referral_hub.use_cases.steps.agencies import add_agency_row, tie_row
from referral_hub.use_cases.steps.audit import add_audit
from referral_hub.use_cases.steps.memberships import set_roles
from referral_hub.use_cases.steps.people import person_with_email, seal_person
from referral_hub.use_cases.transaction import transaction

SINCE = timedelta(days=460)
"""How long the demo network has been there when it is loaded."""


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """Somebody of the demo network. `teams` are those of their agency, with their part in it.

    Without a password nobody can sign in as them.
    """

    name: str
    email: str
    roles: frozenset[Role]
    password: str | None = None
    teams: tuple[tuple[str, TeamPart], ...] = ()


@dataclass(frozen=True, slots=True)
class DemoAgency:
    """An agency of the demo network. Its first person signs the agreement.

    With `conflict_check` it looks for conflicts of interest before it reads a story.
    """

    name: str
    organization_id: UUID
    people: tuple[DemoPerson, ...]
    victim_services: bool = False
    conflict_check: bool = False


def load_demo_people(
    session: Session,
    actor: Actor,
    agencies: Sequence[DemoAgency],
    stewards: Sequence[DemoPerson],
    vault: Vault,
    hasher: Hasher,
    *,
    now: datetime,
) -> int:
    """Add the agencies and stewards that are missing, and return how many were added.

    In the demo a password is enough for everybody, so that every account can be tried.
    """
    require(actor, Permission.DEMO_LOAD)
    known = set(session.scalars(select(Agency.name)))
    agencies = [agency for agency in agencies if agency.name not in known]
    stewards = [each for each in stewards if person_with_email(session, vault, each.email) is None]
    everybody = [*stewards, *(person for agency in agencies for person in agency.people)]
    if not everybody:
        return 0
    hashes = {each.email: hasher.hash(each.password) for each in everybody if each.password}
    maker = _Maker(session, actor, vault, hashes, now - SINCE)
    with transaction(session):
        for agency in agencies:
            maker.add_agency(agency)
        for steward in stewards:
            maker.add_person(steward, None)
        maker.ask_for_no_second_factor()
    return len(agencies) + len(stewards)


class _Maker:
    """Makes rows as they would be if people had done it a while ago."""

    def __init__(
        self,
        session: Session,
        actor: Actor,
        vault: Vault,
        hashes: dict[str, str],
        then: datetime,
    ) -> None:
        self._session = session
        self._actor = actor
        self._vault = vault
        self._hashes = hashes
        self._then = then

    def add_agency(self, demo: DemoAgency) -> None:
        """A partner agency with its people, teams and agreement."""
        agency = add_agency_row(
            self._session, demo.name, victim_services=demo.victim_services, now=self._then
        )
        agency.status = AgencyStatus.PARTNER
        agency.conflict_check = demo.conflict_check
        tie_row(self._session, agency.id, demo.organization_id)
        add_audit(
            self._session, self._actor, "agency:add", agency, agency_id=agency.id, now=self._then
        )
        people = [self.add_person(person, agency.id) for person in demo.people]
        agreement = Agreement(
            agency_id=agency.id,
            title=str(SETTINGS["agreement_title"].default),
            signed_by=people[0].id,
            signed_at=self._then,
            starts_on=self._then.date(),
            ends_on=None,
        )
        self._session.add(agreement)
        self._add_teams(agency.id, demo, people)

    def add_person(self, demo: DemoPerson, agency_id: UUID | None) -> Person:
        """A person with roles."""
        person = person_with_email(self._session, self._vault, demo.email)
        if person is None:
            person = Person(
                password_hash=self._hashes.get(demo.email),
                password_changed_at=self._then,
                created_at=self._then,
            )
            seal_person(self._vault, person, demo.name, demo.email)
            self._session.add(person)
            self._session.flush()
        set_roles(self._session, person.id, agency_id, demo.roles, now=self._then)
        add_audit(
            self._session, self._actor, "account:create", person, agency_id=agency_id,
            now=self._then,
        )  # fmt: skip
        return person

    def ask_for_no_second_factor(self) -> None:
        """Only where the network has not decided otherwise."""
        if self._session.get(NetworkSetting, "second_factor_roles") is None:
            self._session.add(
                NetworkSetting(
                    name="second_factor_roles",
                    value=[],
                    changed_by=actor_label(self._actor),
                    changed_at=self._then,
                )
            )

    def _add_teams(self, agency_id: UUID, demo: DemoAgency, people: Sequence[Person]) -> None:
        names = {name for person in demo.people for name, _ in person.teams} - {FIRST_TEAM}
        for number, name in enumerate(sorted(names), 1):
            # what arrives goes to the oldest team
            begun = self._then + timedelta(minutes=number)
            self._session.add(Team(agency_id=agency_id, name=name, created_at=begun))
        self._session.flush()
        teams = {
            team.name: team.id
            for team in self._session.scalars(select(Team).where(Team.agency_id == agency_id))
        }
        for person, given in zip(people, demo.people, strict=True):
            for name, part in given.teams:
                self._session.add(
                    TeamMember(
                        team_id=teams[name],
                        person_id=person.id,
                        part=part,
                        since=self._then.date(),
                    )
                )
