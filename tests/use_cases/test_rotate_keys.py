"""Keys are changed while people work; an interruption loses nothing."""

from datetime import date, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from referral_hub.gateways.field_crypto import Vault
from referral_hub.models import (
    AuditRow,
    AuthenticatorApp,
    Client,
    ClientKey,
    Invitation,
    OutboxMessage,
    Person,
    SigningKey,
)
from referral_hub.rules.actor import Anonymous, System
from referral_hub.rules.client_profile import Profile
from referral_hub.rules.errors import SignInNeeded
from referral_hub.use_cases.clients import add_client
from referral_hub.use_cases.find_clients import find_clients
from referral_hub.use_cases.rotate_keys import BATCH, rotate_keys
from referral_hub.use_cases.steps.mail import SEALED, send_mail
from referral_hub.use_cases.steps.people import (
    email_of,
    name_of,
    person_with_email,
    seal_person,
)
from referral_hub.use_cases.steps.sealed_columns import sealed_columns
from referral_hub.use_cases.transaction import transaction
from tests.referral_world import a_world

HUB = System("test")
OLD = Vault({"k1": b"o" * 32})
RING = Vault({"k2": b"n" * 32, "k1": b"o" * 32})
NEW = Vault({"k2": b"n" * 32})


def add_people(session: Session, count: int, now: datetime, vault: Vault = OLD) -> list[UUID]:
    people = [Person(id=uuid4(), created_at=now) for _ in range(count)]
    for number, person in enumerate(people):
        seal_person(vault, person, f"Person {number}", f"Person{number}@example.org")
    with transaction(session):
        session.add_all(people)
        return [person.id for person in people]


def add_one_of_each(session: Session, now: datetime) -> UUID:
    (person_id,) = add_people(session, 1, now)
    invitation = Invitation(
        id=uuid4(), token_hash=b"t", roles=[], invited_by="x", created_at=now, expires_at=now
    )
    seal_person(OLD, invitation, "Invited", "invited@example.org")
    with transaction(session):
        session.add(invitation)
        session.add(
            AuthenticatorApp(
                person_id=person_id,
                secret_sealed=OLD.seal("authenticator_app.secret", person_id, "SECRET"),
                created_at=now,
            )
        )
        session.add(
            SigningKey(
                id="key 1", algorithm="ES256", public={}, created_at=now,
                private_sealed=OLD.seal("signing_key.private", "key 1", "PRIVATE"),
            )
        )  # fmt: skip
        send_mail(session, OLD, "ana@example.org", "reset_password", now=now, link="/x")
    return person_id


def older(session: Session) -> int:
    """How many values are not sealed with the newest key."""
    session.rollback()
    return sum(
        not value.startswith(RING.newest_prefix)
        for sealed in sealed_columns()
        for value in session.scalars(select(sealed.column).where(sealed.column.is_not(None)))
    )


def test_everything_opens_with_the_newest_key_alone(session: Session, now: datetime) -> None:
    person_id = add_one_of_each(session, now)
    done = rotate_keys(session, HUB, RING, now=now)
    assert (done.sealed, done.unreadable, older(session)) == (7, {}, 0)
    person = session.get_one(Person, person_id)
    assert (name_of(NEW, person), email_of(NEW, person)) == ("Person 0", "Person0@example.org")
    app = session.get_one(AuthenticatorApp, person_id)
    assert NEW.open("authenticator_app.secret", person_id, app.secret_sealed) == "SECRET"
    key = session.get_one(SigningKey, "key 1")
    assert NEW.open("signing_key.private", "key 1", key.private_sealed) == "PRIVATE"
    message = session.scalars(select(OutboxMessage)).one()
    assert "ana@example.org" in NEW.open(SEALED, message.id, message.payload_sealed or b"")
    invitation = session.scalars(select(Invitation)).one()
    assert name_of(NEW, invitation) == "Invited"


def test_people_are_found_by_their_address_before_during_and_after(
    session: Session, now: datetime
) -> None:
    add_people(session, 1, now)
    assert person_with_email(session, RING, "PERSON0@example.org") is not None
    rotate_keys(session, HUB, RING, now=now)
    for vault in (RING, NEW):
        assert person_with_email(session, vault, "person0@EXAMPLE.org") is not None


def test_what_is_sealed_with_the_newest_key_is_left_alone(session: Session, now: datetime) -> None:
    add_people(session, 3, now, RING)
    before = session.scalars(select(Person.email_sealed)).all()
    assert rotate_keys(session, HUB, RING, now=now).sealed == 0
    session.rollback()
    assert session.scalars(select(Person.email_sealed)).all() == before


