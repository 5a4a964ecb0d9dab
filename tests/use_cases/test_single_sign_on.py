"""Signing in at an agency's provider: one browser, one provider, once, and only who is known."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Barrier, Thread
from uuid import UUID

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from referral_hub.gateways.field_crypto import Vault
from referral_hub.gateways.tokens import new_token, token_hash
from referral_hub.models import (
    AuditRow,
    Identity,
    IdentityProvider,
    Membership,
    Person,
    SignInAttempt,
    SignInSession,
)
from referral_hub.rules.actor import Actor, Anonymous
from referral_hub.rules.agencies import AgencyStatus
from referral_hub.rules.errors import (
    AccountUnknown,
    Conflict,
    HubError,
    NotFound,
    SignInStateInvalid,
    SingleSignOnRefused,
    TooManyTries,
)
from referral_hub.rules.roles import Role
from referral_hub.rules.sign_in import PROOF_LENGTH
from referral_hub.rules.single_sign_on import Answer, Refusal
from referral_hub.use_cases.accept_invitation import open_invitation
from referral_hub.use_cases.identity_providers import disable_provider
from referral_hub.use_cases.sessions import act_for, who_is
from referral_hub.use_cases.single_sign_on import (
    begin_link,
    begin_single_sign_on,
    finish_single_sign_on,
)
from referral_hub.use_cases.steps.invitations import add_invitation
from referral_hub.use_cases.steps.signing_in import SignedIn
from referral_hub.use_cases.steps.single_sign_on import SSO_ADDRESS
from tests.fakes import FakeRelyingParty
from tests.network import Network
from tests.network_data import (
    a_browser,
    a_person,
    a_provider,
    an_agency,
    an_identity,
    signed_in,
)

HUB = "https://hub.example"
VAULT = Vault({"k1": b"k" * 32})
NOBODY = Anonymous()


@dataclass
class Stage:
    """A hub with an agency that has a provider, and the steps of a sign-in."""

    session: Session
    now: datetime
    party: FakeRelyingParty = field(init=False)
    provider: IdentityProvider = field(init=False)
    agency_id: UUID = field(init=False)

    def __post_init__(self) -> None:
        self.agency = an_agency(self.session, self.now)
        self.agency_id = self.agency.id
        self.provider = a_provider(self.session, VAULT, self.now, self.agency)
        self.party = FakeRelyingParty(self.session, proved_at=self.now)

    def linked(self, subject: str = "subject-1") -> Person:
        """A person of the agency whose account at its provider is linked."""
        person = a_person(self.session, VAULT, self.now, self.agency)
        an_identity(self.session, self.now, self.provider, person, subject)
        return person

    def begin(
        self,
        provider_id: UUID | None = None,
        browser: str = "one",
        invitation: str = "",
        actor: Actor = NOBODY,
    ) -> str:
        """Begin, and return the state."""
        begin_single_sign_on(
            self.session, actor, provider_id or self.provider.id, a_browser(browser), self.party,
            "/find", invitation, vault=VAULT, public_url=HUB, now=self.now,
        )  # fmt: skip
        return self.party.secrets[-1].state

    def finish(
        self,
        state: str,
        subject: str = "subject-1",
        provider_id: UUID | None = None,
        browser: str = "one",
        actor: Actor = NOBODY,
        later: timedelta = timedelta(),
    ) -> SignedIn | None:
        """Finish with a provider's answer."""
        return finish_single_sign_on(
            self.session, actor, provider_id or self.provider.id, Answer(state, subject),
            a_browser(browser), self.party, vault=VAULT, public_url=HUB, now=self.now + later,
        )  # fmt: skip

    def sign_in(self, subject: str = "subject-1") -> SignedIn:
        """From the first step to the last."""
        signed = self.finish(self.begin(), subject)
        assert signed is not None
        return signed

    def refusals(self) -> list[str | None]:
        """What the audit says of those who were not let in."""
        found = select(AuditRow.detail).where(AuditRow.outcome == "refused").order_by(AuditRow.id)
        return list(self.session.scalars(found))

    def count(self, model: type) -> int:
        """How many rows there are."""
        return self.session.execute(select(func.count()).select_from(model)).scalar_one()


