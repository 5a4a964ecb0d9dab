"""Linked accounts: shown to their person, and unlinked unless nothing else is left."""

from datetime import datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from referral_hub.gateways.field_crypto import Vault
from referral_hub.models import Identity, OutboxMessage, Passkey, SignInSession
from referral_hub.rules.errors import Conflict, NotFound
from referral_hub.rules.sign_in import Method
from referral_hub.use_cases.identities import show_links, unlink_account
from referral_hub.use_cases.steps.sessions import Through, add_session
from tests.network import Network
from tests.network_data import a_person, a_provider, an_agency, an_identity, signed_in

VAULT = Vault({"k1": b"k" * 32})


def test_people_see_what_is_linked_and_what_could_be(session: Session, now: datetime) -> None:
    homes, food = an_agency(session, now), an_agency(session, now, "Food Bank")
    provider = a_provider(session, VAULT, now, homes)
    open_one = a_provider(session, VAULT, now, food, "https://login.food.example")
    a_provider(session, VAULT, now, an_agency(session, now, "Not theirs"), "https://x.example")
    person = a_person(session, VAULT, now, homes, food)
    acting = signed_in(session, now, person)
    both = [each.agency for each in show_links(session, acting).linkable]
    assert both == ["Fair Homes Legal Aid", "Food Bank"]
    an_identity(session, now, provider, person, "subject-1")
    view = show_links(session, acting)
    assert [each.agency for each in view.linked] == ["Fair Homes Legal Aid"]
    assert [each.provider_id for each in view.linkable] == [open_one.id]


def test_the_last_way_to_sign_in_is_not_taken_away(session: Session, now: datetime) -> None:
    homes, food = an_agency(session, now), an_agency(session, now, "Food Bank")
    provider = a_provider(session, VAULT, now, homes)
    other = a_provider(session, VAULT, now, food, "https://login.food.example")
    person = a_person(session, VAULT, now, homes, food)
    acting = signed_in(session, now, person)
    identity = an_identity(session, now, provider, person, "subject-1")
    with pytest.raises(Conflict, match="only way"):
        unlink_account(session, acting, identity.id, vault=VAULT, now=now)
    an_identity(session, now, other, person, "subject-2")
    other.disabled_at = now
    session.commit()
    with pytest.raises(Conflict, match="only way"):
        unlink_account(session, acting, identity.id, vault=VAULT, now=now)
    other.disabled_at = None
    session.commit()
    unlink_account(session, acting, identity.id, vault=VAULT, now=now)
    assert len(session.scalars(select(Identity)).all()) == 1


@pytest.mark.parametrize("way", ["password", "passkey"])
def test_with_another_way_an_account_is_unlinked_and_its_other_sessions_end_with_their_tokens(
    session: Session, now: datetime, way: str
) -> None:
    homes = an_agency(session, now)
    provider = a_provider(session, VAULT, now, homes)
    person = a_person(session, VAULT, now, homes)
    if way == "password":
        person.password_hash = "kept"
    else:
        session.add(
            Passkey(
                person_id=person.id, credential_id=b"1", public_key=b"2", name="Laptop",
                created_at=now,
            )
        )  # fmt: skip
    acting = signed_in(session, now, person)
    _, through = add_session(
        session, person, (Method.SINGLE_SIGN_ON,), "Edge", Through(provider, now), now=now
    )
    session.commit()
    identity = an_identity(session, now, provider, person, "subject-1")
    network = Network(session)
    application = network.application(homes.id)
    ended, kept = (
        network.token(application, person.id, homes.id, session_id=each)
        for each in (through.id, acting.session_id)
    )
    unlink_account(session, acting, identity.id, vault=VAULT, now=now)
    assert network.revoked(ended)
    assert not network.revoked(kept)
    assert session.scalars(select(Identity)).all() == []
    assert through.ended_at == now
    assert session.get_one(SignInSession, acting.session_id).ended_at is None
    templates = [row.payload["template"] for row in session.scalars(select(OutboxMessage))]
    assert templates == ["linked_account_changed"]


def test_one_unlinks_no_account_but_ones_own(session: Session, now: datetime) -> None:
    homes = an_agency(session, now)
    provider = a_provider(session, VAULT, now, homes)
    person = a_person(session, VAULT, now, homes, password_hash="kept")
    other = a_person(session, VAULT, now, homes, email="bo@example.org", password_hash="kept")
    identity = an_identity(session, now, provider, person, "subject-1")
    with pytest.raises(NotFound):
        unlink_account(session, signed_in(session, now, other), identity.id, vault=VAULT, now=now)
