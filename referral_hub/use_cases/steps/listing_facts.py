"""What listings of services state, for their completeness: a fixed number of queries for many."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from referral_hub.models import Contact, RequiredDocument, ServiceCriterion
from referral_hub.rules.completeness import Completeness, Part, completeness
from referral_hub.rules.eligibility import Kind, Source
from referral_hub.rules.listing_freshness import ReviewTerms, review_on
from referral_hub.use_cases.batches import in_batches
from referral_hub.use_cases.directory.facts import ServiceFacts, read_services
from referral_hub.use_cases.steps.verification import review_terms


def completeness_of(
    session: Session, service_ids: Sequence[UUID], today: date
) -> Mapping[UUID, Completeness]:
    """The completeness of each of some services."""
    terms = review_terms(session)
    kinds = _kinds(session, service_ids)
    papers = _owners(session, RequiredDocument, service_ids)
    mailed = _owners(session, Contact, service_ids)
    found = {}
    for service_id, facts in read_services(session, service_ids, hidden=True).items():
        own = _stated(facts, kinds.get(service_id, frozenset()), today, terms)
        own |= {Part.DOCUMENTS} if service_id in papers else set()
        own |= {Part.REACH} if service_id in mailed else set()
        found[service_id] = completeness(own)
    return found


def _stated(
    facts: ServiceFacts, kinds: Collection[str], today: date, terms: ReviewTerms
) -> set[Part]:
    service = facts.service
    sites = facts.sites
    verified = service.verified_on or service.assured_date
    codes = [need.need_code for need in facts.needs]
    says = {
        Part.DESCRIPTION: len((service.description or "").split()) >= 5,
        Part.NEEDS: any(need.basis != "suggested" for need in facts.needs),
        Part.ELIGIBILITY: bool(
            service.eligibility_description or kinds or service.minimum_age or service.maximum_age
        ),
        Part.REACH: bool(
            service.email or facts.phones or facts.organization_phones
            or any(site.phones for site in sites)
        ),
        Part.HOURS: bool(facts.schedules or any(site.schedules for site in sites)),
        Part.PLACE: bool(sites),
        Part.APPLY: bool(service.application_process),
        Part.COST: bool(service.fees_description or service.fees or facts.costs),
        Part.AREA: bool(
            facts.areas or any(site.areas for site in sites) or Kind.RESIDENCE in kinds
        ),
        Part.LANGUAGES: bool(
            facts.languages or service.interpretation_services
            or any(site.languages for site in sites)
        ),
        Part.CHECKED: verified is not None and today < review_on(verified, codes, terms),
    }  # fmt: skip
    return {part for part, is_stated in says.items() if is_stated}


def _kinds(session: Session, service_ids: Sequence[UUID]) -> Mapping[UUID, frozenset[str]]:
    found: dict[UUID, frozenset[str]] = {}
    for batch in in_batches(service_ids):
        for row in session.execute(
            select(ServiceCriterion.service_id, ServiceCriterion.kind).where(
                ServiceCriterion.service_id.in_(batch), ServiceCriterion.source == Source.AGENCY
            )
        ):
            found[row.service_id] = found.get(row.service_id, frozenset()) | {row.kind}
    return found


def _owners(
    session: Session,
    model: type[RequiredDocument] | type[Contact],
    service_ids: Sequence[UUID],
) -> frozenset[UUID | None]:
    """Which of the services have papers, or somebody with an e-mail address."""
    says = RequiredDocument.document if model is RequiredDocument else Contact.email
    return frozenset(
        owner
        for batch in in_batches(service_ids)
        for owner in session.scalars(
            select(model.service_id).where(model.service_id.in_(batch), says.is_not(None))
        )
    )
