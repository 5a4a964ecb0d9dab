"""An agency whose team has two workers, and cases for them."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from referral_hub.models import Client
from referral_hub.rules.actor import Person
from referral_hub.use_cases.clients import add_client
from referral_hub.use_cases.needs import add_need
from referral_hub.use_cases.weigh_case import weigh_case
from tests.referral_world import A_PROFILE, NOW, VAULT, Staff, World, a_world


@dataclass
class Team:
    """The sending agency of the small world. Its workers are `ana`, a case manager, and `ike`, who
    does intake; `sue` supervises both."""

    session: Session
    world: World
    made: int = 0

    @property
    def staff(self) -> Staff:
        return self.world.sender

    @property
    def ana(self) -> Person:
        return self.staff.case_manager

    @property
    def ike(self) -> Person:
        return self.staff.intake_worker

    @property
    def sue(self) -> Person:
        return self.staff.supervisor

    def case(
        self,
        worker: Person | None = None,
        *,
        acuity: int = 3,
        intensity: int = 2,
        needs: int = 2,
        trauma: bool = False,
        languages: tuple[str, ...] = ("en",),
        at: datetime = NOW - timedelta(days=1),
    ) -> UUID:
        """A case that weighs 6 points, where nothing else is said. None: of nobody."""
        self.made += 1
        profile = replace(A_PROFILE, given_name=f"Client {self.made}", languages=languages)
        made = add_client(
            self.session, self.ana, profile, VAULT, worker_id=worker and worker.person_id,
            anyway=True, now=at,
        )  # fmt: skip
        for _ in range(needs):
            add_need(
                self.session, self.ana, made, "housing.shelter", VAULT, urgency=2, importance=2,
                acuity=3, now=at,
            )  # fmt: skip
        weigh_case(
            self.session, self.ana, made, acuity=acuity, intensity=intensity, travels=False,
            trauma=trauma, now=at,
        )  # fmt: skip
        return made

    def client(self, client_id: UUID) -> Client:
        """A client as it is stored now."""
        self.session.rollback()
        return self.session.get_one(Client, client_id)


def a_team(session: Session) -> Team:
    """The team, without cases."""
    return Team(session, a_world(session))
