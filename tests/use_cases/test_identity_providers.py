"""Setting up, renewing and disabling an agency's provider."""

from datetime import datetime
from threading import Barrier, Thread
from uuid import uuid4

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from referral_hub.gateways.field_crypto import Vault
from referral_hub.models import Agency, AuditRow, IdentityProvider
from referral_hub.rules.actor import Actor, Anonymous
from referral_hub.rules.actor import Person as PersonActing
from referral_hub.rules.agencies import AgencyStatus
from referral_hub.rules.errors import (
    Conflict,
    HubError,
    InvalidInput,
    NotFound,
    NotPermitted,
)
from referral_hub.rules.roles import Role
from referral_hub.rules.single_sign_on import Refusal
from referral_hub.use_cases.identity_providers import (
    disable_provider,
    renew_client_secret,
    set_up_provider,
)
from referral_hub.use_cases.show_single_sign_on import agencies_with_sign_in, show_provider
from referral_hub.use_cases.steps.identity_providers import SECRET
from tests.fakes import FakeRelyingParty
from tests.network_data import a_person, a_provider, an_agency, signed_in

HUB = "https://hub.example"
VAULT = Vault({"k1": b"k" * 32})
ISSUER = "https://login.example.org"


@pytest.fixture
def agency(session: Session, now: datetime) -> Agency:
    """An agency that takes part."""
    return an_agency(session, now)


@pytest.fixture
def admin(session: Session, now: datetime, agency: Agency) -> PersonActing:
    """Its administrator, signed in just now."""
    person = a_person(session, VAULT, now, agency, role=Role.AGENCY_ADMINISTRATOR)
    return signed_in(session, now, person)


def set_up(
    session: Session,
    actor: Actor,
    agency: Agency,
    now: datetime,
    issuer: str = ISSUER,
    name: str = "Fair Homes login",
    secret: str = " s3cret ",
    party: FakeRelyingParty | None = None,
) -> None:
    party = party or FakeRelyingParty(session)
    set_up_provider(
        session, actor, agency.id, name, issuer, "hub", secret, party=party, vault=VAULT, now=now
    )


def test_the_redirect_uri_is_known_before_and_stays(
    session: Session, now: datetime, agency: Agency, admin: PersonActing
) -> None:
    before = show_provider(session, admin, agency.id, HUB)
    assert before.provider is None
    set_up(session, admin, agency, now)
    after = show_provider(session, admin, agency.id, f"{HUB}/")
    assert after.provider is not None
    assert after.redirect_uri == before.redirect_uri
    assert before.redirect_uri == f"{HUB}/sign-in/sso/{after.provider.id}/answer"


def test_a_later_provider_has_a_redirect_uri_of_its_own(
    session: Session, now: datetime, agency: Agency, admin: PersonActing
) -> None:
    set_up(session, admin, agency, now)
    first = show_provider(session, admin, agency.id, HUB).redirect_uri
    disable_provider(session, admin, agency.id, now=now)
    assert show_provider(session, admin, agency.id, HUB).redirect_uri != first
    set_up(session, admin, agency, now)
    assert show_provider(session, admin, agency.id, HUB).redirect_uri != first


def test_the_client_secret_is_sealed_and_can_be_renewed(
    session: Session, now: datetime, agency: Agency, admin: PersonActing
) -> None:
    set_up(session, admin, agency, now)
    provider = session.scalars(select(IdentityProvider)).one()
    assert b"s3cret" not in provider.client_secret_sealed
    assert VAULT.open(SECRET, provider.id, provider.client_secret_sealed) == "s3cret"
    renew_client_secret(session, admin, agency.id, "another", vault=VAULT, now=now)
    assert VAULT.open(SECRET, provider.id, provider.client_secret_sealed) == "another"
    with pytest.raises(InvalidInput):
        renew_client_secret(session, admin, agency.id, " ", vault=VAULT, now=now)
    acts = session.scalars(select(AuditRow.action).order_by(AuditRow.id)).all()
    assert acts == ["provider:set-up", "provider:renew-secret"]
    assert "s3cret" not in repr(session.scalars(select(AuditRow.detail)).all())


