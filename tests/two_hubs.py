"""Two running hubs, one of which relies on the other to say who has signed in; and an attacker."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

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
from tests.network_data import a_person, a_provider, an_agency
from tests.running_hub import Browser, RunningHub, free_port, running_hub

EMAIL = "ana@fairhomes.example.org"
AGENCY = "Fair Homes Legal Aid"


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


@contextmanager
def two_running_hubs(folder: Path, template: Path, gazetteer: Path) -> Iterator[TwoHubs]:
    """Both run; the hub is registered at the provider, with its redirect URI."""
    hub_port, provider_port = free_port(), free_port()
    now = datetime.now(UTC)
    with ExitStack() as stack:
        attacker = stack.enter_context(running_provider())
        provider = stack.enter_context(
            running_hub(folder / "provider", template, gazetteer, "localhost", provider_port)
        )
        hub = stack.enter_context(
            running_hub(
                folder / "hub", template, gazetteer, "127.0.0.1", hub_port,
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


def link(hubs: TwoHubs) -> None:
    """Ana sets single sign-on up, and links her account at the provider, all through the pages."""
    page = f"{hubs.hub.address}/agency/single-sign-on"
    with hubs.browser_of_ana() as browser:
        assert hubs.back in browser.open(page).text
        done = browser.send(
            "/agency/single-sign-on", name="The other hub", issuer=hubs.provider.address,
            client_id=hubs.client_id, client_secret=hubs.client_secret,
        )  # fmt: skip
        assert "Single sign-on is set up" in done.text
        browser.open(f"{hubs.hub.address}/account/security/agency-accounts")
        browser.send("/account/security/agency-accounts")
        done = pass_provider(browser)
        assert done.url == f"{hubs.hub.address}/account/security/agency-accounts"
        assert "is linked" in done.text
    with hubs.hub.session() as session:
        identity = session.scalars(select(Identity)).one()
        assert identity.issuer == hubs.provider.address


def pass_provider(browser: Browser) -> Response:
    """Sign in at the provider with a password, and let the hub in where that is asked."""
    assert "/sign-in" in browser.page.url
    browser.send("/sign-in", email=EMAIL, password=PASSWORD)
    if "Let it in" in browser.page.text:
        browser.send("", decision="allow")
    if browser.next_address:
        browser.open(browser.next_address)
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
