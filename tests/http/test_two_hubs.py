"""Single sign-on at a second running hub, which is the provider; and the attacks between two."""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from requests import Response
from sqlalchemy import select

from referral_hub.models import Agency, AuditRow, Identity, SignInSession
from referral_hub.rules.actor import System
from referral_hub.rules.registration import Registration
from referral_hub.rules.roles import Role
from referral_hub.rules.scopes import Scope
from referral_hub.rules.sign_in import Method
from referral_hub.rules.single_sign_on import next_provider_id
from referral_hub.use_cases.applications import register_application
from referral_hub.use_cases.steps.sessions import add_session
from tests import fake_provider
from tests.accounts import PASSWORD, PASSWORDS
from tests.fake_provider import FakeProvider, running_provider
from tests.http.running_hub import Browser, RunningHub, free_port, running_hub
from tests.network_data import a_person, a_provider, an_agency

EMAIL = "ana@fairhomes.example.org"


@dataclass
class TwoHubs:
    """`hub` relies on `provider`, at which Ana has an account, and on an attacker's provider."""

    hub: RunningHub
    provider: RunningHub
    attacker: FakeProvider
    back: str
    client_id: str
    client_secret: str
    ana_here: str

    def browser_of_ana(self) -> Browser:
        """A browser in which Ana is signed in at the hub, as administrator, just now."""
        browser = Browser()
        browser.wire.cookies.set("hub_session", self.ana_here, domain="127.0.0.1", path="/")
        return browser

    def refusals(self) -> list[str | None]:
        """Why the hub let somebody not in."""
        with self.hub.session() as session:
            found = select(AuditRow.detail).where(AuditRow.outcome == "refused")
            return list(session.scalars(found.order_by(AuditRow.id)))

    def sessions_through_provider(self) -> int:
        """How many sessions there are that came through a provider."""
        with self.hub.session() as session:
            through = SignInSession.provider_id.is_not(None)
            return len(session.scalars(select(SignInSession.id).where(through)).all())


@pytest.fixture(scope="module")
def two_hubs(
    tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path, gazetteer_folder: Path
) -> Iterator[TwoHubs]:
    """Both run; the hub is registered at the provider, with its redirect URI."""
    folder = tmp_path_factory.mktemp("two hubs")
    hub_port, provider_port = free_port(), free_port()
    now = datetime.now(UTC)
    with ExitStack() as stack:
        attacker = stack.enter_context(running_provider())
        provider = stack.enter_context(
            running_hub(
                folder / "provider", sqlite_template, gazetteer_folder, "localhost", provider_port
            )
        )
        hub = stack.enter_context(
            running_hub(
                folder / "hub", sqlite_template, gazetteer_folder, "127.0.0.1", hub_port,
                allow=f"localhost:{provider_port},{attacker.address}",
            )
        )  # fmt: skip
        with hub.session() as session:
            homes = an_agency(session, now)
            person = a_person(
                session, hub.vault, now, homes, email=EMAIL, role=Role.AGENCY_ADMINISTRATOR,
                password_hash=PASSWORDS.hash(PASSWORD),
            )  # fmt: skip
            methods = (Method.PASSWORD, Method.AUTHENTICATOR_APP)
            token, _ = add_session(session, person, methods, "Firefox", now=now)
            elsewhere = an_agency(session, now, "Attacker Aid")
            attacker.hub_id = a_provider(
                session, hub.vault, now, elsewhere, attacker.issuer, attacker.client_id,
                fake_provider.CLIENT_SECRET,
            ).id  # fmt: skip
            back = f"{hub.address}/sign-in/sso/{next_provider_id(homes.id, 0)}/answer"
        with provider.session() as session:
            agency = an_agency(session, now)
            a_person(
                session, provider.vault, now, agency, email=EMAIL,
                password_hash=PASSWORDS.hash(PASSWORD),
            )  # fmt: skip
            wanted = Registration(
                "Referral Hub", "Sign in there.", "client_secret_basic",
                frozenset({"authorization_code"}), frozenset({Scope.OPENID}), (back,),
            )  # fmt: skip
            made = register_application(session, System(), agency.id, wanted, now=now)
        assert made.secret is not None
        yield TwoHubs(hub, provider, attacker, back, made.application.client_id, made.secret, token)