@pytest.fixture
def stage(session: Session, now: datetime) -> Stage:
    """An agency with a provider, on each kind of database."""
    return Stage(session, now)


def test_who_is_linked_signs_in_for_the_agency(stage: Stage, now: datetime) -> None:
    person_id = stage.linked().id
    signed = stage.sign_in()
    assert signed.next_path == "/find"
    acting = who_is(stage.session, signed.token, now=now)
    assert acting is not None
    assert (acting.person_id, acting.agency_id) == (person_id, stage.agency_id)
    assert acting.roles == {Role.CASE_MANAGER}
    assert not acting.second_factor_missing
    held = stage.session.scalars(select(SignInSession)).one()
    assert (held.methods, held.provider_id) == ("sso", stage.provider.id)
    assert acting.proved_at == now
    assert stage.party.accounts[0].redirect_uri == (f"{HUB}/sign-in/sso/{stage.provider.id}/answer")


@pytest.mark.parametrize("ago", [timedelta(), timedelta(minutes=3), timedelta(hours=9), None])
def test_a_proof_is_as_fresh_as_the_provider_says(
    stage: Stage, now: datetime, ago: timedelta | None
) -> None:
    stage.linked()
    stage.party.proved_at = None if ago is None else now - ago
    acting = who_is(stage.session, stage.sign_in().token, now=now)
    assert acting is not None
    assert acting.proved_at == now - (PROOF_LENGTH if ago is None else ago)


def test_who_is_signed_in_already_is_asked_to_prove_it_anew(stage: Stage, now: datetime) -> None:
    stage.linked()
    acting = who_is(stage.session, stage.sign_in().token, now=now)
    assert acting is not None
    stage.begin(actor=acting)
    assert stage.party.anew == [False, True]


def test_each_sign_in_makes_a_new_session_and_ends_the_one_before(
    stage: Stage, now: datetime
) -> None:
    stage.linked()
    first = stage.sign_in()
    acting = who_is(stage.session, first.token, now=now)
    assert acting is not None
    second = stage.finish(stage.begin(actor=acting), actor=acting)
    assert second is not None
    assert second.token != first.token
    assert who_is(stage.session, first.token, now=now) is None


def test_nobody_gets_an_account_by_signing_in(stage: Stage) -> None:
    with pytest.raises(AccountUnknown, match="invitation"):
        stage.sign_in()
    assert stage.count(Person) == stage.count(Identity) == stage.count(SignInSession) == 0
    assert stage.refusals() == ["sso account-unknown"]


def test_the_same_subject_at_another_provider_is_somebody_else(stage: Stage) -> None:
    other = an_agency(stage.session, stage.now, "Food Bank")
    elsewhere = a_provider(stage.session, VAULT, stage.now, other, "https://login.food.example")
    person = a_person(stage.session, VAULT, stage.now, stage.agency, other)
    an_identity(stage.session, stage.now, stage.provider, person, "subject-1")
    with pytest.raises(AccountUnknown):
        stage.finish(stage.begin(elsewhere.id), "subject-1", elsewhere.id)
    assert stage.sign_in("subject-1")


def test_a_state_is_good_once(stage: Stage) -> None:
    stage.linked()
    state = stage.begin()
    assert stage.finish(state) is not None
    with pytest.raises(SignInStateInvalid):
        stage.finish(state)
    assert stage.count(SignInSession) == 1
    assert stage.refusals() == ["sso state"]


def test_a_state_is_used_up_also_by_an_answer_that_fails(stage: Stage) -> None:
    stage.linked()
    state = stage.begin()
    stage.party.broken = Refusal.SIGNATURE
    with pytest.raises(SingleSignOnRefused):
        stage.finish(state)
    stage.party.broken = None
    with pytest.raises(SignInStateInvalid):
        stage.finish(state)
    assert stage.refusals() == ["sso signature", "sso state"]