def test_an_interrupted_rotation_goes_on_where_it_was(session: Session, now: datetime) -> None:
    add_people(session, 2 * BATCH + 1, now)
    first = older(session)

    def die(_column: str, _done: int) -> None:
        raise SystemExit

    for sealed in (BATCH, 2 * BATCH, 2 * BATCH + 1):
        with pytest.raises(SystemExit):
            rotate_keys(session, HUB, RING, now=now, progress=die)
        session.close()
        assert older(session) == first - sealed
    left = older(session)
    done = rotate_keys(session, HUB, RING, now=now)
    assert (done.sealed, older(session)) == (left, 0)
    people = session.scalars(select(Person)).all()
    assert sorted(email_of(NEW, each) for each in people) == sorted(
        f"Person{number}@example.org" for number in range(2 * BATCH + 1)
    )


def test_a_batch_that_is_interrupted_leaves_value_and_index_together(
    session: Session, now: datetime
) -> None:
    add_people(session, 3, now)

    class Dying(Vault):
        """Dies in the middle of a batch."""

        def index(self, column: str, text: str) -> bytes:
            if "2" in text:
                raise SystemExit
            return super().index(column, text)

    with pytest.raises(SystemExit):
        rotate_keys(session, HUB, Dying({"k2": b"n" * 32, "k1": b"o" * 32}), now=now)
    session.close()
    for number in range(3):
        person = person_with_email(session, RING, f"person{number}@example.org")
        assert person is not None
        assert email_of(RING, person) == f"Person{number}@example.org"


def test_values_that_no_key_opens_are_counted_and_hold_up_nothing(
    session: Session, now: datetime
) -> None:
    lost, *_ = add_people(session, 3, now)
    foreign = Vault({"k0": b"z" * 32}).seal("person.name", lost, "Lost")
    session.execute(update(Person).where(Person.id == lost).values(name_sealed=foreign))
    session.commit()
    done = rotate_keys(session, HUB, RING, now=now)
    assert (done.sealed, done.unreadable) == (5, {"person.name": 1})


def test_progress_and_audit_tell_how_much_was_done(session: Session, now: datetime) -> None:
    add_people(session, BATCH + 1, now)
    told: list[tuple[str, int]] = []
    later = now + timedelta(days=1)
    rotate_keys(session, HUB, RING, now=later, progress=lambda *step: told.append(step))
    assert told == [
        ("person.name", BATCH), ("person.name", BATCH + 1),
        ("person.email", BATCH), ("person.email", BATCH + 1),
    ]  # fmt: skip
    row = session.scalars(select(AuditRow)).one()
    assert (row.action, row.detail) == ("keys:rotate", f"{2 * BATCH + 2} values")


def test_nobody_but_the_hub_itself_rotates(session: Session, now: datetime) -> None:
    with pytest.raises(SignInNeeded):
        rotate_keys(session, Anonymous(), RING, now=now)


def test_clients_are_found_before_during_and_after_and_their_keys_are_new(
    session: Session, now: datetime
) -> None:
    world = a_world(session, OLD, now)
    actor = world.sender.case_manager
    for number in range(BATCH + 5):
        born = date(1950, 1, 1) + timedelta(days=number)
        profile = Profile(given_name=f"Rosa{number:03}", birth_date=born)
        add_client(session, actor, profile, OLD, now=now)

    def finds(vault: Vault) -> list[int]:
        texts = ("rosa000", f"rosa{BATCH + 4}", "1950-01-02")
        found = [find_clients(session, actor, text, vault, now=now) for text in texts]
        return [len(each.clients) for each in found]

    def die(column: str, _done: int) -> None:
        if column == "client.profile":
            raise SystemExit

    assert finds(RING) == [1, 1, 1]
    with pytest.raises(SystemExit):
        rotate_keys(session, HUB, RING, now=now, progress=die)
    session.close()
    profiles = session.scalars(select(Client.profile_sealed)).all()
    assert {each.startswith(RING.newest_prefix) for each in profiles} == {True, False}
    assert finds(RING) == [1, 1, 1]
    keys = session.scalar(select(func.count()).select_from(ClientKey))
    rotate_keys(session, HUB, RING, now=now)
    assert finds(NEW) == finds(RING) == [1, 1, 1]
    assert finds(OLD) == [0, 0, 0]
    assert session.scalar(select(func.count()).select_from(ClientKey)) == keys
