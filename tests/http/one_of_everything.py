"""A hub in which there is one of everything, and somebody of each role."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from referral_hub.extensions import db
from referral_hub.gateways.tokens import new_token, token_hash
from referral_hub.models import (
    AgencyOrganization,
    ApplicationGrant,
    Base,
    Client,
    ClientNote,
    Consent,
    ConsentRecipient,
    DuplicateCandidate,
    Goal,
    GoalStep,
    HouseholdMember,
    Identity,
    IdentityProvider,
    Invitation,
    ListingChange,
    Location,
    Need,
    OneTimeLink,
    Passkey,
    Service,
    SignInSession,
    Task,
    Token,
)
from referral_hub.rules.actor import Person as PersonActing
from referral_hub.rules.applications import TokenKind
from referral_hub.rules.client_profile import Profile, to_json
from referral_hub.rules.corrections import Origin
from referral_hub.rules.listings import ListingKey
from referral_hub.rules.roles import Role
from referral_hub.rules.scopes import Scope
from referral_hub.rules.sign_in import LinkPurpose
from referral_hub.use_cases.calendar_feed import make_calendar
from referral_hub.use_cases.steps.client_keys import add_keys
from referral_hub.use_cases.steps.clients import seal_profile
from referral_hub.use_cases.steps.corrections import propose
from referral_hub.use_cases.steps.listing_links import add_listing_link
from referral_hub.use_cases.steps.people import seal_person
from referral_hub.web.hub import EXTENSION
from tests.counted_figures import count_all
from tests.http.hub_browser import Browser
from tests.http.one_delivery import one_delivery
from tests.http.one_import import one_import
from tests.http.one_improvement import one_improvement
from tests.http.one_supervision import one_supervision
from tests.network import Network

NOBODY, TOKEN_OF_ALL, TOKEN_OF_NONE = "nobody", "application", "application without scope"
PEOPLE = {
    "no role": (),
    "case manager": (Role.CASE_MANAGER,),
    "intake worker": (Role.INTAKE_WORKER,),
    "supervisor": (Role.SUPERVISOR,),
    "administrator": (Role.AGENCY_ADMINISTRATOR,),
}
STEWARD, ELSEWHERE = "steward", "elsewhere"
OLD_PROOF = {f"{name} with old proof": name for name in ("administrator", STEWARD)}
"""Callers who proved who they are too long ago to do what asks for that anew."""
CALLERS = (NOBODY, *PEOPLE, STEWARD, ELSEWHERE, *OLD_PROOF, TOKEN_OF_ALL, TOKEN_OF_NONE)

REDIRECTS = {302, 303}


@dataclass(frozen=True)
class World:
    """A hub in which everything is there once, and how each caller reaches it."""

    app: Flask
    database: Path
    untouched: Path
    ids: dict[str, Any]
    tokens: dict[str, str]
    links: dict[str, str]
    """Secrets of links that mails carry, by the page that takes them."""

    def ask(self, caller: str, rule: Rule, method: str) -> str:
        """What a caller meets at a route, with everything as it was at first."""
        self.restore()
        values = {name: self.value(rule.rule, name) for name in rule.arguments}
        with self.app.test_request_context():
            path = self.app.url_map.bind("localhost").build(rule.endpoint, values, method)
        client = self.app.test_client()
        if caller in (TOKEN_OF_ALL, TOKEN_OF_NONE):
            bearer = {"Authorization": f"Bearer {self.tokens[caller]}"}
            return met(client.open(path, method=method, headers=bearer))
        browser = Browser(client, self.tokens.get(caller, ""))
        if method not in ("GET", "POST"):  # no form does this
            return met(client.open(path, method=method))
        return met(browser.post(path) if method == "POST" else browser.get(path))

    def value(self, rule: str, name: str) -> Any:
        """The id to ask for: for a steward's pages of stewards, those of stewards."""
        return self.ids.get(f"{rule.split('<')[0]}{name}", self.ids.get(name))

    def restore(self) -> None:
        """Undo what the last caller did."""
        with self.app.app_context():
            db.session.remove()
            db.engine.dispose()
        for ending in ("-wal", "-shm"):
            self.database.with_name(self.database.name + ending).unlink(missing_ok=True)
        # In place of the file and not into it: whoever still holds the old one keeps that.
        fresh = shutil.copy(self.untouched, self.database.with_name("fresh"))
        Path(fresh).replace(self.database)


