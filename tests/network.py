"""Agencies and people in a line, as sign-in and invitations leave them."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from referral_hub.gateways.field_crypto import Vault
from referral_hub.models import (
    Agency,
    Agreement,
    Application,
    ApplicationGrant,
    AuditRow,
    AuthorizationCode,
    Invitation,
    Membership,
    Organization,
    OutboxMessage,
    Person,
    SignInSession,
    Team,
    TeamMember,
    Token,
)
from referral_hub.rules.actor import Person as PersonActing
from referral_hub.rules.agencies import AgencyStatus
from referral_hub.rules.errors import InvalidInput
from referral_hub.rules.roles import Role
from referral_hub.rules.sign_in import Method
from referral_hub.rules.teams import FIRST_TEAM, TeamPart
from referral_hub.use_cases.sessions import who_is
from referral_hub.use_cases.steps.mail import SEALED
from referral_hub.use_cases.steps.people import seal_person
from referral_hub.use_cases.steps.sessions import add_session
from tests.conftest import NOW

ADMINISTRATOR, SUPERVISOR = Role.AGENCY_ADMINISTRATOR, Role.SUPERVISOR
CASE_MANAGER, INTAKE, STEWARD = Role.CASE_MANAGER, Role.INTAKE_WORKER, Role.NETWORK_STEWARD
VAULT = Vault({"test": bytes(range(32))})


def own_day(time: datetime) -> date:
    """The day of an instant where agencies are that name no time zone."""
    return time.astimezone(ZoneInfo("America/Chicago")).date()


class PlainPasswords:
    """Keeps passwords as they are, and finds only short ones too weak."""

    def hash(self, password: str) -> str:
        return f"hash of {password}"

    def check(self, password: str, *words: str) -> None:
        if len(password) < 12:
            raise InvalidInput("Too short.", {"password": "Too short."})


@dataclass(frozen=True)
class Network:
    """Makes what a test needs, and looks at what came of it."""

    session: Session
    vault: Vault = VAULT
    now: datetime = NOW

    @property
    def long_ago(self) -> datetime:
        """When everything was made that a test does not make itself."""
        return self.now - timedelta(days=60)

    def agency(
        self,
        name: str = "Harbor House",
        status: AgencyStatus = AgencyStatus.PARTNER,
        victim_services: bool = False,
    ) -> UUID:
        made = Agency(
            name=name,
            status=status,
            victim_services=victim_services,
            created_at=self.long_ago,
            status_since=self.long_ago,
        )
        self._keep(made)
        self._keep(Team(agency_id=made.id, name=FIRST_TEAM, created_at=self.long_ago))
        return made.id

    def person(
        self,
        name: str,
        agency_id: UUID | None,
        *roles: Role,
        teams: Iterable[UUID] = (),
        email: str = "",
    ) -> PersonActing:
        """Somebody who has the roles, and acts with them."""
        email = email or f"{name.split()[0].lower()}@agency.example"
        made = Person(created_at=self.long_ago)
        seal_person(self.vault, made, name, email)
        self._keep(made)
        self.member(made.id, agency_id, *roles)
        return PersonActing(made.id, agency_id, frozenset(roles), frozenset(teams), self.now)

    def member(self, person_id: UUID, agency_id: UUID | None, *roles: Role) -> None:
        for role in roles:
            self._keep(
                Membership(person_id=person_id, agency_id=agency_id, role=role, since=self.long_ago)
            )

    def organization(self, name: str) -> UUID:
        made = Organization(
            name=name, description="", created_at=self.long_ago, updated_at=self.long_ago
        )
        self._keep(made)
        return made.id

    def team(self, agency_id: UUID, name: str) -> UUID:
        made = Team(agency_id=agency_id, name=name, created_at=self.long_ago)
        self._keep(made)
        return made.id

    def part(
        self,
        team_id: UUID,
        person_id: UUID,
        part: TeamPart = TeamPart.MEMBER,
        since: date | None = None,
        until: date | None = None,
    ) -> UUID:
        made = TeamMember(
            team_id=team_id,
            person_id=person_id,
            part=part,
            since=since or self.long_ago.date(),
            until=until,
        )
        self._keep(made)
        return made.id

    def agreement(self, agency_id: UUID, signed_by: UUID, **dates: date | datetime | None) -> UUID:
        values = {
            "starts_on": self.long_ago.date(),
            "ends_on": None,
            "signed_at": self.long_ago,
        } | dates
        made = Agreement(agency_id=agency_id, signed_by=signed_by, title="Agreement", **values)
        self._keep(made)
        return made.id

    def sign_in(self, person_id: UUID, agency_id: UUID | None, now: datetime | None = None) -> str:
        """The token of a session in which somebody acts."""
        person = self.session.get_one(Person, person_id)
        methods = (Method.PASSWORD, Method.AUTHENTICATOR_APP)
        token, held = add_session(self.session, person, methods, "Firefox", now=now or self.now)
        held.agency_id = agency_id
        self.session.commit()
        return token

    def acts(self, token: str, now: datetime | None = None) -> PersonActing | None:
        """Who acts in the browser with this session's token."""
        self.session.rollback()
        return who_is(self.session, token, now=now or self.now)

    def application(self, agency_id: UUID) -> UUID:
        made = Application(
            client_id=str(uuid4()),
            agency_id=agency_id,
            name="Sync",
            purpose="Sync",
            status="approved",
            authentication="none",
            redirect_uris=[],
            logout_uris=[],
            grants=[],
            scopes=[],
            id_token_algorithm="ES256",
            registered_by="system:test",
            registered_at=self.long_ago,
        )
        self._keep(made)
        return made.id

    def token(
        self,
        application_id: UUID,
        person_id: UUID | None = None,
        agency_id: UUID | None = None,
        session_id: UUID | None = None,
    ) -> UUID:
        """An access token; with a person, by their grant, and with a code that waits."""
        grant = None
        if person_id is not None:
            grant = ApplicationGrant(
                application_id=application_id,
                person_id=person_id,
                agency_id=agency_id,
                scopes=[],
                granted_at=self.long_ago,
            )
            self._keep(grant)
        made = Token(
            token_hash=uuid4().bytes,
            kind="access",
            family=uuid4(),
            application_id=application_id,
            grant_id=grant.id if grant else None,
            session_id=session_id,
            scopes=[],
            issued_at=self.long_ago,
            expires_at=self.now + timedelta(days=1),
            family_expires_at=self.now + timedelta(days=1),
        )
        self._keep(made)
        if grant is not None:
            self._keep(self._code(application_id, grant))
        return made.id

    def _code(self, application_id: UUID, grant: ApplicationGrant) -> AuthorizationCode:
        self.sign_in(grant.person_id, grant.agency_id)
        held = self.session.scalars(select(SignInSession)).first()
        assert held is not None
        return AuthorizationCode(
            code_hash=uuid4().bytes,
            family=uuid4(),
            application_id=application_id,
            grant_id=grant.id,
            session_id=held.id,
            redirect_uri="https://app.example",
            scopes=[],
            challenge="c",
            issued_at=self.now,
            expires_at=self.now + timedelta(seconds=60),
        )

    def revoked(self, token_id: UUID) -> bool:
        self.session.expire_all()
        return self.session.get_one(Token, token_id).revoked_at is not None

    def roles(self, person_id: UUID, agency_id: UUID | None) -> set[str]:
        self.session.rollback()
        where = (
            Membership.agency_id.is_(None)
            if agency_id is None
            else Membership.agency_id == agency_id
        )
        return set(
            self.session.scalars(
                select(Membership.role).where(
                    Membership.person_id == person_id, Membership.until.is_(None), where
                )
            )
        )

    def mails(self) -> list[dict[str, str]]:
        """What waits in the outbox: to whom, which template, which values."""
        self.session.rollback()
        rows = self.session.scalars(select(OutboxMessage).order_by(OutboxMessage.created_at))
        return [self._opened(row) for row in rows]

    def invited_token(self) -> str:
        """The token of the link in the last mail."""
        return self.mails()[-1]["link"].partition("#")[2]

    def the_invitation(self) -> Invitation:
        self.session.rollback()
        return self.session.scalars(
            select(Invitation).order_by(Invitation.created_at.desc())
        ).first()  # type: ignore[return-value]

    def audited(self) -> list[str]:
        self.session.rollback()
        return list(self.session.scalars(select(AuditRow.action).order_by(AuditRow.id)))

    def _opened(self, row: OutboxMessage) -> dict[str, str]:
        assert row.payload_sealed is not None
        opened = json.loads(self.vault.open(SEALED, row.id, row.payload_sealed))
        return {"to": opened["to"], "template": row.payload["template"], **opened["values"]}

    def _keep(self, row: object) -> None:
        self.session.rollback()  # what was read before may be older than what pages wrote
        self.session.add(row)
        self.session.commit()
