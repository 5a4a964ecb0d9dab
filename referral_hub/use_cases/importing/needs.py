"""Which needs the services of an import answer: stated by a term, or suggested by their text."""

from collections.abc import Iterable, Mapping
from functools import cache
from uuid import UUID

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from referral_hub.models import Attribute, Service, ServiceNeed, Taxonomy, TaxonomyTerm
from referral_hub.vocabulary import Need, needs
from referral_hub.vocabulary.suggestions import suggest_needs

OPEN_ELIGIBILITY = "open eligibility"


def classify(session: Session, service_ids: list[UUID], source: str) -> None:
    """Write `service_need` anew for these services. Suggestions only where no term was stated."""
    session.execute(delete(ServiceNeed).where(ServiceNeed.service_id.in_(service_ids)))
    terms = _terms(session, service_ids)
    feeds = _feeds(session, service_ids)
    rows = []
    services = session.execute(
        select(Service.id, Service.name, Service.description).where(Service.id.in_(service_ids))
    )
    for service in services:
        carried = terms.get(service.id, [])
        found = dict(_stated(carried))
        if not found:
            words = " ; ".join(term.name for term in carried)
            text = f"{service.description or ''} ; {words}"
            feed = f"{feeds.get(service.id, '')} ; {source}"
            for suggestion in suggest_needs(service.name, text, feed):
                found[suggestion.code] = ("suggested", suggestion.quote)
        rows += [
            {"service_id": service.id, "need_code": code, "basis": basis, "quote": quote}
            for code, (basis, quote) in found.items()
        ]
    if rows:
        session.execute(insert(ServiceNeed), rows)


class _Term:
    """A taxonomy term as far as classification looks at it."""

    def __init__(self, term_id: UUID, name: str, code: str, taxonomy: str) -> None:
        self.id = term_id
        self.name = name
        self.code = code
        self.taxonomy = taxonomy


def _terms(session: Session, service_ids: list[UUID]) -> dict[UUID, list[_Term]]:
    """The terms that each service carries."""
    query = (
        select(
            Attribute.link_id,
            TaxonomyTerm.id,
            TaxonomyTerm.name,
            TaxonomyTerm.code,
            TaxonomyTerm.taxonomy,
            Taxonomy.name.label("taxonomy_name"),
        )
        .join(TaxonomyTerm, TaxonomyTerm.id == Attribute.taxonomy_term_id)
        .outerjoin(Taxonomy, Taxonomy.id == TaxonomyTerm.taxonomy_id)
        .where(Attribute.owner_table == "service", Attribute.link_id.in_(service_ids))
        .order_by(Attribute.position)
    )
    found: dict[UUID, list[_Term]] = {}
    for row in session.execute(query):
        taxonomy = f"{row.taxonomy or ''} {row.taxonomy_name or ''}".casefold()
        found.setdefault(row.link_id, []).append(_Term(row.id, row.name, row.code or "", taxonomy))
    return found


def _feeds(session: Session, service_ids: list[UUID]) -> dict[UUID, str]:
    """The feed that each record passed through on its way, where the record names it."""
    rows = session.execute(
        select(Attribute.link_id, Attribute.value).where(
            Attribute.owner_table == "service",
            Attribute.link_id.in_(service_ids),
            Attribute.link_type == "source_record",
        )
    )
    return {row.link_id: row.value or "" for row in rows}


def _stated(terms: Iterable[_Term]) -> Iterable[tuple[str, tuple[str, str | None]]]:
    """Needs that are certain: our own terms, and those of Open Eligibility by the crosswalk."""
    own, crosswalk = _by_id(), _by_open_eligibility()
    for term in terms:
        if term.id in own:
            yield own[term.id].code, ("stated", None)
        elif OPEN_ELIGIBILITY in term.taxonomy and term.code in crosswalk:
            yield crosswalk[term.code].code, ("crosswalk", term.name)


@cache
def _by_id() -> Mapping[UUID, Need]:
    return {need.id: need for need in needs().values()}


@cache
def _by_open_eligibility() -> Mapping[str, Need]:
    return {code: need for need in needs().values() for code in need.open_eligibility}
