"""People change their own name and e-mail address."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from referral_hub.models import AuditRow, OneTimeLink, Person
from referral_hub.rules.actor import Actor, Anonymous, System
from referral_hub.rules.errors import (
    InvalidInput,
    NotFound,
    NotPermitted,
    SignInNeeded,
    TooManyTries,
)
from referral_hub.use_cases.accept_invitation import accept_as_known, open_invitation
from referral_hub.use_cases.change_password import change_password
from referral_hub.use_cases.invitations import invite_to_agency
from referral_hub.use_cases.profile import ask_for_email, change_name, confirm_email
from referral_hub.use_cases.reset_password import ask_for_reset, reset_password
from referral_hub.use_cases.sessions import who_is
from referral_hub.use_cases.steps.people import email_of, name_of, person_with_email
from tests.accounts import (
    EMAIL,
    PASSWORDS,
    VAULT,
    a_browser,
    a_person,
    acting,
    in_parallel,
    mails,
    refusals,
    sign_in,
)
from tests.conftest import NOW
from tests.network import ADMINISTRATOR, CASE_MANAGER, STEWARD, Network
from tests.threads import at_once

NEW = "ana.gomez@new.example"
DAY = timedelta(days=1)


def ask(session: Session, who: Actor, email: str = NEW, minutes: int = 0) -> None:
    ask_for_email(session, who, email, vault=VAULT, now=NOW + timedelta(minutes=minutes))


def confirm(session: Session, who: Actor, token: str, after: timedelta = timedelta()) -> None:
    confirm_email(session, who, token, vault=VAULT, now=NOW + after)


def last_token(session: Session) -> str:
    sent = [mail["link"] for mail in mails(session) if "#" in mail.get("link", "")]
    return sent[-1].partition("#")[2]


def token_to(session: Session, email: str, path: str = "") -> str:
    """The token of the one link that was mailed to an address."""
    links = (mail["link"] for mail in mails(session) if mail["to"] == email)
    (token,) = (link.partition("#")[2] for link in links if "#" in link and path in link)
    return token


def address_of(session: Session) -> str:
    session.rollback()
    return email_of(VAULT, session.scalars(select(Person).order_by(Person.created_at)).first())  # type: ignore[arg-type]


def receivers(session: Session) -> list[str]:
    return sorted(mail["to"] for mail in mails(session))


def test_one_gives_oneself_another_name(session: Session) -> None:
    person = a_person(session)
    change_name(session, acting(session), "  Ana   Lopez ", vault=VAULT, now=NOW)
    session.expire_all()
    assert name_of(VAULT, person) == "Ana Lopez"
    assert address_of(session) == EMAIL
    with pytest.raises(InvalidInput):
        change_name(session, acting(session), " ", vault=VAULT, now=NOW)


def test_a_new_address_counts_when_its_link_is_used_and_not_before(session: Session) -> None:
    a_person(session)
    signed = sign_in(session)
    assert signed is not None
    who = who_is(session, signed.token, now=NOW)
    assert who is not None
    ask(session, who)
    assert receivers(session) == sorted([EMAIL, NEW])
    assert address_of(session) == EMAIL
    assert person_with_email(session, VAULT, NEW) is None
    confirm(session, who, last_token(session))
    assert address_of(session) == NEW
    assert person_with_email(session, VAULT, EMAIL) is None
    assert receivers(session) == sorted([EMAIL, EMAIL, NEW])
    assert who_is(session, signed.token, now=NOW) is not None
    assert sign_in(session, NEW) is not None
    with pytest.raises(InvalidInput):
        sign_in(session, EMAIL)


def test_only_the_new_address_gets_the_link(session: Session) -> None:
    a_person(session)
    ask(session, acting(session))
    for mail in mails(session):
        assert ("#" in mail["link"]) is (mail["to"] == NEW)
        assert mail["to"] == NEW or NEW not in str(mail)


def test_the_link_works_once_and_for_a_day(session: Session) -> None:
    a_person(session)
    who = acting(session)
    ask(session, who)
    token = last_token(session)
    with pytest.raises(InvalidInput, match="too old"):
        confirm(session, who, token, DAY)
    confirm(session, who, token, DAY - timedelta(seconds=1))
    with pytest.raises(InvalidInput, match="used already"):
        confirm(session, who, token)
    assert refusals(session, "profile:email") == 2


def test_of_many_uses_of_one_link_at_once_one_wins(session: Session, engine: Engine) -> None:
    a_person(session)
    who = acting(session)
    ask(session, who)
    token = last_token(session)
    session.rollback()
    assert in_parallel(engine, lambda own, number: confirm(own, who, token), 8) == 1


def test_using_a_link_and_what_makes_it_void_never_wait_for_each_other(
    session: Session, engine: Engine
) -> None:
    people = []
    for number in range(24):
        email = f"ana{number}@example.org"
        a_person(session, email)
        who = acting(session, email)
        ask(session, who, f"new{number}@example.org")
        people.append((who, token_to(session, f"new{number}@example.org")))
    session.rollback()

    def confirm_or_ask(number: int) -> None:
        who, token = people[number // 2]
        with Session(engine) as own:
            if number % 2:
                confirm(own, who, token)
            else:
                ask(own, who, f"other{number}@example.org", minutes=1)

    answers = at_once(2 * len(people), confirm_or_ask)
    assert [each for each in answers if not isinstance(each, InvalidInput | None)] == []
    assert answers[::2] == [None] * len(people)


def test_the_link_is_of_no_use_to_anybody_else(session: Session) -> None:
    a_person(session)
    a_person(session, "ben@example.org")
    ask(session, acting(session))
    token = last_token(session)
    with pytest.raises(InvalidInput, match="another account"):
        confirm(session, acting(session, "ben@example.org"), token)
    with pytest.raises(SignInNeeded):
        confirm(session, Anonymous(), token)
    assert address_of(session) == EMAIL
    confirm(session, acting(session), token)


def test_a_link_for_a_password_confirms_no_address_and_the_other_way_round(
    session: Session,
) -> None:
    a_person(session)
    who = acting(session)
    ask_for_reset(session, Anonymous(), EMAIL, a_browser(), vault=VAULT, now=NOW)
    with pytest.raises(InvalidInput):
        confirm(session, who, last_token(session))
    ask(session, who)
    with pytest.raises(InvalidInput):
        reset_password(
            session, Anonymous(), last_token(session), "seven lamps by the sea", a_browser(),
            vault=VAULT, passwords=PASSWORDS, now=NOW,
        )  # fmt: skip


def test_only_the_last_wish_counts(session: Session) -> None:
    a_person(session)
    who = acting(session)
    ask(session, who, "first@new.example")
    first = last_token(session)
    ask(session, who, minutes=1)
    with pytest.raises(InvalidInput):
        confirm(session, who, first)
    confirm(session, who, last_token(session))
    assert address_of(session) == NEW


def test_a_new_password_stops_a_change_that_somebody_else_began(session: Session) -> None:
    a_person(session)
    who = acting(session)
    ask(session, who)
    change_password(
        session, who, "seven lamps by the sea", a_browser(),
        vault=VAULT, passwords=PASSWORDS, now=NOW,
    )  # fmt: skip
    with pytest.raises(InvalidInput):
        confirm(session, who, last_token(session))


def test_links_that_went_to_the_old_address_are_void_with_it(session: Session) -> None:
    a_person(session)
    who = acting(session)
    ask_for_reset(session, Anonymous(), EMAIL, a_browser(), vault=VAULT, now=NOW)
    ask(session, who, minutes=1)
    confirm(session, who, last_token(session), timedelta(minutes=1))
    assert all(link.used_at for link in session.scalars(select(OneTimeLink)))
    assert all(link.email_sealed is None for link in session.scalars(select(OneTimeLink)))


def test_an_invitation_to_the_old_address_is_no_way_in_any_more(session: Session) -> None:
    person = a_person(session)
    network = Network(session)
    agency, other = network.agency(), network.agency("Other")
    admin = network.person("Ada Admin", agency, ADMINISTRATOR)
    steward = network.person("Stella Steward", None, STEWARD)
    invited = []
    for inviter, to, email in (
        (admin, agency, EMAIL), (steward, other, "Ana@Example.org"), (admin, agency, NEW),
    ):  # fmt: skip
        invite_to_agency(session, inviter, to, "Ana", email, [CASE_MANAGER], VAULT, now=NOW)
        invited.append(token_to(session, email))
    ask(session, acting(session))
    confirm(session, acting(session), token_to(session, NEW, "/account/profile/confirm"))
    for token in invited[:2]:
        with pytest.raises(NotFound):
            open_invitation(session, Anonymous(), token, VAULT, now=NOW)
    rows = session.scalars(select(AuditRow).where(AuditRow.action == "invitation:withdraw"))
    assert {row.agency_id for row in rows} == {agency, other}
    accept_as_known(session, acting(session, NEW), invited[2], VAULT, now=NOW)
    assert network.roles(person.id, agency) == {CASE_MANAGER}


def test_joining_and_leaving_an_address_never_wait_for_each_other(
    session: Session, engine: Engine
) -> None:
    network = Network(session)
    agency = network.agency()
    admin = network.person("Ada Admin", agency, ADMINISTRATOR)
    people = []
    for number in range(24):
        email = f"ana{number}@example.org"
        a_person(session, email)
        who = acting(session, email)
        invite_to_agency(session, admin, agency, "Ana", email, [CASE_MANAGER], VAULT, now=NOW)
        ask(session, who, f"new{number}@example.org")
        tokens = (token_to(session, f"{part}{number}@example.org") for part in ("ana", "new"))
        people.append((who, *tokens))
    session.rollback()

    def confirm_or_join(number: int) -> None:
        who, invitation, token = people[number // 2]
        with Session(engine) as own:
            if number % 2:
                confirm(own, who, token)
            else:
                accept_as_known(own, who, invitation, VAULT, now=NOW)

    answers = at_once(2 * len(people), confirm_or_join)
    assert [each for each in answers if not isinstance(each, NotFound | None)] == []
    assert answers[1::2] == [None] * len(people)


def test_nobody_learns_that_an_address_is_another_accounts(session: Session) -> None:
    a_person(session)
    a_person(session, "ben@example.org")
    ask(session, acting(session), "Ben@Example.org")
    assert receivers(session) == [EMAIL]
    ask(session, acting(session))
    rows = session.scalars(select(AuditRow).where(AuditRow.action == "profile:ask-email")).all()
    taken, free = [(row.outcome, row.record_id, row.detail) for row in rows]
    assert taken == free


def test_an_address_that_became_anothers_meanwhile_is_not_taken(session: Session) -> None:
    a_person(session)
    who = acting(session)
    ask(session, who)
    a_person(session, NEW)
    with pytest.raises(InvalidInput, match="another account"):
        confirm(session, who, last_token(session))
    assert address_of(session) == EMAIL


@pytest.mark.parametrize("email", ["", "ana", "ana@new", "ANA@example.org"])
def test_an_address_that_cannot_be_is_told(session: Session, email: str) -> None:
    a_person(session)
    with pytest.raises(InvalidInput) as raised:
        ask(session, acting(session), email)
    assert set(raised.value.fields) == {"email"}
    assert mails(session) == []


def test_nobody_is_sent_links_without_end(session: Session) -> None:
    a_person(session)
    who = acting(session)
    for number in range(5):
        ask(session, who, f"ana{number}@new.example", minutes=number)
    with pytest.raises(TooManyTries):
        ask(session, who, minutes=6)


@pytest.mark.parametrize(("who", "error"), [(Anonymous(), SignInNeeded), (System(), NotPermitted)])
def test_only_people_have_a_profile(session: Session, who: Actor, error: type[Exception]) -> None:
    with pytest.raises(error):
        change_name(session, who, "Ana", vault=VAULT, now=NOW)
    with pytest.raises(error):
        ask(session, who)