@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("issuer", {"issuer": ""}),
        ("issuer", {"issuer": "https://login.example.org?tenant=1"}),
        ("issuer", {"issuer": "https://login.example.org/\n"[:-1] + "\x07x"}),
        ("name", {"name": "  "}),
        ("client_secret", {"secret": "x" * 501}),
    ],
)
def test_fields_that_cannot_be_are_named(
    session: Session,
    now: datetime,
    agency: Agency,
    admin: PersonActing,
    field: str,
    values: dict[str, str],
) -> None:
    with pytest.raises(InvalidInput) as caught:
        set_up(session, admin, agency, now, **values)
    assert set(caught.value.fields) == {field}


def test_what_is_wrong_with_the_provider_is_told_beside_its_issuer(
    session: Session, now: datetime, agency: Agency, admin: PersonActing
) -> None:
    party = FakeRelyingParty(session, broken=Refusal.DISCOVERY)
    with pytest.raises(InvalidInput) as caught:
        set_up(session, admin, agency, now, party=party)
    assert caught.value.fields == {"issuer": "The provider does not answer."}
    assert session.scalars(select(IdentityProvider)).all() == []


def test_only_the_agencys_own_administrators(
    session: Session, now: datetime, agency: Agency, admin: PersonActing
) -> None:
    worker = a_person(session, VAULT, now, agency, email="bo@example.org")
    steward = a_person(session, VAULT, now, None, email="cy@example.org")
    for person in (worker, steward):
        with pytest.raises(NotPermitted):
            set_up(session, signed_in(session, now, person), agency, now)
    other = an_agency(session, now, "Food Bank")
    with pytest.raises(NotFound):
        set_up(session, admin, other, now)
    with pytest.raises(NotFound):
        disable_provider(session, admin, agency.id, now=now)
    with pytest.raises(NotFound):
        renew_client_secret(session, admin, agency.id, "x", vault=VAULT, now=now)


def test_of_two_who_set_up_at_once_one_succeeds(
    engine: Engine, session: Session, now: datetime, agency: Agency, admin: PersonActing
) -> None:
    agency_id = agency.id
    session.rollback()
    ready, outcomes = Barrier(4), []

    def act() -> None:
        with Session(engine) as own:
            ready.wait()
            try:
                set_up_provider(
                    own, admin, agency_id, "Login", ISSUER, "hub", "secret",
                    party=FakeRelyingParty(own), vault=VAULT, now=now,
                )  # fmt: skip
                outcomes.append("done")
            except HubError as error:
                outcomes.append(error.code)

    threads = [Thread(target=act) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["conflict"] * 3 + ["done"]


def test_a_second_provider_waits_until_the_first_is_disabled(
    session: Session, now: datetime, agency: Agency, admin: PersonActing
) -> None:
    set_up(session, admin, agency, now)
    with pytest.raises(Conflict, match="already"):
        set_up(session, admin, agency, now)


def test_the_agencies_to_choose_from_are_partners_with_a_provider_in_use(
    session: Session, now: datetime
) -> None:
    shown = an_agency(session, now, "zebra aid")
    a_provider(session, VAULT, now, an_agency(session, now, "Alpha"))
    a_provider(session, VAULT, now, shown)
    a_provider(session, VAULT, now, an_agency(session, now, "Gone", AgencyStatus.SUSPENDED))
    a_provider(session, VAULT, now, an_agency(session, now, "Off")).disabled_at = now
    an_agency(session, now, f"Without {uuid4()}")
    session.commit()
    found = [each.agency for each in agencies_with_sign_in(session, Anonymous())]
    assert found == ["Alpha", "zebra aid"]
