"""Pages of what an import says and does, sealed: a file may name what nobody is to know."""

from collections.abc import Iterator, Mapping
from json import dumps, loads
from typing import Any
from uuid import UUID, uuid4
from zlib import compress, decompress

from sqlalchemy import delete, func, insert, select
from sqlalchemy.orm import Session

from referral_hub.gateways.field_crypto import Vault
from referral_hub.models import ListingImportPage, table_of
from referral_hub.rules.listing_imports import PER_PAGE, PageKind

SEALED = "listing_import_page.rows"
Line = dict[str, Any]


class Pages:
    """Collects rows by kind, a page at a time, packed: a file may have hundreds of thousands."""

    def __init__(self) -> None:
        self._open: dict[PageKind, list[Line]] = {}
        self._full: dict[PageKind, list[bytes]] = {}

    def add(self, kind: PageKind, line: Line) -> None:
        """Take a row in."""
        page = self._open.setdefault(kind, [])
        page.append(line)
        if len(page) == PER_PAGE:
            self._close(kind)

    def write(self, session: Session, vault: Vault, import_id: UUID) -> None:
        """Store all pages, in place of those of the same kinds."""
        for kind in list(self._open):
            self._close(kind)
        for kind, pages in self._full.items():
            forget_pages(session, import_id, kind)
            for number, packed in enumerate(pages, start=1):
                page_id = uuid4()
                text = decompress(packed).decode()
                row = {
                    "id": page_id, "import_id": import_id, "kind": kind, "number": number,
                    "rows_sealed": vault.seal(SEALED, page_id, text),
                }  # fmt: skip
                session.execute(insert(table_of(ListingImportPage)), [row])

    def _close(self, kind: PageKind) -> None:
        page = self._open.pop(kind, [])
        if page:
            text = dumps(page, ensure_ascii=False)
            self._full.setdefault(kind, []).append(compress(text.encode()))


def forget_pages(session: Session, import_id: UUID, *kinds: PageKind) -> None:
    """Delete pages of some kinds."""
    session.execute(
        delete(ListingImportPage).where(
            ListingImportPage.import_id == import_id, ListingImportPage.kind.in_(kinds)
        )
    )


def page_counts(session: Session, import_id: UUID) -> Mapping[PageKind, int]:
    """How many pages there are, by kind."""
    found = session.execute(
        select(ListingImportPage.kind, func.max(ListingImportPage.number))
        .where(ListingImportPage.import_id == import_id)
        .group_by(ListingImportPage.kind)
    )
    return {PageKind(kind): int(number) for kind, number in found}


def read_page(
    session: Session, vault: Vault, import_id: UUID, kind: PageKind, number: int
) -> list[Line]:
    """The rows of a page; none where there is no such page."""
    page = session.scalar(
        select(ListingImportPage).where(
            ListingImportPage.import_id == import_id,
            ListingImportPage.kind == kind,
            ListingImportPage.number == number,
        )
    )
    return _opened(vault, page) if page is not None else []


def read_pages(
    session: Session, vault: Vault, import_id: UUID, kind: PageKind, *, last_first: bool = False
) -> Iterator[Line]:
    """All rows of a kind."""
    count = page_counts(session, import_id).get(kind, 0)
    numbers = range(1, count + 1)
    for number in reversed(numbers) if last_first else numbers:
        rows = read_page(session, vault, import_id, kind, number)
        yield from reversed(rows) if last_first else rows


def _opened(vault: Vault, page: ListingImportPage) -> list[Line]:
    rows: list[Line] = loads(vault.open(SEALED, page.id, page.rows_sealed))
    return rows
