"""The steward's pages of partners' directories and of who wins."""

from sqlalchemy import select

from referral_hub.models import PartnerFeed, Source, SourceRule
from tests.http.conftest import Opener
from tests.network import STEWARD, Network

FIELDS = {"name": "Partner", "url": "https://partner.example/hsds/", "kind": "api",
          "every_hours": "6"}  # fmt: skip


def test_a_steward_adds_pauses_and_resumes_a_directory(network: Network, browse: Opener) -> None:
    steward = browse(network.person("Stella Steward", None, STEWARD))
    assert "No directory is pulled" in steward.page("/network/feeds")
    assert "Partner" in steward.done("/network/feeds/add", **FIELDS)
    feed = network.session.scalars(select(PartnerFeed)).one()
    assert feed.url == "https://partner.example/hsds"
    page = f"/network/feeds/{feed.id}"
    assert "It was not read yet" in steward.page(page)
    assert "Resume" in steward.done(f"{page}/pause")
    assert "Pull it now" in steward.done(f"{page}/resume")
    steward.done(f"{page}/run")


def test_a_wrong_form_is_shown_again_with_what_was_typed(network: Network, browse: Opener) -> None:
    steward = browse(network.person("Stella Steward", None, STEWARD))
    page = steward.wrong("/network/feeds/add", **{**FIELDS, "url": "http://10.0.0.1/"})
    assert "Only addresses that begin with https:// are fetched." in page
    assert 'value="http://10.0.0.1/"' in page
    page = steward.wrong("/network/feeds/add", **{**FIELDS, "every_hours": "0"})
    assert "whole number from 1" in page
    steward.done("/network/feeds/add", **FIELDS)
    assert "with this name already" in steward.wrong("/network/feeds/add", **FIELDS)


def test_the_last_report_and_why_it_failed_are_shown(network: Network, browse: Opener) -> None:
    steward = browse(network.person("Stella Steward", None, STEWARD))
    steward.done("/network/feeds/add", **FIELDS)
    feed = network.session.scalars(select(PartnerFeed)).one()
    feed.failures, feed.message = 2, "/hsds/services answered 500."
    told = {"severity": "error", "table": "service", "record": "s1", "field": "name",
            "reason": "name is missing"}  # fmt: skip
    feed.report = {
        "whole": True, "read": 1200, "changes": [["service", "changed", 3]], "problems": 1,
        "told": [told],
    }  # fmt: skip
    network.session.commit()
    page = steward.page(f"/network/feeds/{feed.id}")
    for words in ("answered 500", "failed 2 times", "1,200 records", "name is missing"):
        assert words in page
    assert "Failed 2 times" in steward.page("/network/feeds")


def test_a_steward_says_who_wins_and_takes_it_back(network: Network, browse: Opener) -> None:
    source = Source(name="feed:Partner", format="hsds-json", imported_at=network.now)
    network.session.add(source)
    network.session.commit()
    steward = browse(network.person("Stella Steward", None, STEWARD))
    page = f"/network/sources/{source.id}"
    assert "feed:Partner" in steward.page("/network/sources")
    shown = steward.done(page, field="service.description", wins="ours")
    assert "the source never changes it" in shown
    steward.done(page, field="service.description", wins="ask")
    network.session.rollback()
    rule = network.session.scalars(select(SourceRule)).one()
    assert (rule.table_name, rule.field, rule.wins) == ("service", "description", "ask")
    assert "Choose a field from the list" in steward.wrong(page, field="service.id", wins="ours")
    assert "All fields: the source wins" in steward.done(
        f"{page}/drop", field="service.description"
    )
    steward.page("/network/sources/9999", 404)
