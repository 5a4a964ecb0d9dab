"""Passkeys: a full sign-in by themselves, bound to site, browser, person and challenge."""

from datetime import datetime, timedelta
from json import loads
from uuid import uuid4

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from referral_hub.gateways.passkeys import Site
from referral_hub.models import Passkey, RecoveryCode, SignInSession
from referral_hub.rules.actor import Anonymous, Person
from referral_hub.rules.errors import InvalidInput, NotFound
from referral_hub.rules.roles import Role
from referral_hub.use_cases.passkey_sign_in import (
    begin_passkey_sign_in,
    confirm_with_passkey,
    sign_in_with_passkey,
)
from referral_hub.use_cases.passkeys import (
    add_passkey,
    begin_passkey,
    list_passkeys,
    remove_passkey,
    rename_passkey,
)
from referral_hub.use_cases.sessions import who_is
from referral_hub.use_cases.steps.browsers import Browser
from referral_hub.use_cases.steps.signing_in import SignedIn
from tests.accounts import VAULT, a_browser, a_person, acting, in_parallel, refusals, sign_in
from tests.fake_passkey import FakePasskey, bytes_of

SITE = Site("hub.example.org", "https://hub.example.org")
DESK = a_browser()


def new_key(session: Session, person: Person, key: FakePasskey, now: datetime) -> tuple[str, ...]:
    options = begin_passkey(session, person, DESK.secret, SITE, vault=VAULT, now=now)
    return add_passkey(
        session, person, "Laptop", key.make(options), DESK.secret, SITE, vault=VAULT, now=now
    )


def options_for_sign_in(session: Session, now: datetime, browser: Browser = DESK) -> str:
    return begin_passkey_sign_in(session, Anonymous(), browser, SITE, "/find", vault=VAULT, now=now)


def enter(session: Session, answer: str, now: datetime, browser: Browser = DESK) -> SignedIn:
    return sign_in_with_passkey(session, Anonymous(), answer, browser, SITE, vault=VAULT, now=now)


@pytest.fixture
def key(session: Session, now: datetime) -> FakePasskey:
    """Ana's passkey."""
    a_person(session, roles=(Role.AGENCY_ADMINISTRATOR,))
    made = FakePasskey(SITE)
    new_key(session, acting(session), made, now)
    return made


def test_a_passkey_is_a_full_sign_in(session: Session, key: FakePasskey, now: datetime) -> None:
    signed = enter(session, key.sign(options_for_sign_in(session, now)), now)
    assert signed.next_path == "/find"
    person = who_is(session, signed.token, now=now)
    assert person is not None
    assert person.roles == {"agency_administrator"}
    assert not person.second_factor_missing


def test_options_ask_for_user_verification_and_name_nobody(
    session: Session, key: FakePasskey, now: datetime
) -> None:
    options = loads(options_for_sign_in(session, now))
    assert options["userVerification"] == "required"
    assert options["rpId"] == SITE.host
    assert options["allowCredentials"] == []
    assert len(bytes_of(options["challenge"])) == 32


def test_a_new_passkey_is_kept_on_the_device_and_not_made_twice(
    session: Session, key: FakePasskey, now: datetime
) -> None:
    ana = acting_with_key(session, now)
    options = loads(begin_passkey(session, ana, DESK.secret, SITE, vault=VAULT, now=now))
    chosen = options["authenticatorSelection"]
    assert (chosen["residentKey"], chosen["userVerification"]) == ("required", "required")
    assert [bytes_of(held["id"]) for held in options["excludeCredentials"]] == [key.id]
    assert options["attestation"] == "none"


def acting_with_key(session: Session, now: datetime) -> Person:
    """Ana in the session in which she made the passkey."""
    held = session.scalars(select(SignInSession)).first()
    assert held is not None
    return Person(held.person_id, held.agency_id, frozenset(), frozenset(), now, held.id)


def test_with_the_first_passkey_come_recovery_codes_and_a_password_is_not_enough_any_more(
    session: Session, now: datetime
) -> None:
    a_person(session)
    older, person = acting(session), acting(session)
    assert len(new_key(session, person, FakePasskey(SITE), now)) == 10
    assert new_key(session, person, FakePasskey(SITE), now) == ()
    assert session.get_one(SignInSession, older.session_id).ended_at == now
    assert session.get_one(SignInSession, person.session_id).ended_at is None
    assert sign_in(session) is None


def test_an_answer_counts_once(session: Session, key: FakePasskey, now: datetime) -> None:
    answer = key.sign(options_for_sign_in(session, now))
    enter(session, answer, now)
    with pytest.raises(InvalidInput):
        enter(session, answer, now)
    assert refusals(session, "sign-in") == 1


@pytest.mark.parametrize("counts", [True, False])
def test_of_many_uses_of_one_answer_at_once_one_wins(
    session: Session, engine: Engine, key: FakePasskey, counts: bool, now: datetime
) -> None:
    key.counts = counts
    answer = key.sign(options_for_sign_in(session, now))
    session.rollback()
    assert in_parallel(engine, lambda own, _: enter(own, answer, now)) == 1


def test_another_browser_cannot_use_the_answer(
    session: Session, key: FakePasskey, now: datetime
) -> None:
    answer = key.sign(options_for_sign_in(session, now))
    thief = a_browser("thief")
    options_for_sign_in(session, now, thief)
    with pytest.raises(InvalidInput):
        enter(session, answer, now, thief)


