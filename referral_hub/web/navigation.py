"""The links at the top of each page: only to what the person may see."""

from dataclasses import dataclass

from flask import Flask
from sqlalchemy.exc import SQLAlchemyError

from referral_hub.rules.actor import Actor, Anonymous, Person
from referral_hub.rules.errors import HubError
from referral_hub.rules.permissions import Permission, is_allowed
from referral_hub.web.hub import actor


@dataclass(frozen=True, slots=True)
class NavigationLink:
    """A link at the top; `section` is what its pages call themselves."""

    label: str
    address: str
    section: str


FIND = NavigationLink("Find services", "/find", "find")
MY_DAY = NavigationLink("My day", "/", "home")
INBOX = NavigationLink("Inbox", "/inbox", "inbox")
REFERRALS = NavigationLink("Referrals", "/referrals", "referrals")
CLIENTS = NavigationLink("Clients", "/clients", "clients")
LISTINGS = NavigationLink("Listings", "/listings", "listings")
SUPERVISION = NavigationLink("Supervision", "/supervision", "supervision")
AGENCY = NavigationLink("Your agency", "/agency", "agency")
NETWORK = NavigationLink("Network", "/network", "network")


def links_for(acting: Actor) -> tuple[NavigationLink, ...]:
    """The links of somebody, in the order of a working day."""
    found = [FIND]
    own = acting.agency_id if isinstance(acting, Person) else None
    if own is not None and is_allowed(acting, Permission.CLIENT_READ, own):
        found.append(CLIENTS)
    if own is not None and is_allowed(acting, Permission.REFERRAL_READ, own):
        found = [MY_DAY, *found, INBOX, REFERRALS]
    if is_allowed(acting, Permission.FIGURES_READ):
        found.append(SUPERVISION)
    if own is not None and is_allowed(acting, Permission.LISTING_READ, own):
        found.append(LISTINGS)
    if own is not None and is_allowed(acting, Permission.AGENCY_READ, own):
        found.append(AGENCY)
    if is_allowed(acting, Permission.NETWORK_READ):
        found.append(NETWORK)
    return tuple(found)


def register_navigation(app: Flask) -> None:
    """Give templates `navigation`, and `may(name)` for links inside pages."""

    @app.context_processor
    def navigation() -> dict[str, object]:
        return {"navigation": links_for(_acting())}

    @app.template_global()
    def may(name: str) -> bool:
        """Whether who looks at the page may do this in the agency for which they act."""
        acting = _acting()
        own = acting.agency_id if isinstance(acting, Person) else None
        return is_allowed(acting, Permission(name), own)


def _acting() -> Actor:
    """Who looks at the page. An error page must not fail because the database does, or a token."""
    try:
        return actor()
    except (SQLAlchemyError, HubError):
        return Anonymous()
