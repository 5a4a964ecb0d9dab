"""An import that waits, a source and a partner's directory."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from referral_hub.gateways.field_crypto import Vault
from referral_hub.models import ListingImport, PartnerFeed, Source
from referral_hub.use_cases.steps.listing_imports import seal_content


def one_import(
    session: Session, vault: Vault, agency: UUID, organization: UUID, at: datetime
) -> dict[str, object]:
    """Make them; their ids."""
    row = ListingImport(
        id=uuid4(), agency_id=agency, organization_id=organization, file_name="list.csv",
        format="flat-csv", complete=False, columns=["Name", "City"], mapping={}, state="columns",
        created_by="system:test", created_at=at, changed_at=at,
    )  # fmt: skip
    seal_content(vault, row, b"Name,City\nSoup,Chicago\n")
    feed = PartnerFeed(
        name="Partner", url="https://10.0.0.1/hsds", kind="api", every_hours=6, due_at=at,
        created_by="system:test", created_at=at,
    )  # fmt: skip
    source = Source(name="feed:Partner", format="hsds-json", imported_at=at)
    session.add_all([row, feed, source])
    session.commit()
    return {"import_id": row.id, "feed_id": feed.id, "source_id": source.id}