def test_an_answer_that_comes_late_is_refused(
    session: Session, key: FakePasskey, now: datetime
) -> None:
    answer = key.sign(options_for_sign_in(session, now))
    with pytest.raises(InvalidInput):
        enter(session, answer, now + timedelta(minutes=10))


def test_without_user_verification_nothing_counts(session: Session, now: datetime) -> None:
    a_person(session)
    careless = FakePasskey(SITE, verifies=False)
    with pytest.raises(InvalidInput):
        new_key(session, acting(session), careless, now)
    careless.verifies = True
    new_key(session, acting(session), careless, now)
    careless.verifies = False
    with pytest.raises(InvalidInput):
        enter(session, careless.sign(options_for_sign_in(session, now)), now)


@pytest.mark.parametrize(
    "site",
    [Site("hub.example.org", "https://evil.example"), Site("evil.example", "https://hub.example.org")],
)  # fmt: skip
def test_an_answer_for_another_site_is_refused(
    session: Session, key: FakePasskey, site: Site, now: datetime
) -> None:
    key.site = site
    with pytest.raises(InvalidInput):
        enter(session, key.sign(options_for_sign_in(session, now)), now)


def test_a_count_that_does_not_rise_tells_of_a_copy(
    session: Session, key: FakePasskey, now: datetime
) -> None:
    key.count = 7
    enter(session, key.sign(options_for_sign_in(session, now)), now)
    key.count = 7
    with pytest.raises(InvalidInput):
        enter(session, key.sign(options_for_sign_in(session, now)), now)
    assert session.scalars(select(Passkey.sign_count)).one() == 8


def test_a_closed_account_is_not_opened_by_a_passkey(session: Session, now: datetime) -> None:
    person = a_person(session)
    key = FakePasskey(SITE)
    new_key(session, acting(session), key, now)
    person.disabled_at = now
    session.commit()
    with pytest.raises(InvalidInput):
        enter(session, key.sign(options_for_sign_in(session, now)), now)


@pytest.mark.parametrize(
    "answer",
    ["", "{}", "[]", "null", "x" * 5000, "[" * 100_000, '{"id": "a", "rawId": "a"}', "\udcff"],
)
def test_what_is_no_answer_is_refused_by_name(
    session: Session, key: FakePasskey, answer: str, now: datetime
) -> None:
    options_for_sign_in(session, now)
    with pytest.raises(InvalidInput):
        enter(session, answer, now)


def test_an_answer_for_making_one_is_none_for_signing_in(
    session: Session, key: FakePasskey, now: datetime
) -> None:
    with pytest.raises(InvalidInput):
        enter(session, key.make(options_for_sign_in(session, now)), now)


def test_a_passkey_proves_anew_who_one_is_and_anothers_does_not(
    session: Session, key: FakePasskey, now: datetime
) -> None:
    later = now + timedelta(minutes=30)
    a_person(session, "ben@example.org")
    ben = acting(session, "ben@example.org")
    with pytest.raises(InvalidInput):
        confirm_with_passkey(
            session, ben, key.sign(options_for_sign_in(session, later)), DESK.secret, SITE,
            now=later,
        )  # fmt: skip
    ana = acting_with_key(session, now)
    confirm_with_passkey(
        session, ana, key.sign(options_for_sign_in(session, later)), DESK.secret, SITE, now=later
    )
    assert session.get_one(SignInSession, ana.session_id).proved_at == later
    assert session.get_one(SignInSession, ben.session_id).proved_at == now


def test_one_passkey_belongs_to_one_account(
    session: Session, key: FakePasskey, now: datetime
) -> None:
    a_person(session, "ben@example.org")
    with pytest.raises(InvalidInput):
        new_key(session, acting(session, "ben@example.org"), key, now)


def test_passkeys_are_named_and_removed_by_their_person_alone(
    session: Session, key: FakePasskey, now: datetime
) -> None:
    ana = acting_with_key(session, now)
    a_person(session, "ben@example.org")
    ben = acting(session, "ben@example.org")
    (held,) = list_passkeys(session, ana)
    rename_passkey(session, ana, held.id, "  Work   phone " + "x" * 99, now=now)
    (renamed,) = list_passkeys(session, ana)
    assert renamed.name.startswith("Work phone x")
    assert len(renamed.name) == 60
    for name in ("a\x00b", "a\u202eb"):
        with pytest.raises(InvalidInput):
            rename_passkey(session, ana, held.id, name, now=now)
    assert list_passkeys(session, ben) == ()
    with pytest.raises(NotFound):
        rename_passkey(session, ben, held.id, "Mine", now=now)
    with pytest.raises(NotFound):
        remove_passkey(session, ben, held.id, vault=VAULT, now=now)
    with pytest.raises(NotFound):
        remove_passkey(session, ana, uuid4(), vault=VAULT, now=now)
    remove_passkey(session, ana, held.id, vault=VAULT, now=now)
    assert list_passkeys(session, ana) == ()
    assert session.scalars(select(RecoveryCode)).all() == []
    assert session.get_one(SignInSession, ana.session_id).methods == "pwd"


def test_a_removed_passkey_signs_nobody_in(
    session: Session, key: FakePasskey, now: datetime
) -> None:
    ana = acting_with_key(session, now)
    remove_passkey(session, ana, list_passkeys(session, ana)[0].id, vault=VAULT, now=now)
    with pytest.raises(InvalidInput):
        enter(session, key.sign(options_for_sign_in(session, now)), now)
