"""What the hub noted of a location while everybody might know where it is, and now may not keep.

Histories, proposals, what sources said last, why two records looked alike, reports of imports: each
may quote the address. What can be told without it stays.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import and_, delete, or_, select
from sqlalchemy.orm import Session

from referral_hub.gateways.field_crypto import Vault
from referral_hub.models import (
    DIRECTORY,
    Correction,
    DuplicateCandidate,
    ListingChange,
    ListingImport,
    Location,
    MatchedRecord,
    MatchingKey,
    PartnerFeed,
    Service,
    ServiceAtLocation,
    Source,
    SourceWord,
    table_of,
)
from referral_hub.rules import feeds, listing_imports
from referral_hub.rules.corrections import ListingField
from referral_hub.rules.duplicates import PairState
from referral_hub.rules.errors import KeyMissing
from referral_hub.rules.identifiers import record_uuid
from referral_hub.rules.listing_imports import PageKind
from referral_hub.rules.visibility import VEILED, quotes, telling
from referral_hub.use_cases.batches import in_batches
from referral_hub.use_cases.directory.concealing import Concealing
from referral_hub.use_cases.steps.import_pages import Pages, forget_pages, read_pages
from referral_hub.use_cases.steps.listing_change import read_edit, write_without


@dataclass(frozen=True, slots=True)
class Concerned:
    """The listings whose pages showed a location: itself, what is given there, whose that is."""

    location: frozenset[UUID]
    service: frozenset[UUID]
    organization: frozenset[UUID]
    tables: Mapping[str, frozenset[UUID]] = field(init=False)

    def __post_init__(self) -> None:
        listings = {name: getattr(self, name) for name in ("location", "service", "organization")}
        object.__setattr__(self, "tables", listings)


def concerned_by(session: Session, places: Iterable[UUID]) -> Concerned:
    """The listings that showed some locations."""
    places = frozenset(places)
    services = session.execute(
        select(Service.id, Service.organization_id)
        .join(ServiceAtLocation, ServiceAtLocation.service_id == Service.id)
        .where(ServiceAtLocation.location_id.in_(places))
    ).all()
    owners = session.scalars(select(Location.organization_id).where(Location.id.in_(places)))
    return Concerned(
        places,
        frozenset(row.id for row in services),
        frozenset({row.organization_id for row in services} | {one for one in owners if one}),
    )


def forget_old_words(
    session: Session, vault: Vault, secrets: Concealing, concerned: Concerned
) -> None:
    """Keep nothing that was noted of locations and tells where they are, within the transaction of
    the caller; `secrets` knows their records and has sealed what these say."""
    _withhold_history(session, secrets, concerned)
    _withhold_proposals(session, secrets, concerned)
    _forget_likeness(session, concerned)
    _veil_imports(session, vault, secrets, concerned)
    _veil_feeds(session, concerned)
    for table, ids in secrets.known().items():
        for batch in in_batches(ids):
            session.execute(
                delete(SourceWord).where(
                    SourceWord.table_name == table, SourceWord.record_id.in_(batch)
                )
            )
    session.flush()


def _withhold_history(session: Session, secrets: Concealing, concerned: Concerned) -> None:
    """The newest first: a part that is gone is known by what its removal says of it."""
    of_listings = or_(
        *(
            and_(ListingChange.table_name == table, ListingChange.record_id.in_(ids))
            for table, ids in concerned.tables.items()
        )
    )
    changes = select(ListingChange).where(of_listings).order_by(ListingChange.id.desc())
    for change in session.scalars(changes):
        kept = [_withheld(secrets, written) for written in reversed(change.edits)][::-1]
        if kept != change.edits:
            change.edits = kept
        if change.table_name == "location":
            change.note = None
    session.flush()


def _withheld(secrets: Concealing, written: dict[str, Any]) -> dict[str, Any]:
    edit = read_edit(written)
    if edit.table not in DIRECTORY:
        return written
    said = {**(edit.before or {}), **(edit.after or {})}
    row = dict.fromkeys(table_of(DIRECTORY[edit.table]).c.keys()) | said | {"id": edit.id}
    if secrets.recall(edit.table, row) is None and not secrets.is_secret(edit.table, edit.id):
        return written
    names = {*telling(edit.table, edit.fields), *written.get("withheld", ())}
    made = write_without(edit, names)
    return made | {"withheld": sorted(names)} if names else made


def _withhold_proposals(session: Session, secrets: Concealing, concerned: Concerned) -> None:
    """What was proposed of the place, or quotes it, is only known to be wrong any more."""
    secret = secrets.words()
    listings = frozenset().union(*concerned.tables.values())
    for batch in in_batches(listings):
        proposals = select(Correction).where(Correction.listing_id.in_(batch))
        for each in session.scalars(proposals):
            said = (each.current_value, each.proposed_value, each.note)
            if (
                each.field == ListingField.ADDRESS
                or each.listing_id in concerned.location
                or secrets.is_secret(each.table_name, each.record_id)
                or any(quotes(text, secret) for text in said if text)
            ):
                each.current_value = each.proposed_value = each.note = None


def _forget_likeness(session: Session, concerned: Concerned) -> None:
    """How far it is from others, and what it shares with them: compared again without."""
    for table, ids in concerned.tables.items():
        for batch in in_batches(ids):
            pairs = select(DuplicateCandidate).where(
                DuplicateCandidate.table_name == table,
                or_(DuplicateCandidate.one_id.in_(batch), DuplicateCandidate.other_id.in_(batch)),
            )
            for pair in session.scalars(pairs):
                if pair.state == PairState.OPEN:
                    session.delete(pair)
                else:
                    pair.parts = []
            for model in (MatchingKey, MatchedRecord):
                known = model.table_name == table, model.record_id.in_(batch)
                session.execute(delete(model).where(*known))


def _veil_imports(
    session: Session, vault: Vault, secrets: Concealing, concerned: Concerned
) -> None:
    """Reports of files of the organization, as long as they are kept."""
    files = select(ListingImport).where(ListingImport.organization_id.in_(concerned.organization))
    for each in session.scalars(files).all():
        source = listing_imports.source_of(each.agency_id, each.organization_id)
        for kind in (PageKind.CHANGE, PageKind.PROBLEM, PageKind.REMARK, PageKind.CONFLICT):
            try:
                lines = list(read_pages(session, vault, each.id, kind))
            except KeyMissing:  # nobody reads these any more
                forget_pages(session, each.id, kind)
                continue
            veiled = [_veiled(line, source, secrets) for line in lines]
            if veiled != lines:
                pages = Pages()
                for line in veiled:
                    pages.add(kind, line)
                pages.write(session, vault, each.id)


def _veiled(line: dict[str, Any], source: str, secrets: Concealing) -> dict[str, Any]:
    table = line["table"]
    if "id" in line:
        if secrets.is_secret(table, UUID(line["id"])):
            fields = {name: ["confidential"] * 2 for name in line.get("fields", ())}
            return line | {"name": line["id"]} | ({"fields": fields} if fields else {})
        return line
    record_id = record_uuid(source, table, line["record"].strip())
    if line["record"] and secrets.is_secret(table, record_id):
        return line | {"record": str(record_id), "value": "", "reason": VEILED}
    return line


def _veil_feeds(session: Session, concerned: Concerned) -> None:
    """Single problems of the feeds that sent the place; they come again with the next reading."""
    sources = session.scalars(
        select(Source.name)
        .join(Location, Location.source_id == Source.id)
        .where(Location.id.in_(concerned.location))
    ).all()
    for feed in session.scalars(select(PartnerFeed)):
        if feeds.source_of(feed.name) in sources and feed.report.get("told"):
            feed.report = feed.report | {"told": []}
