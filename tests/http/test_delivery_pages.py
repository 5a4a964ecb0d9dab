"""The pages of news and of webhooks: who finds what there, and what they show once only."""

import re
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select

from referral_hub.gateways.webhooks import WebhookSender
from referral_hub.models import Notice, NoticePreference, Service, Webhook, WebhookDelivery
from referral_hub.rules.actor import Person
from referral_hub.web.hub import EXTENSION
from tests.http.conftest import Opener
from tests.http.hub_browser import text_of
from tests.http.one_delivery import one_delivery
from tests.network import ADMINISTRATOR, CASE_MANAGER, STEWARD, Network
from tests.receiver import receiving

URL = "https://partner.example/in"


class House:
    """An agency with a webhook to which something went, and a worker with a notice."""

    def __init__(self, network: Network) -> None:
        self.network = network
        self.id = network.agency()
        self.admin = network.person("Ada Admin", self.id, ADMINISTRATOR)
        self.worker = network.person("Carl Case", self.id, CASE_MANAGER)
        self.colleague = network.person("Cora Case", self.id, CASE_MANAGER)
        self.steward = network.person("Stella Steward", None, STEWARD)
        self.ids = one_delivery(
            network.session, network.vault, self.id, network.team(self.id, "Day team"),
            self.worker.person_id, self._service(), network.long_ago,
        )  # fmt: skip
        self.page = f"/agency/webhooks/{self.ids['webhook_id']}"

    def webhook(self) -> Webhook:
        self.network.session.rollback()
        return self.network.session.get_one(Webhook, self.ids["webhook_id"])

    def delivery(self) -> WebhookDelivery:
        self.network.session.rollback()
        return self.network.session.get_one(WebhookDelivery, self.ids["delivery_id"])

    def _service(self) -> UUID:
        from_organization = self.network.organization("Harbor")
        row = Service(
            organization_id=from_organization, name="Beds", description="Beds", status="active",
            created_at=self.network.long_ago, updated_at=self.network.long_ago,
        )  # fmt: skip
        self.network.session.add(row)
        self.network.session.commit()
        return row.id


@pytest.fixture
def house(network: Network) -> House:
    return House(network)


def test_news_is_counted_at_the_head_of_every_page_until_it_is_read(
    browse: Opener, house: House
) -> None:
    browser = browse(house.worker)
    assert '<span class="news-count">1' in browser.page("/agency")
    html = browser.page("/notices")
    assert "A referral arrived" in html
    assert 'href="/referrals/' in html
    assert "1 notice is new." in html
    done = browser.done(f"/notices/{house.ids['notice_id']}/read")
    assert "Marked as read." in done
    assert "news-count" not in browser.page("/agency")
    assert "You have read everything." in browser.page("/notices")


def test_looking_at_the_list_reads_nothing(browse: Opener, house: House) -> None:
    for _ in range(2):
        assert "1 notice is new." in browse(house.worker).page("/notices")


def test_all_are_marked_as_read(browse: Opener, house: House) -> None:
    assert "1 notice marked as read." in browse(house.worker).done("/notices/read")
    assert "There is no news." in browse(house.colleague).page("/notices")


def test_a_colleagues_notice_is_not_there(browse: Opener, house: House) -> None:
    answer = browse(house.colleague).post(f"/notices/{house.ids['notice_id']}/read")
    assert answer.status_code == 404
    house.network.session.rollback()
    (notice,) = house.network.session.scalars(select(Notice)).all()
    assert notice.read_at is None


def test_nobody_signed_in_sees_no_news(browse: Opener, house: House) -> None:
    assert "news-link" not in browse().page("/")
    assert browse().get("/notices").status_code == 302


@pytest.mark.parametrize("page", ["0", "x", "-1", "9" * 30])
def test_a_page_that_cannot_be_is_refused(browse: Opener, house: House, page: str) -> None:
    browse(house.worker).page("/notices", 422, page=page)
    browse(house.admin).page(house.page, 422, page=page)
    browse(house.worker).page("/notices", 404, page="2")


def test_people_choose_for_which_news_a_mail_comes(browse: Opener, house: House) -> None:
    browser = browse(house.worker)
    kinds = re.findall(r'<select class="usa-select" id="(\w+)"', browser.page("/account/notices"))
    assert len(kinds) == 13
    assert "Saved." in browser.done(
        "/account/notices", **dict.fromkeys(kinds, "daily") | {"message": "never"}
    )
    house.network.session.rollback()
    kept = house.network.session.scalars(select(NoticePreference)).all()
    assert {(each.kind, each.frequency) for each in kept} == {
        ("message", "never"),
        ("emergency", "daily"),
    }
    assert re.search(
        r'id="message".*?value="never" selected', browser.page("/account/notices"), re.S
    )


