"""Invitations: sent by mail, good for one person once, and telling nobody more than they know."""

from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from referral_hub.gateways.tokens import token_hash
from referral_hub.models import Agency, AuditRow, Invitation, OutboxMessage, Person
from referral_hub.rules.actor import Anonymous
from referral_hub.rules.actor import Person as PersonActing
from referral_hub.rules.agencies import AgencyMove, AgencyStatus
from referral_hub.rules.errors import (
    Conflict,
    InvalidInput,
    NotFound,
    NotPermitted,
    SignInNeeded,
    TooManyTries,
)
from referral_hub.rules.invitations import INVITATIONS_AN_HOUR, Welcome
from referral_hub.rules.roles import Role
from referral_hub.use_cases.accept_invitation import (
    accept_as_known,
    accept_as_new,
    open_invitation,
)
from referral_hub.use_cases.agencies import decide_agency
from referral_hub.use_cases.invitations import (
    invite_steward,
    invite_to_agency,
    list_invitations,
    send_again,
    withdraw_invitation,
)
from tests.network import (
    ADMINISTRATOR,
    CASE_MANAGER,
    INTAKE,
    STEWARD,
    SUPERVISOR,
    VAULT,
    Network,
    PlainPasswords,
)
from tests.threads import at_once

NOBODY = Anonymous()
PASSWORD = "seven brown otters"


@pytest.fixture
def network(session: Session) -> Network:
    return Network(session)


class Inviting:
    """An agency whose administrator invites, and somebody new who accepts."""

    def __init__(self, session: Session, network: Network, now: datetime) -> None:
        self.session, self.network, self.now = session, network, now
        self.agency = network.agency()
        self.admin = network.person("Ada Admin", self.agency, ADMINISTRATOR)
        self.steward = network.person("Stella Steward", None, STEWARD)

    def invite(
        self, email: str = "nia@agency.example", roles: tuple[Role, ...] = (CASE_MANAGER,)
    ) -> str:
        """The token in the mail."""
        invite_to_agency(
            self.session, self.admin, self.agency, "Nia New", email, roles, VAULT, now=self.now
        )
        return self.network.invited_token()

    def accept(self, token: str, *, password: str = PASSWORD, at: datetime | None = None) -> UUID:
        passwords = PlainPasswords()
        return accept_as_new(
            self.session, NOBODY, token, "Nia N. New", password, VAULT,
            hasher=passwords, policy=passwords, now=at or self.now,
        )  # fmt: skip

    def people(self) -> int:
        self.session.rollback()
        return self.session.scalar(select(func.count()).select_from(Person)) or 0


@pytest.fixture
def inviting(session: Session, network: Network, now: datetime) -> Inviting:
    return Inviting(session, network, now)


def test_an_invitation_goes_by_mail_with_its_token_in_the_fragment(
    session: Session, network: Network, inviting: Inviting, now: datetime
) -> None:
    token = inviting.invite()
    (mail,) = network.mails()
    assert mail["to"] == "nia@agency.example"
    assert mail["template"] == "invitation"
    assert mail["agency"] == "Harbor House"
    assert mail["link"] == f"/invitation#{token}"
    invitation = network.the_invitation()
    assert invitation.token_hash == token_hash(token)
    assert invitation.expires_at == now + timedelta(days=7)
    (row,) = session.scalars(select(AuditRow))
    assert (row.action, row.agency_id) == ("invitation:send", inviting.agency)
    assert "nia" not in str(row.detail).lower()


def test_neither_name_nor_address_nor_token_is_stored_in_clear(
    session: Session, network: Network, inviting: Inviting
) -> None:
    token = inviting.invite("canary@agency.example")
    rows = [*session.scalars(select(Invitation)), *session.scalars(select(OutboxMessage))]
    stored = b"".join(
        repr([getattr(row, column.key) for column in row.__table__.columns]).encode()
        for row in rows
    )
    for secret in ("canary", "Nia", token):
        assert secret.encode() not in stored


def test_somebody_new_joins_with_a_name_and_a_password(
    session: Session, network: Network, inviting: Inviting, now: datetime
) -> None:
    token = inviting.invite(roles=(CASE_MANAGER, SUPERVISOR))
    offer = open_invitation(session, NOBODY, token, VAULT, now=now)
    assert (offer.to_join, offer.email) == ("Harbor House", "nia@agency.example")
    assert offer.welcome is Welcome.NEW_ACCOUNT
    person_id = inviting.accept(token)
    assert network.roles(person_id, inviting.agency) == {CASE_MANAGER, SUPERVISOR}
    person = session.get_one(Person, person_id)
    assert person.password_hash == f"hash of {PASSWORD}"
    assert network.audited()[-1] == "invitation:accept"
    with pytest.raises(NotFound):
        inviting.accept(token)