def met(answer: TestResponse) -> str:
    """What an answer means for who asked."""
    answer.get_data()
    answer.close()
    where = answer.headers.get("Location", "")
    if answer.status_code == 401:
        return "prove" if "/sign-in/confirm" in answer.get_data(as_text=True) else "sign-in"
    if answer.status_code in REDIRECTS and "/sign-in/confirm" in where:
        return "prove"
    if answer.status_code in REDIRECTS and "/sign-in?" in where:
        return "sign-in"
    assert answer.status_code < 500, answer.get_data(as_text=True)
    return {400: "refused", 403: "no", 404: "not-there"}.get(answer.status_code, "yes")


def one_of_everything(app: Flask, network: Network, sqlite_session: Session, folder: Path) -> World:
    """One agency with one of everything, another one, and somebody of each role."""
    app.extensions[EXTENSION].searcher.rebuild([])
    app.extensions[EXTENSION].tally.close()  # nobody else writes while the database is put back
    count_all(app, sqlite_session)
    made = Maker(network, sqlite_session)
    agency, other = network.agency(), network.agency("Elsewhere Aid")
    people = {name: network.person(f"{name} one", agency, *roles) for name, roles in PEOPLE.items()}
    people[STEWARD] = network.person("steward one", None, Role.NETWORK_STEWARD)
    people[ELSEWHERE] = network.person("elsewhere one", other, Role.AGENCY_ADMINISTRATOR)
    owner = people["case manager"].person_id
    second = network.person("second steward", None, Role.NETWORK_STEWARD).person_id
    network.person("another administrator", agency, Role.AGENCY_ADMINISTRATOR)
    twice = [network.organization(name) for name in ("Harbor Kitchen", "Harbor Kitchen Inc.")]
    for kitchen in twice:
        made.own_organization(agency, kitchen)
    team = network.team(agency, "Night team")
    network.part(team, people["supervisor"].person_id, part="supervisor")
    application = network.application(agency)
    invited = new_token()
    provider = made.provider(agency)
    house = network.organization("Harbor House")
    ids: dict[str, Any] = {
        "agency_id": agency,
        "person_id": owner,
        "/network/stewards/person_id": second,
        "team_id": team,
        "part_id": network.part(team, owner),
        "application_id": application,
        "agreement_id": network.agreement(agency, people["administrator"].person_id),
        "invitation_id": made.invitation(agency, [Role.CASE_MANAGER], invited),
        "/network/invitations/invitation_id": made.invitation(None, [Role.NETWORK_STEWARD]),
        "provider_id": provider,
        "grant_id": made.grant(application, owner, agency),
        "identity_id": made.identity(owner, provider),
        "passkey_id": made.passkey(owner),
        "session_id": made.other_session(owner),
        "service_id": made.service(house),
        "pair_id": made.pair(*sorted(twice)),
        "/hsds/organizations/record_id": house,
        "record_id": uuid4(),
        "appointment_id": uuid4(),
        **made.client_with_work(agency, team, owner),
        "name": "no-such-mail",
        "filename": "css/hub.css",
        "token": make_calendar(sqlite_session, people["case manager"], now=network.long_ago),
    }
    ids |= made.listings(agency, kitchen)
    client = ids["client_id"]
    ids["/hsds/services/record_id"] = ids["service_id"]
    ids |= made.listing_with_a_correction(kitchen, house)
    ids["consent_id"] = made.consent(client, agency, other)
    ids |= one_import(sqlite_session, network.vault, agency, house, network.long_ago)
    ids |= one_delivery(
        sqlite_session, network.vault, agency, team, owner, ids["service_id"], network.long_ago
    )
    ids |= one_supervision(
        sqlite_session, network.vault, agency, people["supervisor"].person_id, owner,
        ids["referral_id"], network.long_ago,
    )  # fmt: skip
    ids |= one_improvement(network, people["supervisor"])
    tokens = {
        name: network.sign_in(each.person_id, each.agency_id) for name, each in people.items()
    }
    for caller, name in OLD_PROOF.items():
        tokens[caller] = made.old_proof(people[name])
    made.searching_for(tokens["case manager"], client)
    tokens[TOKEN_OF_ALL] = made.access(application, list(Scope))
    tokens[TOKEN_OF_NONE] = made.access(application, [])
    links = {
        "/invitation": invited,
        "/set-password": made.forgotten(owner),
        "/account/profile/confirm": made.new_address(owner),
        **dict.fromkeys(
            ("/v/", "/v/confirm", "/v/capacity"),
            made.listing_link(people["intake worker"].person_id, agency, ids["own_service_id"]),
        ),
    }
    sqlite_session.commit()
    sqlite_session.connection().exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    sqlite_session.close()
    sqlite_session.get_bind().dispose()  # type: ignore[union-attr]
    with app.app_context():
        db.engine.dispose()
    database = Path(str(sqlite_session.get_bind().url.database))  # type: ignore[union-attr]
    untouched = folder / "untouched.sqlite3"
    shutil.copy(database, untouched)
    return World(app, database, untouched, ids, tokens, links)


