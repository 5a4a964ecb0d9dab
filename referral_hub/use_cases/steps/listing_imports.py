"""Imports of listings inside a transaction: found, their files, whose they are."""

import re
from base64 import b64decode, b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePath
from tempfile import TemporaryDirectory
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from referral_hub.gateways.field_crypto import Vault
from referral_hub.models import AgencyOrganization, ListingImport
from referral_hub.rules.actor import Actor
from referral_hub.rules.errors import Conflict, NotFound
from referral_hub.rules.permissions import NOTHING_HERE, Permission, require

SEALED = "listing_import.content"
GONE = "The file was deleted by now. Send it again."


def agency_of_organization(session: Session, organization_id: UUID) -> UUID | None:
    """The agency whose own an organization is."""
    return session.scalar(
        select(AgencyOrganization.agency_id).where(
            AgencyOrganization.organization_id == organization_id
        )
    )


def the_import(
    session: Session, actor: Actor, import_id: UUID, *, lock: bool = False
) -> ListingImport:
    """An import that the actor may see. Raises NotFound."""
    found = session.get(ListingImport, import_id, with_for_update=lock or None)
    if found is None:
        raise NotFound(NOTHING_HERE)
    require(actor, Permission.LISTING_IMPORT, found.agency_id)
    return found


def seal_content(vault: Vault, row: ListingImport, content: bytes) -> None:
    """Give an import its file."""
    row.content_sealed = vault.seal(SEALED, row.id, b64encode(content).decode("ascii"))


@contextmanager
def file_of(vault: Vault, import_id: UUID, name: str, sealed: bytes | None) -> Iterator[Path]:
    """The file of an import on disk, for as long as it is read. Raises Conflict for none."""
    if sealed is None:
        raise Conflict(GONE)
    with file_with(name, b64decode(vault.open(SEALED, import_id, sealed))) as path:
        yield path


@contextmanager
def file_with(name: str, content: bytes) -> Iterator[Path]:
    """A private file that is gone afterwards."""
    with TemporaryDirectory(prefix="referral-hub-upload-") as folder:
        path = Path(folder) / name
        path.write_bytes(content)
        yield path


def plain_name(sent: str) -> str:
    """The name of a file as somebody's computer has it, fit for this one's disk."""
    name = re.sub(r"[^\w.() -]", "_", PurePath(sent.replace("\\", "/")).name).lstrip(". ")
    return name[-100:] or "file"