def test_a_choice_that_is_none_is_said_beside_its_field(browse: Opener, house: House) -> None:
    html = browse(house.worker).wrong("/account/notices", message="weekly")
    assert "Choose one." in html
    assert "Error: News by mail" in html


def test_an_administrator_adds_a_webhook_and_sees_its_secret_once(
    browse: Opener, house: House
) -> None:
    browser = browse(house.admin)
    answer = browser.post("/agency/webhooks/add", url=URL, kinds=["accept", "decline"])
    html = text_of(answer)
    assert answer.headers["Cache-Control"] == "no-store"
    secret = re.search(r"<code>(whsec_[^<]+)</code>", html)
    assert secret is not None
    where = re.search(r'href="(/agency/webhooks/[0-9a-f-]+)"', html)
    assert where is not None
    page = browser.page(where[1])
    assert "Accept, Decline" in page
    assert secret[1] not in page + browser.page("/agency/webhooks")


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({}, "Enter an address that begins with https://."),
        ({"url": "http://partner.example/in"}, "Only addresses that begin with https://"),
        ({"url": URL, "kinds": ["drafted"]}, "Choose only from the list."),
    ],
)
def test_what_is_wrong_with_a_new_webhook_is_said(
    browse: Opener, house: House, fields: dict[str, object], said: str
) -> None:
    html = browse(house.admin).wrong("/agency/webhooks/add", **fields)
    assert said in html
    assert "Error: Add a webhook" in html


def test_secrets_ask_for_a_fresh_proof(browse: Opener, house: House) -> None:
    browser = browse(house.admin, proved_ago=timedelta(hours=1))
    assert "/sign-in/confirm" in browser.get("/agency/webhooks/add").headers["Location"]
    for path in ("/agency/webhooks/add", f"{house.page}/secret", f"{house.page}/delete"):
        assert browser.post(path).status_code == 401
    assert house.webhook().deleted_at is None


def test_the_log_shows_what_went_out_and_sends_it_again(browse: Opener, house: House) -> None:
    browser = browse(house.admin)
    html = browser.page(house.page)
    assert "referral.send" in html
    assert "Delivered" in html
    done = browser.done(f"{house.page}/deliveries/{house.ids['delivery_id']}/replay")
    assert "The message is sent again." in done
    assert house.delivery().due_at is not None


def test_everything_since_a_day_is_sent_again(browse: Opener, house: House) -> None:
    browser = browse(house.admin)
    since = house.network.long_ago.date()
    note = browser.done(f"{house.page}/replay", since=since.isoformat())
    assert "1 message is sent again." in note
    assert house.delivery().due_at is not None
    assert "Use a date such as" in browser.wrong(f"{house.page}/replay", since="soon")
    assert "not in the future" in browser.wrong(f"{house.page}/replay", since="2999-01-01")
    for extreme in ("0001-01-01", "9999-12-31"):
        assert browser.post(f"{house.page}/replay", since=extreme).status_code in (303, 422)


def test_it_is_switched_off_and_on_and_deleted(browse: Opener, house: House) -> None:
    browser = browse(house.admin)
    assert "Switched off by an administrator" in browser.done(f"{house.page}/disable")
    assert browser.post(f"{house.page}/replay", since="2026-01-01").status_code == 409
    assert "The webhook is switched on." in browser.done(f"{house.page}/enable")
    assert "The webhook is deleted." in browser.done(f"{house.page}/delete")
    assert browser.get(house.page).status_code == 404


def test_a_test_says_what_came_of_it(browse: Opener, house: House) -> None:
    browser = browse(house.admin)
    assert "is not one that the hub sends to" in browser.done(f"{house.page}/test")


def test_a_test_arrives_where_private_networks_are_allowed(
    app: Flask, browse: Opener, house: House
) -> None:
    with receiving() as receiver:
        sender = WebhookSender(frozenset({receiver.host}))
        app.extensions[EXTENSION] = replace(app.extensions[EXTENSION], webhook_sender=sender)
        browser = browse(house.admin)
        for behaviour, said in (
            ("good", "The test has arrived: the receiver answered 204."),
            ("broken", "The test did not arrive: the receiver answered 500."),
        ):
            house.webhook().url = receiver.url(behaviour)
            house.network.session.commit()
            assert said in browser.done(f"{house.page}/test")
        assert len(receiver.got) == 2


def test_only_administrators_find_webhooks(browse: Opener, house: House) -> None:
    assert 'href="/agency/webhooks"' in browse(house.admin).page("/agency")
    for person in (house.worker, house.steward):
        browser = browse(person)
        for path in ("/agency/webhooks", house.page, "/agency/webhooks/add"):
            assert browser.get(path).status_code == 403
    other = house.network.agency("Other")
    stranger: Person = house.network.person("Sam Stranger", other, ADMINISTRATOR)
    assert browse(stranger).get(house.page).status_code == 404
    assert browse(stranger).post(f"{house.page}/disable").status_code == 404
    assert house.webhook().disabled_at is None