@dataclass(frozen=True)
class Maker:
    """Makes what `Network` does not."""

    network: Network
    session: Session

    def own_organization(self, agency_id: UUID, organization_id: UUID) -> None:
        tie = AgencyOrganization(organization_id=organization_id, agency_id=agency_id)
        self.session.add(tie)
        self.session.commit()

    def listings(self, agency_id: UUID, organization_id: UUID) -> dict[str, Any]:
        """A service and an organization with which their agency does what it likes."""
        service_id = self.service(organization_id)
        edit = {
            "table": "service", "id": str(service_id),
            "before": {"name": "Bed"}, "after": {"name": "Beds"},
        }  # fmt: skip
        change = ListingChange(
            table_name="service", record_id=service_id, agency_id=agency_id, act="edit",
            edits=[edit], made_by="system:test", made_at=self.network.long_ago,
        )  # fmt: skip
        return {
            "/listings/service_id": service_id,
            "/listings/change_id": self.kept(change),
            "/listings/kind": "organizations",
            "/listings/record_id": organization_id,
            "/listings/section": "about",
            "/listings/add/kind": "services",
            "location_id": self.place(organization_id),
        }

    def place(self, organization_id: UUID) -> UUID:
        """A place that everybody may see."""
        long_ago = self.network.long_ago
        return self.kept(
            Location(
                organization_id=organization_id, location_type="physical", name="Place",
                created_at=long_ago, updated_at=long_ago,
            )
        )  # fmt: skip

    def pair(self, one_id: UUID, other_id: UUID) -> UUID:
        """Two organizations that may be one."""
        row = DuplicateCandidate(
            table_name="organization", one_id=one_id, other_id=other_id, score=60,
            parts=[[40, "same name"], [20, "same phone"]], found_at=self.network.long_ago,
        )  # fmt: skip
        return self.kept(row)

    def provider(self, agency_id: UUID) -> UUID:
        made = uuid4()
        secret = self.network.vault.seal("identity_provider.client_secret", made, "secret")
        row = IdentityProvider(
            id=made, agency_id=agency_id, name="Provider", issuer="https://10.0.0.1",
            client_id="hub", client_secret_sealed=secret, created_at=self.network.long_ago,
        )  # fmt: skip
        return self.kept(row)

    def identity(self, person_id: UUID, provider_id: UUID) -> UUID:
        return self.kept(
            Identity(
                person_id=person_id,
                provider_id=provider_id,
                issuer="https://10.0.0.1",
                subject="1",
                created_at=self.network.long_ago,
            )
        )

    def passkey(self, person_id: UUID) -> UUID:
        return self.kept(
            Passkey(
                person_id=person_id,
                credential_id=b"1",
                public_key=b"1",
                name="Phone",
                created_at=self.network.long_ago,
            )
        )

    def invitation(self, agency_id: UUID | None, roles: list[Role], token: str = "") -> UUID:
        row = Invitation(
            token_hash=token_hash(token or new_token()), agency_id=agency_id, roles=list(roles),
            invited_by="system:test", created_at=self.network.now,
            expires_at=self.network.now + timedelta(days=7),
        )  # fmt: skip
        seal_person(self.network.vault, row, "Robin New", "robin@new.example")
        return self.kept(row)

    def forgotten(self, person_id: UUID) -> str:
        """The secret of a link with which somebody sets a new password."""
        token = new_token()
        self.kept(
            OneTimeLink(
                purpose=LinkPurpose.RESET_PASSWORD, token_hash=token_hash(token),
                person_id=person_id, created_at=self.network.now,
                expires_at=self.network.now + timedelta(hours=1),
            )
        )  # fmt: skip
        return token

    def new_address(self, person_id: UUID) -> str:
        """The secret of a link that confirms somebody's new e-mail address."""
        token, made = new_token(), uuid4()
        self.kept(
            OneTimeLink(
                id=made, purpose=LinkPurpose.CHANGE_EMAIL, token_hash=token_hash(token),
                person_id=person_id, created_at=self.network.now,
                expires_at=self.network.now + timedelta(hours=1),
                email_sealed=self.network.vault.seal(
                    "one_time_link.email", made, "new@address.example"
                ),
            )
        )  # fmt: skip
        return token

    def grant(self, application_id: UUID, person_id: UUID, agency_id: UUID) -> UUID:
        return self.kept(
            ApplicationGrant(
                application_id=application_id,
                person_id=person_id,
                agency_id=agency_id,
                scopes=[],
                granted_at=self.network.long_ago,
            )
        )

    def access(self, application_id: UUID, scopes: list[Scope]) -> str:
        token, later = new_token(), self.network.now + timedelta(hours=1)
        self.kept(
            Token(
                token_hash=token_hash(token),
                kind=TokenKind.ACCESS,
                family=uuid4(),
                application_id=application_id,
                scopes=list(scopes),
                issued_at=self.network.now,
                expires_at=later,
                family_expires_at=later,
            )
        )
        return token

    def searching_for(self, token: str, client_id: UUID) -> None:
        """Put a client in context of a session."""
        found = select(SignInSession).where(SignInSession.token_hash == token_hash(token))
        self.session.scalars(found).one().client_id = client_id
        self.session.commit()

    def old_proof(self, acting: PersonActing) -> str:
        """The token of a session that goes on, though its proof is old."""
        token = self.network.sign_in(acting.person_id, acting.agency_id)
        found = select(SignInSession).where(SignInSession.token_hash == token_hash(token))
        held = self.session.scalars(found).one()
        held.proved_at = self.network.now - timedelta(hours=1)
        self.session.commit()
        return token

    def listing_link(self, person_id: UUID, agency_id: UUID, service_id: UUID) -> str:
        """The secret of a link with which somebody answers for a service."""
        now = self.network.now
        token = add_listing_link(
            self.session, person_id, agency_id, [ListingKey("service", service_id)], now=now
        )
        self.session.commit()
        return token

    def listing_with_a_correction(self, own: UUID, others: UUID) -> dict[str, UUID]:
        """A service of the agency and a proposal to correct it, and one for what is nobody's."""
        service, unowned = self.service(own), self.service(others)
        corrections = [self._correction(each) for each in (service, unowned)]
        return {
            "own_service_id": service,
            "/listings/capacity/service_id": service,
            "/listings/corrections/correction_id": corrections[0],
            "/network/corrections/correction_id": corrections[1],
            "/api/v1/services/service_id": service,
        }

    def _correction(self, service_id: UUID) -> UUID:
        made = propose(
            self.session, table="service", record_id=service_id, field="url", current=None,
            proposed="https://harbor.example", origin=Origin.FORM, proposed_by="anonymous",
            note=None, now=self.network.now,
        )  # fmt: skip
        self.session.commit()
        return made.id

    def other_session(self, person_id: UUID) -> UUID:
        self.network.sign_in(person_id, None)
        found = self.session.connection().exec_driver_sql(
            "SELECT id FROM sign_in_session ORDER BY created_at DESC LIMIT 1"
        )
        return UUID(found.scalar_one())

    def consent(self, client_id: UUID, agency_id: UUID, recipient_id: UUID) -> UUID:
        made = uuid4()
        words = '{"purpose":"Shelter","signer_basis":"","document":""}'
        kept = self.kept(
            Consent(
                id=made, client_id=client_id, agency_id=agency_id, categories=["need"],
                method="signed_on_paper", signer="client", language="en",
                words_sealed=self.network.vault.seal("consent.words", made, words),
                given_at=self.network.long_ago, recorded_at=self.network.long_ago,
                recorded_by="system:test",
            )
        )  # fmt: skip
        self.session.add(ConsentRecipient(consent_id=kept, agency_id=recipient_id))
        self.session.commit()
        return kept

    def client_with_work(self, agency_id: UUID, team_id: UUID, worker_id: UUID) -> dict[str, UUID]:
        """A client of the agency with one of everything that belongs to the work."""
        vault, at = self.network.vault, self.network.long_ago
        client = Client(
            agency_id=agency_id, team_id=team_id, worker_id=worker_id, version=1, opened_at=at,
            changed_at=at,
        )  # fmt: skip
        profile = Profile(given_name="Rosa", family_name="Vega", phone="+17735550143")
        seal_profile(vault, client, profile)
        client_id = self.kept(client)
        add_keys(self.session, vault, [(client, profile)])
        need, goal, step, task, member, note = (uuid4() for _ in range(6))
        self.kept(
            Need(
                id=need,
                client_id=client_id,
                need_code="food",
                urgency=1,
                importance=2,
                acuity=3,
                opened_at=at,
            )
        )
        self.kept(
            Goal(
                id=goal,
                client_id=client_id,
                opened_at=at,
                text_sealed=vault.seal("goal.text", goal, "Eat"),
            )
        )
        self.kept(
            GoalStep(
                id=step,
                goal_id=goal,
                position=1,
                text_sealed=vault.seal("goal_step.text", step, "Shop"),
            )
        )
        self.kept(
            Task(
                id=task,
                agency_id=agency_id,
                client_id=client_id,
                urgency=1,
                importance=1,
                text_sealed=vault.seal("task.text", task, "Call"),
                created_at=at,
            )
        )
        sealed = vault.seal("household_member.profile", member, to_json(profile))
        self.kept(HouseholdMember(id=member, client_id=client_id, profile_sealed=sealed, since=at))
        self.kept(
            ClientNote(
                id=note,
                client_id=client_id,
                author_id=worker_id,
                kind="contact",
                text_sealed=vault.seal("client_note.text", note, "Met"),
                occurred_at=at,
                recorded_at=at,
            )
        )
        return {
            "client_id": client_id, "need_id": need, "goal_id": goal, "step_id": step,
            "task_id": task, "member_id": member,
        }  # fmt: skip

    def service(self, organization_id: UUID) -> UUID:
        return self.kept(
            Service(
                organization_id=organization_id,
                name="Beds",
                description="Beds",
                status="active",
                created_at=self.network.long_ago,
                updated_at=self.network.long_ago,
            )
        )

    def kept(self, row: Base) -> UUID:
        self.session.add(row)
        self.session.flush()
        made: UUID = row.id  # type: ignore[attr-defined]
        self.session.commit()
        return made


def doors(app: Flask) -> Iterator[tuple[Rule, str]]:
    """Every route with each of its methods, in the order of the list."""
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: (rule.rule, rule.endpoint)):
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            yield rule, method
