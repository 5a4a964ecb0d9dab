"""The conditions of services: stated by agencies, told by listings, read out of their texts."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from referral_hub.models import RequiredDocument, ServiceCriterion
from referral_hub.rules.coverage import read_coverage
from referral_hub.rules.eligibility import Criterion, Kind, Operator, Source, combined
from referral_hub.rules.eligibility_areas import named_area, written_area
from referral_hub.rules.eligibility_text import conditions_of_text
from referral_hub.use_cases.batches import in_batches
from referral_hub.use_cases.directory.documents import Gazetteer
from referral_hub.use_cases.directory.facts import Record, ServiceFacts
from referral_hub.use_cases.directory.wording import language_name

Criteria = tuple[Criterion, ...]


def read_criteria(
    session: Session, services: Mapping[UUID, ServiceFacts], gazetteer: Gazetteer
) -> dict[UUID, Criteria]:
    """The conditions of services whose facts have been read: two queries more."""
    stated: defaultdict[UUID, list[Criterion]] = defaultdict(list)
    documents: defaultdict[UUID, list[str]] = defaultdict(list)
    for batch in in_batches(services):
        for row in session.scalars(
            select(ServiceCriterion)
            .where(ServiceCriterion.service_id.in_(batch))
            .order_by(ServiceCriterion.position, ServiceCriterion.id)
        ):
            stated[row.service_id].append(_stored(row))
        for service_id, document in session.execute(
            select(RequiredDocument.service_id, RequiredDocument.document)
            .where(RequiredDocument.service_id.in_(batch))
            .order_by(RequiredDocument.position, RequiredDocument.id)
        ):
            if service_id and document:
                documents[service_id].append(document)
    counties = gazetteer.county_keys() if services else frozenset()
    return {
        service_id: _criteria(facts, stated[service_id], documents[service_id], counties)
        for service_id, facts in services.items()
    }


def _criteria(
    facts: ServiceFacts, stated: list[Criterion], documents: list[str], counties: frozenset[str]
) -> Criteria:
    """All conditions of one service; of one kind only those of the most trusted source."""
    text = facts.service.eligibility_description or ""
    by_source = {source: [each for each in stated if each.source is source] for source in Source}
    return combined(
        by_source[Source.AGENCY],
        by_source[Source.IMPORTED],
        _listed(facts, documents, counties),
        by_source[Source.INFERRED],
        conditions_of_text(text, _state(facts), counties) if text else (),
    )


def _listed(
    facts: ServiceFacts, documents: list[str], counties: frozenset[str]
) -> Iterator[Criterion]:
    """What the listing says in fields of its own."""
    service = facts.service
    if service.minimum_age or service.maximum_age is not None:
        ages = (service.minimum_age or None, service.maximum_age)
        yield _imported(Kind.AGE, Operator.BETWEEN, ages)
    areas = tuple(dict.fromkeys(_areas(facts, counties)))
    if areas:
        yield _imported(Kind.RESIDENCE, Operator.ONE_OF, areas)
    languages = _languages(facts)
    if languages and not service.interpretation_services:
        yield _imported(Kind.LANGUAGE, Operator.ONE_OF, languages, required=False)
    if documents:
        yield _imported(Kind.DOCUMENTS, Operator.ALL_OF, tuple(documents))


def _imported(
    kind: Kind, operator: Operator, values: tuple[Any, ...], required: bool = True
) -> Criterion:
    return Criterion(kind, operator, values, required, Source.IMPORTED)


def _areas(facts: ServiceFacts, counties: frozenset[str]) -> Iterator[str]:
    yield from _read(facts.areas, _state(facts), counties)
    for site in facts.sites:
        state = site.address.state_province if site.address is not None else None
        yield from _read(site.areas, state, counties)


def _read(areas: Iterable[Record], state: str | None, counties: frozenset[str]) -> Iterator[str]:
    for area in areas:
        read = read_coverage(area._asdict(), state=state, known_counties=counties)
        yield from map(written_area, read)
        name = area.name or area.description
        if not read and name:
            yield named_area(name)


def _state(facts: ServiceFacts) -> str | None:
    addresses = (site.address for site in facts.sites if site.address is not None)
    return next((address.state_province for address in addresses), None)


def _languages(facts: ServiceFacts) -> tuple[str, ...]:
    rows = [*facts.languages, *(row for site in facts.sites for row in site.languages)]
    names = (language_name(row.name, row.code) for row in rows)
    return tuple(dict.fromkeys(filter(None, names)))


def _stored(row: ServiceCriterion) -> Criterion:
    return Criterion(
        Kind(row.kind),
        Operator(row.operator),
        tuple(row.values),
        row.required,
        Source(row.source),
        row.quote or "",
    )
