"""Which records of the directory everybody may have, narrowed by what was asked."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, or_, select

from referral_hub.models import (
    DIRECTORY,
    Attribute,
    Location,
    Organization,
    Service,
    ServiceAtLocation,
    TaxonomyTerm,
    table_of,
)
from referral_hub.use_cases.directory.nesting import public

_TEXTS = {
    "organization": ("name", "alternate_name", "description"),
    "service": ("name", "alternate_name", "description"),
    "service_at_location": ("description",),
    "taxonomy": ("name", "description"),
    "taxonomy_term": ("name", "description", "code"),
}


@dataclass(frozen=True, slots=True)
class Asked:
    """Filters, of which each narrows what the others leave. None and "" ask for nothing.

    Each word of `words` must stand in a text of the record or of what it belongs to.
    `modified_after` is an aware moment: changed then or later, as the hub learned it.
    `top_only` asks for terms that stand under no other.
    """

    words: str = ""
    taxonomy_term_id: UUID | None = None
    taxonomy_id: UUID | None = None
    organization_id: UUID | None = None
    modified_after: datetime | None = None
    parent_id: UUID | None = None
    top_only: bool = False


def listed(root: str, asked: Asked = Asked()) -> Select[UUID]:
    """Ids of the records of one kind that may be listed, in no order.

    A stub is listed only where services or locations hang on it, so that none of them is lost.
    """
    model = DIRECTORY[root]
    query = select(model.id).where(*public(model), *_conditions(root, asked))
    if root == "organization":
        owners = [
            Organization.id.in_(select(kind.organization_id).where(*public(kind)))
            for kind in (Service, Location)
        ]
        query = query.where(or_(Organization.incomplete.is_(False), *owners))
    return query


def _conditions(root: str, asked: Asked) -> list[ColumnElement[bool]]:
    found = [_mentions(root, word) for word in asked.words.split()]
    if asked.taxonomy_term_id is not None:
        found.append(_carries(root, Attribute.taxonomy_term_id == asked.taxonomy_term_id))
    if asked.taxonomy_id is not None:
        found.append(_of_taxonomy(root, asked.taxonomy_id))
    if asked.organization_id is not None:
        found.append(_of_service(root, Service.organization_id == asked.organization_id))
    if asked.modified_after is not None:
        found.append(_of_service(root, Service.updated_at >= asked.modified_after))
    if asked.parent_id is not None:
        found.append(TaxonomyTerm.parent_id == asked.parent_id)
    if asked.top_only:
        found.append(TaxonomyTerm.parent_id.is_(None))
    return found


def _mentions(root: str, word: str) -> ColumnElement[bool]:
    """Whether a word stands in the record, or in what it belongs to.

    Texts of places are not asked: those of a confidential one would answer.
    """
    fields = table_of(DIRECTORY[root]).c
    own = [fields[name].icontains(word, autoescape=True) for name in _TEXTS[root]]
    if root == "service":
        named = Organization.name.icontains(word, autoescape=True)
        owners = select(Organization.id).where(*public(Organization), named).correlate(None)
        own.append(Service.organization_id.in_(owners))
    if root == "service_at_location":
        own.append(_of_service(root, _mentions("service", word)))
    return or_(*own)


def _of_service(root: str, condition: ColumnElement[bool]) -> ColumnElement[bool]:
    """A condition on a service, asked of it or of where it is given."""
    if root == "service":
        return condition
    services = select(Service.id).where(condition).correlate(None)
    return ServiceAtLocation.service_id.in_(services)


def _of_taxonomy(root: str, taxonomy_id: UUID) -> ColumnElement[bool]:
    if root == "taxonomy_term":
        return TaxonomyTerm.taxonomy_id == taxonomy_id
    terms = select(TaxonomyTerm.id).where(TaxonomyTerm.taxonomy_id == taxonomy_id)
    return _carries(root, Attribute.taxonomy_term_id.in_(terms))


def _carries(root: str, is_asked: ColumnElement[bool]) -> ColumnElement[bool]:
    """Whether a record carries a term: itself, by its service, or by one of its services."""
    model: Any = DIRECTORY[root]
    described = select(Attribute.link_id).where(
        and_(Attribute.owner_table == root, Attribute.link_id.is_not(None), is_asked)
    )
    own = model.id.in_(described)
    if root == "service_at_location":
        return or_(own, _of_service(root, _carries("service", is_asked)))
    if root == "organization":
        carrying = select(Service.organization_id).where(
            *public(Service), _carries("service", is_asked)
        )
        return or_(own, Organization.id.in_(carrying.correlate(None)))
    return own  # type: ignore[no-any-return]
