"""Single sign-on at a second running hub, which is the provider; and the attacks between two."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest

from tests.accounts import PASSWORD
from tests.running_hub import Browser
from tests.two_hubs import (
    AGENCY,
    TwoHubs,
    add_at_provider,
    begin,
    link,
    pass_provider,
    two_running_hubs,
)


@pytest.fixture(scope="module")
def linked(
    tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path, gazetteer_folder: Path
) -> Iterator[TwoHubs]:
    """Both hubs, with Ana's account at the one linked to hers at the other."""
    folder = tmp_path_factory.mktemp("two-hubs")
    with two_running_hubs(folder, sqlite_template, gazetteer_folder) as hubs:
        link(hubs)
        yield hubs


def test_somebody_signs_in_at_the_other_hub(linked: TwoHubs) -> None:
    with Browser() as browser:
        begin(browser, linked.hub, AGENCY)
        assert browser.page.url.startswith(f"{linked.provider.address}/sign-in?")
        done = pass_provider(browser)
        assert done.url == f"{linked.hub.address}/account"
        assert "Ana Ruiz" in done.text
        # The provider knows her now, so the next time there is nothing to type.
        browser.wire.cookies.clear(domain="127.0.0.1")
        begin(browser, linked.hub, AGENCY)
        assert browser.page.url == f"{linked.hub.address}/account"


def test_who_is_signed_in_at_both_proves_it_anew_to_change_something_sensitive(
    linked: TwoHubs,
) -> None:
    with Browser() as browser:
        begin(browser, linked.hub, AGENCY)
        pass_provider(browser)
        page = browser.open(f"{linked.hub.address}/agency/single-sign-on")
        assert "Disable single sign-on" in page.text
        begin(browser, linked.hub, AGENCY)
        assert browser.page.url.startswith(f"{linked.provider.address}/sign-in/confirm?")
        browser.send("/sign-in/confirm", password=PASSWORD)
        assert browser.page.url == f"{linked.hub.address}/account"


def test_who_refuses_at_the_other_hub_is_not_signed_in(linked: TwoHubs) -> None:
    before = linked.sessions_through_provider()
    add_at_provider(linked, "bo@example.org")
    with Browser() as browser:
        begin(browser, linked.hub, AGENCY)
        browser.send("/sign-in", email="bo@example.org", password=PASSWORD)
        done = browser.send("", decision="refuse")
        assert done.status_code == 400
        assert "cancelled" in done.text
    assert linked.refusals()[-1] == "sso declined"
    assert linked.sessions_through_provider() == before


def test_who_is_known_there_and_not_here_is_not_let_in(linked: TwoHubs) -> None:
    add_at_provider(linked, "cy@example.org")
    with Browser() as browser:
        begin(browser, linked.hub, AGENCY)
        browser.send("/sign-in", email="cy@example.org", password=PASSWORD)
        done = browser.send("", decision="allow")
        assert done.status_code == 403
        assert "not known here yet" in done.text


def test_mix_up_an_attackers_provider_gets_no_code_of_the_other_hub(linked: TwoHubs) -> None:
    """The victim chose the attacker's agency. Its provider sends the browser on to the honest hub,
    with what the attacker knows: client id and redirect URI of the hub there, and its state."""
    before = linked.sessions_through_provider()
    with Browser(leads_on=False) as browser:
        begin(browser, linked.hub, "Attacker Aid")
        asked = dict(parse_qsl(urlsplit(browser.next_address).query))
        asked |= {"client_id": linked.client_id, "redirect_uri": linked.back}
        browser.open(f"{linked.provider.address}/oauth/authorize?{urlencode(asked)}")
        done = pass_provider(browser)
        assert done.url.startswith(linked.back)
        assert done.status_code == 400
        assert "was not begun in this browser" in done.text
        # The code, taken to the attacker's redirect URI, as by an attacker on the way.
        sent = dict(parse_qsl(urlsplit(done.url).query))
        assert sent["iss"] == linked.provider.address
        begin(browser, linked.hub, "Attacker Aid")
        sent["state"] = dict(parse_qsl(urlsplit(browser.next_address).query))["state"]
        attackers = f"{linked.hub.address}/sign-in/sso/{linked.attacker.hub_id}/answer"
        done = browser.open(f"{attackers}?{urlencode(sent)}")
        assert done.status_code == 400
        assert "came from another provider" in done.text
    assert linked.refusals()[-2:] == ["sso state", "sso answer_issuer"]
    assert linked.attacker.stolen == []
    assert linked.sessions_through_provider() == before


def test_mix_up_the_other_hub_sends_no_code_to_the_attackers_redirect_uri(
    linked: TwoHubs,
) -> None:
    with Browser(leads_on=False) as browser:
        begin(browser, linked.hub, "Attacker Aid")
        asked = dict(parse_qsl(urlsplit(browser.next_address).query))
        asked |= {"client_id": linked.client_id}
        done = browser.open(f"{linked.provider.address}/oauth/authorize?{urlencode(asked)}")
        assert done.status_code == 400
        assert done.url.startswith(linked.provider.address)
    assert linked.attacker.stolen == []


def test_an_answer_of_the_other_hub_is_good_once_and_in_its_own_browser(linked: TwoHubs) -> None:
    with Browser() as browser, Browser() as other:
        begin(browser, linked.hub, AGENCY)
        done = pass_provider(browser)
        answer = next(each.url for each in done.history if each.url.startswith(linked.back))
        for again in (browser, other):
            assert again.open(answer).status_code == 400
