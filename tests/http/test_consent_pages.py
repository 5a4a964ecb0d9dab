"""The pages of consent and of what was shared, by who looks at them."""

import csv
from dataclasses import dataclass, replace
from datetime import timedelta
from io import StringIO
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from referral_hub.models import Agency, Client, Consent, Disclosure, Referral
from referral_hub.rules.actor import Person
from referral_hub.rules.consent import ALWAYS
from referral_hub.rules.referral_lifecycle import Status
from referral_hub.use_cases.steps.consents import load_terms
from referral_hub.use_cases.steps.disclosures import disclose
from referral_hub.use_cases.transaction import transaction
from tests.consent_world import REASON, a_consent, a_draft
from tests.http.conftest import Opener
from tests.network import Network, own_day
from tests.referral_world import World, a_client, a_need, a_world

ELSEWHERE = (
    "/clients/{}/consents", "/clients/{}/consents/new", "/clients/{}/disclosures",
    "/clients/{}/disclosures.csv",
)  # fmt: skip


@dataclass
class House:
    """An agency with a client who agreed to share something with another one."""

    network: Network
    world: World
    client_id: UUID
    consent_id: UUID

    @property
    def session(self) -> Session:
        return self.network.session

    @property
    def worker(self) -> Person:
        return self.world.sender.case_manager

    @property
    def base(self) -> str:
        return f"/clients/{self.client_id}"

    def form(self, **changes: Any) -> dict[str, Any]:
        today = own_day(self.network.now)
        return {
            "purpose": "To find a shelter", "categories": ["basic_contact", "need", "health"],
            "recipients": [str(self.world.receiver.agency_id)], "method": "signed_on_paper",
            "signer": "client", "language": "es", "given_on": today.isoformat(),
            "last_on": (today + timedelta(days=90)).isoformat(), "document": "Cabinet 3",
        } | changes  # fmt: skip

    def shared(self) -> Referral:
        """A referral, sent just now, that rests on the consent."""
        session, vault, now = self.session, self.network.vault, self.network.now
        client = session.get_one(Client, self.client_id)
        need = a_need(session, client)
        referral = a_draft(session, self.world, need, self.consent_id)
        with transaction(session):
            terms = load_terms(session, vault, self.consent_id)
            disclose(
                session, vault, referral, self.consent_id, terms, ALWAYS, client, need, REASON,
                self.worker, now=now,
            )  # fmt: skip
            referral.status = Status.SENT
        return referral


@pytest.fixture
def house(network: Network) -> House:
    session, vault, now = network.session, network.vault, network.now - timedelta(hours=1)
    world = a_world(session, vault, now)
    client = a_client(session, world.sender, vault=vault, now=now)
    today = own_day(now)
    consent_id = a_consent(
        session, world.sender, client, world.receiver.agency_id, vault=vault, now=now,
        given_on=today, last_on=today + timedelta(days=90), purpose="=To find <b>help</b>",
    )  # fmt: skip
    client_id = client.id
    session.rollback()
    return House(network, world, client_id, consent_id)


def test_consent_is_recorded_on_a_page(browse: Opener, house: House) -> None:
    browser = browse(house.worker)
    page = browser.page(f"{house.base}/consents/new")
    for words in ("Lawndale Legal Aid", "Substance use", "Supervisor North Side Housing"):
        assert words in page
    assert 'value="health" id="categories-health">' in page
    shown = browser.done(f"{house.base}/consents/new", **house.form())
    assert "Consent is recorded." in shown
    assert "To find a shelter" in shown
    recorded = house.session.scalars(select(Consent).order_by(Consent.recorded_at.desc())).first()
    assert recorded is not None
    assert recorded.categories == ["basic_contact", "need", "health"]
    one = browser.page(f"{house.base}/consents/{recorded.id}")
    for words in ("Cabinet 3", "Spanish", "Signed on paper", "Case Manager North Side Housing"):
        assert words in one


@pytest.mark.parametrize(
    ("changes", "field", "said"),
    [
        ({"categories": ["need", "substance_use"], "last_on": ""}, "last_on", "42 CFR 2.31"),
        (
            {"categories": ["education_records"], "method": "verbal_with_witness"},
            "method", "34 CFR 99.30",
        ),
        ({"recipients": []}, "recipients", "Name the agencies"),
        ({"purpose": ""}, "purpose", "in a sentence"),
        ({"signer": "guardian"}, "signer_basis", "On which basis"),
        ({"given_on": "0001-01-01"}, "given_on", "Use a year"),
        ({"last_on": "9999-12-31"}, "last_on", "Use a year"),
        ({"last_on": "soon"}, "last_on", "2026-05-31"),
        ({"method": "verbal_with_witness"}, "witness_id", "Name the witness"),
    ],
)  # fmt: skip
def test_what_is_wrong_stands_beside_its_field(
    browse: Opener, house: House, changes: dict[str, Any], field: str, said: str
) -> None:
    form = house.form(document="Typed before", **changes)
    page = browse(house.worker).wrong(f"{house.base}/consents/new", **form)
    assert said in page
    place = field if field not in {"recipients", "method", "categories"} else None
    assert place is None or f'id="{place}-error"' in page
    assert f'href="#{field}"' in page
    assert 'value="Typed before"' in page
    assert len(house.session.scalars(select(Consent)).all()) == 1


