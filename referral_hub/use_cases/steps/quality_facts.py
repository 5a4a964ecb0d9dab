"""Which facts services state, how fresh they are and where they are: said in SQL, for many."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Integer, Select, case, false, func, literal, or_, select

from referral_hub.models import (
    Address,
    Correction,
    CostOption,
    DuplicateCandidate,
    Language,
    Location,
    Organization,
    Phone,
    RequiredDocument,
    Schedule,
    Service,
    ServiceArea,
    ServiceAtLocation,
    ServiceCriterion,
    ServiceNeed,
)
from referral_hub.rules.completeness import FACTS, Part
from referral_hub.rules.duplicates import PairState
from referral_hub.rules.quality import Age, verified_between
from referral_hub.rules.visibility import FINDABLE_STATUSES
from referral_hub.vocabulary import needs

Condition = ColumnElement[bool]


def findable() -> tuple[Condition, ...]:
    """Conditions that a service may come up in a search."""
    hidden = select(Organization.id).where(
        or_(Organization.visibility != "public", Organization.vanished_at.is_not(None))
    )
    return (
        Service.status.in_(FINDABLE_STATUSES),
        Service.visibility == "public",
        Service.vanished_at.is_(None),
        Service.organization_id.not_in(hidden),
    )


def states(part: Part) -> Condition:
    """Whether a service states a fact."""
    return _STATED[part]


def score() -> ColumnElement[int]:
    """How complete a service is, 0 to 100 (`rules.completeness`)."""
    total: Any = literal(0, Integer)
    for fact in FACTS:
        total = total + case((states(fact.part), fact.weight), else_=0)
    return total  # type: ignore[no-any-return]


def is_of_age(age: Age, today: date) -> Condition:
    """Whether somebody confirmed a service so long ago."""
    if age is Age.NEVER:
        return Service.verified_on.is_(None)
    first, last = verified_between(age, today)
    found = [Service.verified_on >= first] if first else []
    found += [Service.verified_on <= last] if last else []
    condition: Condition = found[0] if len(found) == 1 else found[0] & found[1]
    return condition


def has_open_pair() -> Condition:
    """Whether a service may be listed twice."""
    waiting = (DuplicateCandidate.table_name == "service",
               DuplicateCandidate.state == PairState.OPEN)  # fmt: skip
    return or_(
        Service.id.in_(select(DuplicateCandidate.one_id).where(*waiting)),
        Service.id.in_(select(DuplicateCandidate.other_id).where(*waiting)),
    )


def has_open_correction() -> Condition:
    """Whether somebody proposed a correction of the service's own fields that waits."""
    return Service.id.in_(
        select(Correction.record_id).where(
            Correction.table_name == "service", Correction.state == "proposed"
        )
    )


def areas() -> Any:
    """By service the area it is in, the first digits of a ZIP code, and the middle of its points.

    What is confidential tells its area as everybody may know it.
    """
    return (
        select(
            ServiceAtLocation.service_id,
            func.min(func.substr(Address.postal_code, 1, 3)).label("area"),
            func.avg(Location.point_latitude).label("latitude"),
            func.avg(Location.point_longitude).label("longitude"),
        )
        .join(Location, Location.id == ServiceAtLocation.location_id)
        .join(Address, Address.location_id == Location.id)
        .where(ServiceAtLocation.vanished_at.is_(None), Address.postal_code != "")
        .group_by(ServiceAtLocation.service_id)
        .subquery()
    )


def domains() -> Mapping[str, str]:
    """Label by code of the widest needs."""
    return {code: need.label for code, need in needs().items() if "." not in code}


def domain_of(code: Any) -> ColumnElement[str]:
    """The widest need of a need, in SQL."""
    return case(
        *((or_(code == domain, code.startswith(f"{domain}.")), domain) for domain in domains()),
        else_="",
    )


def of_domain(domain: str) -> Condition:
    """Whether a service answers a need of a domain."""
    code = ServiceNeed.need_code
    return Service.id.in_(
        select(ServiceNeed.service_id).where(or_(code == domain, code.startswith(f"{domain}.")))
    )


def _filled(*fields: Any) -> Condition:
    return or_(false(), *(func.coalesce(field, "") != "" for field in fields))


def _has(key: Any) -> Condition:
    return Service.id.in_(select(key).where(key.is_not(None)))


def _at_places(key: Any) -> Select[Any]:
    """The services at locations to which something belongs."""
    places = select(key).where(key.is_not(None))
    return select(ServiceAtLocation.service_id).where(ServiceAtLocation.location_id.in_(places))


def _at_links(key: Any) -> Select[Any]:
    links = select(key).where(key.is_not(None))
    return select(ServiceAtLocation.service_id).where(ServiceAtLocation.id.in_(links))


_OWNER_REACHED = select(Organization.id).where(
    or_(
        Organization.id.in_(
            select(Phone.organization_id).where(Phone.organization_id.is_not(None))
        ),
        func.coalesce(Organization.email, "") != "",
    )
)
_STATED: Mapping[Part, Condition] = {
    Part.DESCRIPTION: _filled(Service.description),
    Part.NEEDS: _has(ServiceNeed.service_id),
    Part.ELIGIBILITY: or_(
        _filled(Service.eligibility_description), Service.minimum_age.is_not(None),
        Service.maximum_age.is_not(None), _has(ServiceCriterion.service_id),
    ),
    Part.REACH: or_(
        _filled(Service.email), _has(Phone.service_id),
        Service.id.in_(_at_places(Phone.location_id)),
        Service.id.in_(_at_links(Phone.service_at_location_id)),
        Service.organization_id.in_(_OWNER_REACHED),
    ),
    Part.HOURS: or_(
        _has(Schedule.service_id), Service.id.in_(_at_places(Schedule.location_id)),
        Service.id.in_(_at_links(Schedule.service_at_location_id)),
    ),
    Part.PLACE: Service.id.in_(
        select(ServiceAtLocation.service_id).where(ServiceAtLocation.vanished_at.is_(None))
    ),
    Part.APPLY: _filled(Service.application_process),
    Part.COST: or_(_filled(Service.fees_description, Service.fees), _has(CostOption.service_id)),
    Part.AREA: or_(
        _has(ServiceArea.service_id), Service.id.in_(_at_links(ServiceArea.service_at_location_id))
    ),
    Part.LANGUAGES: or_(_filled(Service.interpretation_services), _has(Language.service_id),
                        Service.id.in_(_at_places(Language.location_id))),
    Part.DOCUMENTS: _has(RequiredDocument.service_id),
    Part.CHECKED: Service.verified_on.is_not(None),
}  # fmt: skip