def test_looking_at_an_invitation_changes_nothing(
    session: Session, network: Network, inviting: Inviting, now: datetime
) -> None:
    token = inviting.invite()
    for _ in range(3):
        open_invitation(session, NOBODY, token, VAULT, now=now)
    inviting.accept(token)


def test_a_weak_password_changes_nothing(inviting: Inviting) -> None:
    token = inviting.invite()
    before = inviting.people()
    with pytest.raises(InvalidInput) as error:
        inviting.accept(token, password="short")
    assert set(error.value.fields) == {"password"}
    assert inviting.people() == before
    inviting.accept(token)


def test_an_invitation_is_good_for_seven_days(
    session: Session, inviting: Inviting, now: datetime
) -> None:
    token = inviting.invite()
    late = now + timedelta(days=7)
    with pytest.raises(NotFound):
        inviting.accept(token, at=late)
    with pytest.raises(NotFound):
        open_invitation(session, NOBODY, token, VAULT, now=late)
    inviting.accept(token, at=late - timedelta(seconds=1))


def test_a_new_link_ends_the_one_before_and_holds_seven_days_again(
    session: Session, network: Network, inviting: Inviting, now: datetime
) -> None:
    first = inviting.invite()
    later = now + timedelta(days=8)
    invitation = network.the_invitation().id
    send_again(session, inviting.admin, inviting.agency, invitation, VAULT, now=later)
    second = network.invited_token()
    with pytest.raises(NotFound):
        inviting.accept(first, at=later)
    inviting.accept(second, at=later)
    with pytest.raises(NotFound):
        send_again(session, inviting.admin, inviting.agency, invitation, VAULT, now=later)


def test_an_invitation_that_was_taken_back_is_no_good(
    session: Session, network: Network, inviting: Inviting, now: datetime
) -> None:
    token = inviting.invite()
    invitation = network.the_invitation().id
    withdraw_invitation(session, inviting.admin, inviting.agency, invitation, now=now)
    with pytest.raises(NotFound):
        inviting.accept(token)
    assert list_invitations(session, inviting.admin, inviting.agency, VAULT, now=now) == ()
    with pytest.raises(NotFound):
        withdraw_invitation(session, inviting.admin, inviting.agency, invitation, now=now)


def test_unknown_used_withdrawn_and_old_invitations_are_answered_alike(
    session: Session, network: Network, inviting: Inviting, now: datetime
) -> None:
    used = inviting.invite("used@agency.example")
    inviting.accept(used)
    old = inviting.invite("old@agency.example")
    answers = set()
    for token, at in (("unknown", now), (used, now), (old, now + timedelta(days=30))):
        with pytest.raises(NotFound) as error:
            open_invitation(session, NOBODY, token, VAULT, now=at)
        answers.add(error.value.message)
    assert len(answers) == 1


def test_twenty_who_accept_at_once_make_one_account(
    engine: Engine, inviting: Inviting, network: Network, now: datetime
) -> None:
    token = inviting.invite()
    before = inviting.people()
    passwords = PlainPasswords()

    def accept(number: int) -> UUID:
        with Session(engine) as own:
            return accept_as_new(
                own, NOBODY, token, f"Nia {number}", PASSWORD, VAULT,
                hasher=passwords, policy=passwords, now=now,
            )  # fmt: skip

    outcomes = at_once(20, accept)
    (winner,) = [each for each in outcomes if isinstance(each, UUID)]
    assert all(isinstance(each, NotFound) for each in outcomes if each != winner)
    assert inviting.people() == before + 1
    assert network.audited().count("invitation:accept") == 1


def test_two_invitations_to_one_new_address_make_one_account(
    engine: Engine, session: Session, inviting: Inviting, network: Network, now: datetime
) -> None:
    other = network.agency("Other")
    their_admin = network.person("Otto Other", other, ADMINISTRATOR)
    tokens = [inviting.invite()]
    invite_to_agency(
        session, their_admin, other, "Nia", "NIA@agency.example", [INTAKE], VAULT, now=now
    )
    tokens.append(
        next(
            mail["link"].partition("#")[2] for mail in network.mails() if mail["agency"] == "Other"
        )
    )
    before = inviting.people()
    passwords = PlainPasswords()

    def accept(number: int) -> UUID:
        with Session(engine) as own:
            return accept_as_new(
                own, NOBODY, tokens[number], "Nia", PASSWORD, VAULT,
                hasher=passwords, policy=passwords, now=now,
            )  # fmt: skip

    outcomes = at_once(2, accept)
    assert inviting.people() == before + 1
    (refused,) = [each for each in outcomes if not isinstance(each, UUID)]
    assert isinstance(refused, Conflict | InvalidInput)