def test_a_state_is_good_in_its_own_browser_alone(stage: Stage) -> None:
    stage.linked()
    state = stage.begin(browser="attacker's")
    with pytest.raises(SignInStateInvalid):
        stage.finish(state, browser="victim's")
    assert stage.finish(state, browser="attacker's") is not None


@pytest.mark.parametrize("state", ["", "guessed", "x" * 10_000, "\ud800"])
def test_a_state_that_is_none_is_refused(stage: Stage, state: str) -> None:
    with pytest.raises(SignInStateInvalid):
        stage.finish(state)


def test_a_state_is_good_at_its_own_provider_alone_and_then_used_up(stage: Stage) -> None:
    """The mix-up attack: the answer of one provider at the redirect URI of another."""
    stage.linked()
    attackers = an_agency(stage.session, stage.now, "Attacker")
    evil = a_provider(stage.session, VAULT, stage.now, attackers, "https://evil.example")
    state = stage.begin(evil.id)
    with pytest.raises(SignInStateInvalid):
        stage.finish(state)
    assert stage.party.accounts == []
    with pytest.raises(SignInStateInvalid):
        stage.finish(state, provider_id=evil.id)


def test_a_sign_in_takes_ten_minutes_at_most(stage: Stage) -> None:
    stage.linked()
    state = stage.begin()
    with pytest.raises(SignInStateInvalid):
        stage.finish(state, later=timedelta(minutes=10))
    assert stage.finish(stage.begin(), later=timedelta(minutes=9, seconds=59)) is not None


def test_of_many_who_finish_at_once_one_wins(engine: Engine, stage: Stage) -> None:
    stage.linked()
    state = stage.begin()
    provider_id = stage.provider.id
    stage.session.rollback()
    ready, outcomes = Barrier(20), []

    def finish() -> None:
        with Session(engine) as own:
            party = FakeRelyingParty(own, secrets=stage.party.secrets)
            ready.wait()
            try:
                finish_single_sign_on(
                    own, NOBODY, provider_id, Answer(state, "subject-1"), a_browser(), party,
                    vault=VAULT, public_url=HUB, now=stage.now,
                )  # fmt: skip
                outcomes.append("in")
            except HubError as error:
                outcomes.append(error.code)

    in_threads(finish, 20)
    assert sorted(outcomes) == ["in"] + ["sign-in-state-invalid"] * 19
    assert stage.count(SignInSession) == 1