@pytest.fixture(scope="module")
def linked(two_hubs: TwoHubs) -> TwoHubs:
    """Ana set single sign-on up, and linked her account at the provider, all through the pages."""
    page = f"{two_hubs.hub.address}/agency/single-sign-on"
    with two_hubs.browser_of_ana() as browser:
        assert two_hubs.back in browser.open(page).text
        done = browser.send(
            "/agency/single-sign-on", name="The other hub", issuer=two_hubs.provider.address,
            client_id=two_hubs.client_id, client_secret=two_hubs.client_secret,
        )  # fmt: skip
        assert "Single sign-on is set up" in done.text
        browser.open(f"{two_hubs.hub.address}/account/security/agency-accounts")
        browser.send("/account/security/agency-accounts")
        done = pass_provider(browser)
        assert done.url == f"{two_hubs.hub.address}/account/security/agency-accounts"
        assert "is linked" in done.text
    with two_hubs.hub.session() as session:
        identity = session.scalars(select(Identity)).one()
        assert identity.issuer == two_hubs.provider.address
    return two_hubs


def pass_provider(browser: Browser) -> Response:
    """Sign in at the provider with a password, and let the hub in where that is asked."""
    assert "/sign-in" in browser.page.url
    browser.send("/sign-in", email=EMAIL, password=PASSWORD)
    if "Let it in" in browser.page.text:
        browser.send("", decision="allow")
    return browser.page


def add_at_provider(hubs: TwoHubs, email: str) -> None:
    """Somebody else of the agency, whom only the provider knows."""
    with hubs.provider.session() as session:
        a_person(
            session, hubs.provider.vault, datetime.now(UTC), session.scalars(select(Agency)).one(),
            email=email, password_hash=PASSWORDS.hash(PASSWORD),
        )  # fmt: skip


def begin(browser: Browser, hub: RunningHub, agency: str) -> None:
    """Choose an agency on the hub's page."""
    page = browser.open(f"{hub.address}/sign-in/sso?next=/account")
    chosen = page.text.partition(f">{agency}</option>")[0].rpartition('value="')[2].rstrip('"')
    browser.send("/sign-in/sso", provider=chosen)


def test_somebody_signs_in_at_the_other_hub(linked: TwoHubs) -> None:
    with Browser() as browser:
        begin(browser, linked.hub, "Fair Homes Legal Aid")
        assert browser.page.url.startswith(f"{linked.provider.address}/sign-in?")
        done = pass_provider(browser)
        assert done.url == f"{linked.hub.address}/account"
        assert "Ana Ruiz" in done.text
        # The provider knows her now, so the next time there is nothing to type.
        browser.wire.cookies.clear(domain="127.0.0.1")
        begin(browser, linked.hub, "Fair Homes Legal Aid")
        assert browser.page.url == f"{linked.hub.address}/account"


def test_who_refuses_at_the_other_hub_is_not_signed_in(linked: TwoHubs) -> None:
    before = linked.sessions_through_provider()
    add_at_provider(linked, "bo@example.org")
    with Browser() as browser:
        begin(browser, linked.hub, "Fair Homes Legal Aid")
        browser.send("/sign-in", email="bo@example.org", password=PASSWORD)
        done = browser.send("", decision="refuse")
        assert done.status_code == 400
        assert "cancelled" in done.text
    assert linked.refusals()[-1] == "sso declined"
    assert linked.sessions_through_provider() == before


def test_who_is_known_there_and_not_here_is_not_let_in(linked: TwoHubs) -> None:
    add_at_provider(linked, "cy@example.org")
    with Browser() as browser:
        begin(browser, linked.hub, "Fair Homes Legal Aid")
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
        begin(browser, linked.hub, "Fair Homes Legal Aid")
        done = pass_provider(browser)
        answer = next(each.url for each in done.history if each.url.startswith(linked.back))
        for again in (browser, other):
            assert again.open(answer).status_code == 400