def test_somebody_with_an_account_signs_in_and_just_joins(
    session: Session, network: Network, inviting: Inviting, now: datetime
) -> None:
    other = network.agency("Other")
    known = network.person("Kim Known", other, INTAKE, email="kim@else.example")
    token = inviting.invite("Kim@Else.example ")
    assert open_invitation(session, NOBODY, token, VAULT, now=now).welcome is Welcome.SIGN_IN
    with pytest.raises(Conflict):
        inviting.accept(token)
    assert open_invitation(session, known, token, VAULT, now=now).welcome is Welcome.JOIN
    accept_as_known(session, known, token, VAULT, now=now)
    assert network.roles(known.person_id, inviting.agency) == {CASE_MANAGER}
    assert network.roles(known.person_id, other) == {INTAKE}
    with pytest.raises(NotFound):
        accept_as_known(session, known, token, VAULT, now=now)


def test_nobody_joins_with_an_invitation_to_somebody_else(
    session: Session, network: Network, inviting: Inviting, now: datetime
) -> None:
    other = network.person("Otto Other", network.agency("Other"), INTAKE)
    token = inviting.invite()
    offer = open_invitation(session, other, token, VAULT, now=now)
    assert offer.welcome is Welcome.OTHER_PERSON
    with pytest.raises(Conflict):
        accept_as_known(session, other, token, VAULT, now=now)
    assert network.roles(other.person_id, inviting.agency) == set()
    with pytest.raises(SignInNeeded):
        accept_as_known(session, NOBODY, token, VAULT, now=now)
    inviting.accept(token)


def test_a_closed_account_joins_nothing(
    session: Session, network: Network, inviting: Inviting, now: datetime
) -> None:
    closed = network.person("Cleo Closed", network.agency("Other"), INTAKE)
    session.get_one(Person, closed.person_id).disabled_at = now
    session.commit()
    token = inviting.invite("cleo@agency.example")
    assert open_invitation(session, NOBODY, token, VAULT, now=now).welcome is Welcome.CLOSED
    with pytest.raises(NotFound):
        accept_as_known(session, closed, token, VAULT, now=now)
    with pytest.raises(Conflict):
        inviting.accept(token)


def test_who_invites_cannot_tell_whether_there_is_an_account(
    session: Session, network: Network, inviting: Inviting, now: datetime
) -> None:
    network.person("Kim Known", network.agency("Other"), INTAKE, email="kim@else.example")
    inviting.invite("kim@else.example")
    inviting.invite("nobody@else.example")
    known, unknown = list_invitations(session, inviting.admin, inviting.agency, VAULT, now=now)
    assert {known.email, unknown.email} == {"kim@else.example", "nobody@else.example"}
    assert (known.is_valid, known.roles) == (unknown.is_valid, unknown.roles)
    assert len({tuple(sorted(mail)) for mail in network.mails()}) == 1


def test_who_is_here_already_or_invited_already_is_not_invited_again(
    session: Session, network: Network, inviting: Inviting, now: datetime
) -> None:
    inviting.invite("nia@agency.example")
    for email in ("NIA@agency.example", "ada@agency.example"):
        with pytest.raises(InvalidInput) as error:
            inviting.invite(email)
        assert set(error.value.fields) == {"email"}
    assert len(network.mails()) == 1


@pytest.mark.parametrize(
    ("name", "email", "wrong"),
    [
        ("", "nia@agency.example", {"name"}),
        ("N" * 121, "nia@agency.example", {"name"}),
        ("Nia\x00", "nia@agency.example", {"name"}),
        ("Nia", "nia", {"email"}),
        ("Nia", "nia@agency", {"email"}),
        ("Nia", "nia@agency.example\nBcc: all@agency.example", {"email"}),
        ("", "", {"name", "email"}),
    ],
)
def test_names_and_addresses_that_cannot_be_are_refused(
    session: Session, inviting: Inviting, name: str, email: str, wrong: set[str], now: datetime
) -> None:
    with pytest.raises(InvalidInput) as error:
        invite_to_agency(
            session, inviting.admin, inviting.agency, name, email, [INTAKE], VAULT, now=now
        )
    assert set(error.value.fields) == wrong


def test_an_agency_gives_away_no_steward(inviting: Inviting) -> None:
    for roles in ((), (STEWARD,), (INTAKE, STEWARD)):
        with pytest.raises(InvalidInput):
            inviting.invite(roles=roles)


