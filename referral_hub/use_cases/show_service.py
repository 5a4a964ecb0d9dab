"""One service as its page shows it."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from referral_hub.models import (
    Contact,
    DirectoryRecord,
    Language,
    Phone,
    Program,
    RequiredDocument,
    Source,
    Url,
    columns,
)
from referral_hub.rules.actor import Actor
from referral_hub.rules.capacity import in_numbers
from referral_hub.rules.eligibility import Criterion, Kind
from referral_hub.rules.eligibility_words import criterion_words, source_words
from referral_hub.rules.errors import NotFound
from referral_hub.rules.opening_hours import describe_hours
from referral_hub.rules.permissions import Permission, require
from referral_hub.rules.visibility import is_seen
from referral_hub.use_cases.directory.criteria import read_criteria
from referral_hub.use_cases.directory.documents import APPROXIMATE, Gazetteer
from referral_hub.use_cases.directory.facts import (
    Record,
    ServiceFacts,
    SiteFacts,
    mappings,
    read_services,
)
from referral_hub.use_cases.directory.wording import (
    address_lines,
    ages,
    language_name,
    need_labels,
    opening_now,
    price,
)
from referral_hub.use_cases.directory_views import (
    ConditionView,
    ContactView,
    CostView,
    DocumentView,
    LocationView,
    PhoneView,
    ServiceView,
)


def show_service(
    session: Session, actor: Actor, service_id: UUID, *, gazetteer: Gazetteer, now: datetime
) -> ServiceView:
    """Everything public about one service. Raises NotFound when there is none to be seen."""
    require(actor, Permission.DIRECTORY_READ)
    found = read_services(session, [service_id])
    facts = found.get(service_id)
    if facts is None or not is_seen(facts.service.visibility, facts.organization.visibility):
        raise NotFound("There is no such service. It may have been removed; try a new search.")
    return service_view(session, facts, gazetteer, now=now)


def service_view(
    session: Session, facts: ServiceFacts, gazetteer: Gazetteer, *, now: datetime
) -> ServiceView:
    """A service's page, for who may see it."""
    criteria = read_criteria(session, {facts.service.id: facts}, gazetteer)[facts.service.id]
    return replace(_Shown(session, facts, now).view(), conditions=tuple(_conditions(criteria)))