def test_spoken_consent_names_who_heard_it(browse: Opener, house: House) -> None:
    spoken = house.form(method="verbal_with_witness")
    browser = browse(house.worker)
    for nobody in (house.worker.person_id, uuid4()):
        browser.wrong(f"{house.base}/consents/new", **spoken, witness_id=str(nobody))
    witness = str(house.world.sender.supervisor.person_id)
    browser.done(f"{house.base}/consents/new", **spoken, witness_id=witness)


def test_victim_services_are_told_what_they_need(browse: Opener, house: House) -> None:
    house.session.get_one(Agency, house.world.sender.agency_id).victim_services = True
    house.session.commit()
    page = browse(house.worker).page(f"{house.base}/consents/new")
    assert "34 USC 12291" in page
    assert 'name="any_partner"' not in page


def test_taking_back_says_what_it_does_and_does_it(browse: Opener, house: House) -> None:
    house.shared()
    browser = browse(house.worker)
    where = f"{house.base}/consents/{house.consent_id}"
    assert f"{where}/revoke" in browser.page(where)
    assert "cannot be undone" in browser.page(f"{where}/revoke")
    assert "Choose how" in browser.wrong(f"{where}/revoke")
    assert "Choose how" in browser.wrong(f"{where}/revoke", revoked_by="client_link")
    done = browser.done(f"{where}/revoke", revoked_by="phone")
    assert "1 referral is withdrawn." in done
    assert "Taken back" in done
    assert f"{where}/revoke" not in done
    browser.wrong(f"{where}/revoke", 409, revoked_by="phone")
    assert "Closed on" in browser.page(f"{house.base}/disclosures")


def test_the_list_of_what_was_shared_has_spans_and_a_file(browse: Opener, house: House) -> None:
    house.shared()
    browser = browse(house.worker)
    page = browser.page(f"{house.base}/disclosures")
    assert "Lawndale Legal Aid" in page
    assert "&lt;b&gt;help" in page
    yesterday = (own_day(house.network.now) - timedelta(days=1)).isoformat()
    assert "Nothing was shared" in browser.page(f"{house.base}/disclosures", until=yesterday)
    for wrong in ({"since": "x"}, {"since": "2026-02-01", "until": "2026-01-01"},
                  {"since": "0001-01-01"}, {"until": "9999-12-31"}):  # fmt: skip
        assert "Please check" in browser.page(f"{house.base}/disclosures", 422, **wrong)
        assert browser.get(f"{house.base}/disclosures.csv", **wrong).status_code == 422
    answer = browser.get(f"{house.base}/disclosures.csv")
    assert answer.mimetype == "text/csv"
    (row,) = csv.DictReader(StringIO(answer.get_data(as_text=True)))
    made = house.session.scalars(select(Disclosure)).one()
    assert row["disclosure"] == str(made.id)
    assert row["shared_with"] == "Lawndale Legal Aid"
    assert row["what"] == "Name and how to reach the client; What the client needs, and why"
    assert row["purpose"].startswith("'=To find")
    house.session.rollback()
    old = browse(house.worker, timedelta(hours=2)).get(f"{house.base}/disclosures.csv")
    assert "/sign-in/confirm" in old.headers["Location"]


def test_another_agency_learns_nothing(browse: Opener, house: House) -> None:
    house.shared()
    nothing = uuid4()
    for stranger in (house.world.receiver.case_manager, house.world.stranger.supervisor):
        browser = browse(stranger)
        for path in ELSEWHERE:
            if path.endswith("new") and stranger is house.world.stranger.supervisor:
                continue
            theirs = browser.page(path.format(house.client_id), 404)
            assert theirs == browser.page(path.format(nothing), 404)
            assert "Rosa" not in theirs
        one = f"/clients/{{}}/consents/{house.consent_id}"
        assert browser.page(one.format(house.client_id), 404) == browser.page(
            one.format(nothing), 404
        )
    browser = browse(house.world.receiver.case_manager)
    answer = browser.post(f"{house.base}/consents/new", **house.form())
    assert answer.status_code == 404
    revoked = browser.post(f"{house.base}/consents/{house.consent_id}/revoke", revoked_by="phone")
    assert revoked.status_code == 404


def test_a_supervisor_reads_but_does_not_record(browse: Opener, house: House) -> None:
    browser = browse(house.world.sender.supervisor)
    page = browser.page(f"{house.base}/consents")
    assert "consents/new" not in page
    browser.page(f"{house.base}/consents/new", 403)
    browser.page(f"{house.base}/disclosures")
    other = replace(house.world.sender.administrator)
    browse(other).page(f"{house.base}/consents", 403)
