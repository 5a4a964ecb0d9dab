"""What people see of agencies, their people, teams, agreements and invitations."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from referral_hub.rules.agencies import AgencyMove, AgencyStatus, AgreementState, moves_from
from referral_hub.rules.roles import Role
from referral_hub.rules.teams import TeamPart


@dataclass(frozen=True, slots=True)
class AgencyLine:
    """An agency in the list of all."""

    id: UUID
    name: str
    status: AgencyStatus
    victim_services: bool
    people: int
    organizations: int
    agreement_in_force: bool


@dataclass(frozen=True, slots=True)
class OrganizationLine:
    """An organization of the directory. `agency_id` is the agency that it belongs to, if any."""

    id: UUID
    name: str
    agency_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class AgreementView:
    """A signed agreement. `signed_by` is the name of who signed it."""

    id: UUID
    title: str
    signed_by: str
    signed_at: datetime
    starts_on: date
    ends_on: date | None
    ended_at: datetime | None
    state: AgreementState

    @property
    def can_end(self) -> bool:
        """Whether there is something left to end."""
        return self.state in (AgreementState.IN_FORCE, AgreementState.TO_COME)


@dataclass(frozen=True, slots=True)
class AgencyView:
    """How an agency takes part. `may_exchange`: whether it sends and receives referrals today."""

    id: UUID
    name: str
    status: AgencyStatus
    status_since: datetime
    victim_services: bool
    organizations: tuple[OrganizationLine, ...]
    agreements: tuple[AgreementView, ...]
    may_exchange: bool
    people: int
    teams: int

    @property
    def moves(self) -> tuple[AgencyMove, ...]:
        """What a steward can decide now."""
        return moves_from(self.status)


@dataclass(frozen=True, slots=True)
class PersonView:
    """Somebody of an agency, or a steward. `left_at` is when their last role here ended.

    Who may see only names and roles gets None, or nothing, for the rest.
    """

    id: UUID
    name: str
    roles: tuple[Role, ...]
    disabled: bool
    left_at: datetime | None
    email: str | None = None
    second_factor: bool | None = None
    teams: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RoleTime:
    """From when until when somebody held a role."""

    role: Role
    since: datetime
    until: datetime | None


@dataclass(frozen=True, slots=True)
class PersonDetail:
    """Somebody with the roles and teams that they have and had."""

    person: PersonView
    roles: tuple[RoleTime, ...]
    parts: tuple["TeamPartView", ...]


@dataclass(frozen=True, slots=True)
class TeamPartView:
    """Somebody's time in a team. `now`: whether it is today."""

    id: UUID
    team_id: UUID
    team: str
    person_id: UUID
    person: str
    part: TeamPart
    since: date
    until: date | None
    now: bool
    over: bool


@dataclass(frozen=True, slots=True)
class TeamView:
    """A team with who belongs to it, and who did."""

    id: UUID
    agency_id: UUID
    name: str
    ended_at: datetime | None
    parts: tuple[TeamPartView, ...]

    def current(self, part: TeamPart) -> tuple[TeamPartView, ...]:
        """Who belongs to it today as this."""
        return tuple(each for each in self.parts if each.now and each.part is part)

    @property
    def past(self) -> tuple[TeamPartView, ...]:
        """Who does not belong to it any more."""
        return tuple(each for each in self.parts if each.over)

    @property
    def to_come(self) -> tuple[TeamPartView, ...]:
        """Who joins it later."""
        return tuple(each for each in self.parts if not each.now and not each.over)


@dataclass(frozen=True, slots=True)
class InvitationView:
    """An invitation that waits for an answer, as those see it who sent it."""

    id: UUID
    name: str
    email: str
    roles: tuple[Role, ...]
    created_at: datetime
    expires_at: datetime
    is_valid: bool
