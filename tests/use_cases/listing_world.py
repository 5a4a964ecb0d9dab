"""An agency with a listed service at a place, and who may do what with it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import inspect, select
from sqlalchemy.orm import Session

from referral_hub.models import AgencyOrganization, ListingChange
from referral_hub.rules.actor import Person
from referral_hub.rules.listings import ListingKey
from referral_hub.use_cases.edit_listing import save_section, show_section
from referral_hub.use_cases.listing_views import Saved, SectionView
from tests.factories import a_directory, uid
from tests.fakes import FakeGazetteer
from tests.network import ADMINISTRATOR, CASE_MANAGER, STEWARD, Network
from tests.use_cases.conftest import Importer

SERVICE = ListingKey("service", UUID(uid("service")))
LOCATION = ListingKey("location", UUID(uid("location")))
ORGANIZATION = ListingKey("organization", UUID(uid("organization")))
GAZETTEER = FakeGazetteer()


@dataclass(frozen=True)
class Desk:
    """Edits listings as somebody would at a form."""

    session: Session
    network: Network
    agency_id: UUID
    editor: Person
    colleague: Person
    worker: Person
    steward: Person
    stranger: Person
    now: datetime

    def form(self, key: str, listing: ListingKey = SERVICE) -> SectionView:
        """A section as its form shows it."""
        return show_section(
            self.session, self.editor, listing, key, GAZETTEER, self.network.vault, now=self.now
        )

    def save(
        self,
        key: str,
        texts: Mapping[str, str],
        listing: ListingKey = SERVICE,
        *,
        actor: Person | None = None,
        opened: SectionView | None = None,
    ) -> Saved:
        """Save these texts over those of the form, as it is now or as it was opened."""
        view = opened or self.form(key, listing)
        return save_section(
            self.session, actor or self.editor, listing, key, view.texts, view.texts | texts,
            view.seen, GAZETTEER, self.network.vault, now=self.now,
        )  # fmt: skip

    def rows(self, model: Any) -> list[Any]:
        """All records of a table."""
        self.session.rollback()
        self.session.expire_all()
        return list(self.session.scalars(select(model).order_by(*inspect(model).primary_key)))

    def changes(self) -> list[ListingChange]:
        """The history of all listings, the oldest first."""
        return self.rows(ListingChange)


def a_desk(session: Session, load: Importer, now: datetime, **service: Any) -> Desk:
    """An imported directory of one service, whose organization is an agency's own."""
    load(a_directory(**service))
    network = Network(session, now=now)
    agency = network.agency()
    session.add(AgencyOrganization(organization_id=ORGANIZATION.id, agency_id=agency))
    session.commit()
    other = network.agency("Other")
    return Desk(
        session, network, agency,
        network.person("Ada Admin", agency, ADMINISTRATOR),
        network.person("Bea Admin", agency, ADMINISTRATOR),
        network.person("Carl Case", agency, CASE_MANAGER),
        network.person("Stella Steward", None, STEWARD),
        network.person("Sam Stranger", other, ADMINISTRATOR),
        now,
    )  # fmt: skip