def test_only_administrators_and_stewards_invite(
    session: Session, network: Network, inviting: Inviting, now: datetime
) -> None:
    worker = network.person("Will Worker", inviting.agency, CASE_MANAGER, SUPERVISOR, INTAKE)
    stranger = network.person("Sam Stranger", network.agency("Other"), ADMINISTRATOR)
    someone = ("Nia", "nia@agency.example")
    for actor, refusal in ((worker, NotPermitted), (stranger, NotFound), (NOBODY, SignInNeeded)):
        with pytest.raises(refusal):
            invite_to_agency(session, actor, inviting.agency, *someone, [INTAKE], VAULT, now=now)
    for actor in (worker, stranger, inviting.admin):
        with pytest.raises(NotPermitted):
            invite_steward(session, actor, *someone, VAULT, now=now)
        with pytest.raises(NotPermitted):
            list_invitations(session, actor, None, VAULT, now=now)
    invite_to_agency(session, inviting.steward, inviting.agency, *someone, [INTAKE], VAULT, now=now)


def test_a_steward_sees_no_address_that_an_agency_wrote(
    session: Session, inviting: Inviting, now: datetime
) -> None:
    inviting.invite("nia@agency.example")
    invite_to_agency(
        session, inviting.steward, inviting.agency, "Bo", "bo@agency.example", [ADMINISTRATOR],
        VAULT, now=now,
    )  # fmt: skip
    seen = list_invitations(session, inviting.steward, inviting.agency, VAULT, now=now)
    assert {each.name: each.email for each in seen} == {"Nia New": None, "Bo": "bo@agency.example"}


def test_invitations_of_another_agency_are_not_there(
    session: Session, network: Network, inviting: Inviting, now: datetime
) -> None:
    other = network.agency("Other")
    stranger = network.person("Sam Stranger", other, ADMINISTRATOR)
    inviting.invite()
    invitation = network.the_invitation().id
    for agency in (other, inviting.agency):
        with pytest.raises(NotFound):
            withdraw_invitation(session, stranger, agency, invitation, now=now)
        with pytest.raises(NotFound):
            send_again(session, stranger, agency, invitation, VAULT, now=now)
    with pytest.raises(NotFound):
        withdraw_invitation(session, inviting.steward, None, invitation, now=now)
    with pytest.raises(NotFound):
        withdraw_invitation(session, inviting.admin, inviting.agency, uuid4(), now=now)


def test_a_steward_is_invited_like_anybody(
    session: Session, network: Network, inviting: Inviting, now: datetime
) -> None:
    invite_steward(session, inviting.steward, "Nia", "nia@else.example", VAULT, now=now)
    (waiting,) = list_invitations(session, inviting.steward, None, VAULT, now=now)
    assert waiting.email == "nia@else.example"
    person = inviting.accept(network.invited_token())
    assert network.roles(person, None) == {STEWARD}


@pytest.mark.parametrize("move", [AgencyMove.SUSPEND, AgencyMove.LIST_ONLY])
def test_nobody_joins_an_agency_that_takes_no_part(
    session: Session, inviting: Inviting, move: AgencyMove, now: datetime
) -> None:
    token = inviting.invite()
    decide_agency(session, inviting.steward, inviting.agency, move, VAULT, now=now)
    with pytest.raises(NotFound):
        inviting.accept(token)
    with pytest.raises(Conflict):
        invite_to_agency(
            session, inviting.steward, inviting.agency, "Bo", "bo@a.example", [INTAKE], VAULT,
            now=now,
        )  # fmt: skip


def test_the_first_administrator_of_an_invited_agency_acts_when_it_is_approved(
    session: Session, network: Network, inviting: Inviting, now: datetime
) -> None:
    session.get_one(Agency, inviting.agency).status = AgencyStatus.INVITED
    session.commit()
    invite_to_agency(
        session, inviting.steward, inviting.agency, "Bo", "bo@agency.example", [ADMINISTRATOR],
        VAULT, now=now,
    )  # fmt: skip
    person = inviting.accept(network.invited_token())
    cookie = network.sign_in(person, inviting.agency)
    before = network.acts(cookie)
    assert before is not None
    assert before.roles == frozenset()
    decide_agency(session, inviting.steward, inviting.agency, AgencyMove.APPROVE, VAULT, now=now)
    after = network.acts(cookie)
    assert isinstance(after, PersonActing)
    assert after.roles == {ADMINISTRATOR}


def test_an_agency_cannot_flood_people_with_mail(
    session: Session, inviting: Inviting, network: Network
) -> None:
    inviting.invite("first@agency.example")
    for number in range(INVITATIONS_AN_HOUR - 1):
        inviting.invite(f"person{number}@agency.example")
    with pytest.raises(TooManyTries):
        inviting.invite("last@agency.example")