class _Shown:
    """One service on its way to its view."""

    def __init__(self, session: Session, facts: ServiceFacts, now: datetime) -> None:
        self._session = session
        self._facts = facts
        self._now = now
        self._today = now.date()

    def view(self) -> ServiceView:
        """The whole view."""
        facts, service, organization = self._facts, self._facts.service, self._facts.organization
        schedules = mappings(facts.schedules)
        opening = opening_now(schedules, self._now, None, facts)
        costs = tuple(CostView(price(cost)) for cost in facts.costs)
        return ServiceView(
            service_id=str(service.id),
            name=service.name,
            alternate_name=service.alternate_name or "",
            status=service.status,
            alert=service.alert or "",
            description=service.description or "",
            organization_id=str(organization.id),
            organization=organization.name,
            organization_incomplete=organization.incomplete,
            organization_verified_on=organization.verified_on,
            organization_description=organization.description,
            organization_website=organization.website or "",
            organization_email=organization.email or "",
            program=self._program(),
            url=service.url or "",
            email=service.email or "",
            needs=need_labels(facts.needs),
            eligibility=service.eligibility_description or "",
            ages=ages(service.minimum_age, service.maximum_age),
            application_process=service.application_process or "",
            fees="\n".join(dict.fromkeys(filter(None, (service.fees_description, service.fees)))),
            costs=tuple(cost for cost in costs if cost.text),
            documents=tuple(
                DocumentView(row.document or "", row.uri or "")
                for row in self._children(RequiredDocument, RequiredDocument.service_id)
            ),
            languages=_languages(facts.languages),
            interpretation=service.interpretation_services or "",
            areas=tuple(
                dict.fromkeys(
                    area.name or area.description or ""
                    for area in [*facts.areas, *(a for s in facts.sites for a in s.areas)]
                    if area.name or area.description
                )
            ),
            phones=self._phones(facts.phones or facts.organization_phones),
            contacts=self._contacts(),
            locations=tuple(self._location(site) for site in facts.sites),
            hours=tuple(describe_hours(schedules, self._today)),
            opening=opening.text,
            open_now=opening.open_now,
            accepting=facts.accepting,
            room=_room(facts.state),
            wait_time=service.wait_time or "",
            accreditations=service.accreditations or "",
            verified_on=service.verified_on,
            source=self._source(),
            links=tuple(
                (row.label or row.url, row.url) for row in self._children(Url, Url.service_id)
            ),
        )

    def _location(self, site: SiteFacts) -> LocationView:
        location = site.location
        schedules = mappings(site.schedules)
        opening = opening_now(schedules, self._now, location.time_zone, self._facts)
        return LocationView(
            location_id=str(location.id),
            name="" if location.confidential else location.name or "",
            location_type=location.location_type,
            address=() if location.confidential else address_lines(site.address),
            latitude=location.point_latitude,
            longitude=location.point_longitude,
            approximate=location.point_basis in APPROXIMATE,
            confidential=location.confidential,
            transportation="" if location.confidential else location.transportation or "",
            accessibility=tuple(
                ": ".join(filter(None, ((row.description or "").replace("_", " "), row.details)))
                for row in site.accessibility
            ),
            phones=self._phones(site.phones),
            hours=tuple(describe_hours(schedules, self._today)),
            open_now=opening.open_now,
            opening=opening.text,
            languages=_languages(site.languages),
            description="" if location.confidential else location.description or "",
            verified_on=location.verified_on,
        )

    def _phones(self, rows: Iterable[Record]) -> tuple[PhoneView, ...]:
        """Each number once, with the languages in which it is answered."""
        phones = {phone.number: phone for phone in reversed(list(rows))}
        spoken: dict[UUID, list[Record]] = {}
        ids = [phone.id for phone in phones.values()]
        for row in self._session.execute(
            select(*columns(Language)).where(Language.phone_id.in_(ids))
        ):
            spoken.setdefault(row.phone_id, []).append(row)
        return tuple(
            PhoneView(
                number=phone.number,
                extension="" if phone.extension is None else f"{phone.extension:.0f}",
                type=phone.type or "",
                description=phone.description or "",
                languages=_languages(spoken.get(phone.id, [])),
            )
            for phone in reversed(phones.values())
        )

    def _contacts(self) -> tuple[ContactView, ...]:
        contacts = self._children(Contact, Contact.service_id)
        found = []
        for contact in contacts:
            phones = self._session.execute(
                select(*columns(Phone))
                .where(Phone.contact_id == contact.id)
                .order_by(Phone.position, Phone.id)
            )
            found.append(
                ContactView(
                    contact.name or "",
                    contact.title or "",
                    contact.department or "",
                    contact.email or "",
                    self._phones(phones),
                )
            )
        return tuple(found)

    def _program(self) -> str:
        """Its name; a program that is a draft is seen only in the preview of another draft."""
        service = self._facts.service
        query = select(Program.name).where(Program.id == service.program_id)
        if service.visibility == "public":
            query = query.where(Program.visibility == "public")
        return self._session.scalar(query) or ""

    def _source(self) -> str:
        return (
            self._session.execute(
                select(Source.name).where(Source.id == self._facts.service.source_id)
            ).scalar_one_or_none()
            or ""
        )

    def _children(self, model: type[DirectoryRecord], key: Any) -> list[Record]:
        query = select(*columns(model)).where(key == self._facts.service.id)
        return list(self._session.execute(query.order_by(model.position, model.id)))


def _room(state: Record | None) -> str:
    """How much room there is in numbers, and until when that is so."""
    if state is None or state.lapsed_at is not None:
        return ""
    numbers = in_numbers(state.available, state.maximum, state.unit)
    return (
        f"{numbers}, until {state.until:%B} {state.until.day}"
        if numbers and state.until
        else (numbers)
    )


def _conditions(criteria: Iterable[Criterion]) -> Iterator[ConditionView]:
    """The conditions that say more than other parts of the page do."""
    for criterion in criteria:
        if criterion.kind not in _SHOWN_ELSEWHERE:
            yield ConditionView(criterion_words(criterion), source_words(criterion))


_SHOWN_ELSEWHERE = frozenset({Kind.OTHER, Kind.LANGUAGE, Kind.DOCUMENTS})


def _languages(rows: Iterable[Record]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(filter(None, (language_name(r.name, r.code) for r in rows))))