def in_threads(act: Callable[[], None], many: int) -> None:
    threads = [Thread(target=act) for _ in range(many)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def _disable_person(stage: Stage, person: Person) -> None:
    person.disabled_at = stage.now


def _end_role(stage: Stage, person: Person) -> None:
    stage.session.scalars(select(Membership)).one().until = stage.now


@pytest.mark.parametrize("change", [_disable_person, _end_role])
def test_who_is_disabled_or_has_no_role_any_more_is_not_let_in(
    stage: Stage, change: Callable[[Stage, Person], None]
) -> None:
    change(stage, stage.linked())
    stage.session.commit()
    with pytest.raises(AccountUnknown):
        stage.sign_in()
    assert stage.count(SignInSession) == 0


def _disable_provider(stage: Stage) -> None:
    stage.provider.disabled_at = stage.now


def _suspend(stage: Stage) -> None:
    stage.agency.status = AgencyStatus.SUSPENDED


@pytest.mark.parametrize("change", [_disable_provider, _suspend])
def test_a_provider_that_is_out_of_use_begins_and_finishes_nothing(
    stage: Stage, change: Callable[[Stage], None]
) -> None:
    stage.linked()
    state = stage.begin()
    change(stage)
    stage.session.commit()
    with pytest.raises(SingleSignOnRefused):
        stage.finish(state)
    with pytest.raises(SingleSignOnRefused):
        stage.begin()
    assert stage.count(SignInSession) == 0


def test_an_unknown_provider_is_like_one_out_of_use(stage: Stage) -> None:
    with pytest.raises(SingleSignOnRefused, match="no sign-in of its own"):
        stage.begin(UUID(int=7))


def test_disabling_ends_the_sessions_that_came_through_it_and_keeps_the_links(
    stage: Stage, now: datetime
) -> None:
    person = stage.linked()
    other_way = signed_in(stage.session, now, person)
    through = stage.sign_in()
    email = "admin@fairhomes.example.org"
    admin = a_person(
        stage.session, VAULT, now, stage.agency, email=email, role=Role.AGENCY_ADMINISTRATOR
    )
    acting = signed_in(stage.session, now, admin)
    disable_provider(stage.session, acting, stage.agency_id, now=now)
    assert who_is(stage.session, through.token, now=now) is None
    still = stage.session.get(SignInSession, other_way.session_id)
    assert still is not None
    assert still.ended_at is None
    assert stage.count(Identity) == 1


def test_disabling_ends_what_applications_got_in_such_a_session_also_once_that_is_over(
    stage: Stage, now: datetime
) -> None:
    person = stage.linked()
    network = Network(stage.session)
    other_way = signed_in(stage.session, now, person).session_id
    token = stage.sign_in().token
    through = stage.session.scalars(
        select(SignInSession).where(SignInSession.token_hash == token_hash(token))
    ).one()
    through.ended_at = now
    through_id, agency_id, person_id = through.id, stage.agency_id, person.id
    stage.session.commit()
    application = network.application(agency_id)
    kept = network.token(application, person_id, agency_id, session_id=other_way)
    ended = network.token(application, person_id, agency_id, session_id=through_id)
    admin = network.person("Ada Admin", agency_id, Role.AGENCY_ADMINISTRATOR)
    disable_provider(stage.session, admin, agency_id, now=now)
    assert network.revoked(ended)
    assert not network.revoked(kept)


def test_an_agency_answers_for_nobody_at_another_agency(stage: Stage, now: datetime) -> None:
    """Its administrators could sign in as anybody linked there: that must not reach further."""
    other = an_agency(stage.session, now, "Food Bank")
    person = a_person(stage.session, VAULT, now, other, stage.agency)
    an_identity(stage.session, now, stage.provider, person, "subject-1")
    signed = stage.sign_in()
    acting = who_is(stage.session, signed.token, now=now)
    assert acting is not None
    assert acting.agency_id == stage.agency_id
    assert acting.proved_at == now - PROOF_LENGTH
    with pytest.raises(Conflict, match="that agency alone"):
        act_for(stage.session, acting, other.id, now=now)
    own = select(Membership).where(Membership.agency_id == stage.agency_id)
    stage.session.scalars(own).one().until = now
    stage.session.commit()
    left = who_is(stage.session, signed.token, now=now)
    assert left is not None
    assert (left.agency_id, left.roles) == (None, frozenset())


def test_a_stewards_role_does_not_come_with_an_agencys_sign_in(stage: Stage, now: datetime) -> None:
    person = a_person(stage.session, VAULT, now, None, stage.agency)
    an_identity(stage.session, now, stage.provider, person, "subject-1")
    acting = who_is(stage.session, stage.sign_in().token, now=now)
    assert acting is not None
    assert acting.roles == {Role.CASE_MANAGER}
    with pytest.raises(Conflict):
        act_for(stage.session, acting, None, now=now)


def link(stage: Stage, actor: Actor, subject: str = "subject-1") -> None:
    begin_link(
        stage.session, actor, stage.provider.id, a_browser(), stage.party,
        vault=VAULT, public_url=HUB, now=stage.now,
    )  # fmt: skip
    assert stage.finish(stage.party.secrets[-1].state, subject, actor=actor) is None


def test_somebody_who_proved_who_they_are_links_their_account(stage: Stage) -> None:
    person = a_person(stage.session, VAULT, stage.now, stage.agency)
    acting = signed_in(stage.session, stage.now, person)
    link(stage, acting)
    link(stage, acting)
    identity = stage.session.scalars(select(Identity)).one()
    assert (identity.issuer, identity.subject) == (stage.provider.issuer, "subject-1")
    assert identity.person_id == acting.person_id
    assert stage.sign_in() is not None


def test_linking_needs_a_role_in_the_agency(stage: Stage) -> None:
    stranger = a_person(stage.session, VAULT, stage.now)
    acting = signed_in(stage.session, stage.now, stranger)
    with pytest.raises(NotFound):
        link(stage, acting)
    assert stage.count(SignInAttempt) == 0


def test_an_account_that_is_linked_to_somebody_is_linked_to_nobody_else(stage: Stage) -> None:
    stage.linked()
    other = a_person(stage.session, VAULT, stage.now, stage.agency, email="bo@example.org")
    with pytest.raises(Conflict, match="somebody else"):
        link(stage, signed_in(stage.session, stage.now, other))
    assert stage.count(Identity) == 1


def test_who_began_to_link_must_still_be_the_one_who_is_signed_in(stage: Stage) -> None:
    person = a_person(stage.session, VAULT, stage.now, stage.agency)
    other = a_person(stage.session, VAULT, stage.now, stage.agency, email="bo@example.org")
    acting = signed_in(stage.session, stage.now, person)
    for later in (NOBODY, signed_in(stage.session, stage.now, other)):
        begin_link(
            stage.session, acting, stage.provider.id, a_browser(), stage.party,
            vault=VAULT, public_url=HUB, now=stage.now,
        )  # fmt: skip
        with pytest.raises(Conflict, match="Nothing was linked"):
            stage.finish(stage.party.secrets[-1].state, actor=later)
    assert stage.count(Identity) == 0


def invite(stage: Stage, email: str = "new@fairhomes.example.org") -> str:
    """Invite somebody, and return the token of the link."""
    made = add_invitation(
        stage.session, NOBODY, stage.agency, "New Person", email, [Role.CASE_MANAGER], VAULT,
        now=stage.now,
    )  # fmt: skip
    token = new_token()
    made.token_hash = token_hash(token)
    stage.session.commit()
    return token


def test_an_invitation_is_accepted_with_the_agencys_sign_in(stage: Stage, now: datetime) -> None:
    token = invite(stage)
    offer = open_invitation(stage.session, NOBODY, token, VAULT, now=now)
    signed = stage.finish(stage.begin(offer.provider_id, invitation=token))
    assert signed is not None
    acting = who_is(stage.session, signed.token, now=now)
    assert acting is not None
    assert acting.roles == {Role.CASE_MANAGER}
    assert stage.session.get_one(Person, acting.person_id).password_hash is None
    with pytest.raises(NotFound):
        stage.begin(invitation=token)
    assert stage.sign_in() is not None


def test_an_invitation_is_good_at_its_own_agencys_provider_alone(stage: Stage) -> None:
    token = invite(stage)
    other = an_agency(stage.session, stage.now, "Food Bank")
    elsewhere = a_provider(stage.session, VAULT, stage.now, other, "https://login.food.example")
    with pytest.raises(NotFound):
        stage.begin(elsewhere.id, invitation=token)
    with pytest.raises(NotFound):
        stage.begin(invitation="guessed")


def test_an_invitation_never_takes_over_the_account_of_its_e_mail_address(stage: Stage) -> None:
    a_person(stage.session, VAULT, stage.now, email="new@fairhomes.example.org")
    token = invite(stage)
    with pytest.raises(Conflict, match="Sign in in another way"):
        stage.finish(stage.begin(invitation=token))
    assert stage.count(Identity) == 0
    assert stage.begin(invitation=token)


def test_secrets_are_not_in_the_database_in_clear(stage: Stage) -> None:
    stage.begin()
    attempt = stage.session.scalars(select(SignInAttempt)).one()
    stored = repr([getattr(attempt, column.key) for column in SignInAttempt.__table__.columns])
    assert stage.party.secrets[-1].state not in stored
    assert stage.party.secrets[-1].verifier not in stored


def test_a_provider_is_not_asked_without_end(stage: Stage) -> None:
    for _ in range(SSO_ADDRESS.tries):
        stage.begin()
    with pytest.raises(TooManyTries):
        stage.begin()
