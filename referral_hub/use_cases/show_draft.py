"""A referral that is being prepared: what can be chosen, what the receiver would see, and what is
still missing."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from referral_hub.gateways.field_crypto import Vault
from referral_hub.models import Client, Need, Referral, Service, ServiceNeed, ServiceState
from referral_hub.rules.actor import Actor
from referral_hub.rules.capacity import in_numbers
from referral_hub.rules.clients import NeedStatus
from referral_hub.rules.consent import ALWAYS, Category, require_cover
from referral_hub.rules.disclosure_words import SharedSection, rows_for_page
from referral_hub.rules.errors import Conflict, ConsentMissing, InvalidInput
from referral_hub.rules.intake import (
    Asked,
    Question,
    answers_in_words,
    field_of,
    shown_by,
    typed_form,
)
from referral_hub.rules.permissions import Permission, require
from referral_hub.rules.referral_lifecycle import Side, Status
from referral_hub.rules.sending import ROOM_WORDS, require_sendable
from referral_hub.use_cases.referral_views import ReferralLine
from referral_hub.use_cases.steps.audit import add_audit
from referral_hub.use_cases.steps.clients import name_of, the_client
from referral_hub.use_cases.steps.consents import load_terms
from referral_hub.use_cases.steps.disclosures import to_share_of
from referral_hub.use_cases.steps.intake import asked_of, questions_of
from referral_hub.use_cases.steps.partners import agency_of_service, is_listed, phone_of_service
from referral_hub.use_cases.steps.referral_lines import referral_lines
from referral_hub.use_cases.steps.referral_situation import capacity_of
from referral_hub.use_cases.steps.referrals import referral_to_see
from referral_hub.use_cases.steps.sending import preview_of, reason_of, sending_of
from referral_hub.use_cases.steps.sharing_choices import (
    CategoryChoice,
    ConsentChoice,
    category_choices,
    consent_choices,
)
from referral_hub.use_cases.transaction import transaction
from referral_hub.vocabulary import need_words


@dataclass(frozen=True, slots=True)
class NeedChoice:
    """A need of the client; `fits` where the service says that it answers it."""

    id: UUID
    label: str
    fits: bool


@dataclass(frozen=True, slots=True)
class StartView:
    """What a referral begins with."""

    client_id: UUID
    client_name: str
    service_id: UUID
    service: str
    in_network: bool
    needs: tuple[NeedChoice, ...]


@dataclass(frozen=True, slots=True)
class AskedView:
    """A question of the service, and what was answered so far. In the field `shown` the form says
    with `mark` which question it was that it showed; `before` is how it read when it was answered,
    where it is another one now."""

    field: str
    shown: str
    mark: str
    question: Question
    answer: str
    before: str


@dataclass(frozen=True, slots=True)
class DraftView:
    """A draft. `phone` is where to call about the service; `preview` is exactly what the receiver
    will see, and `digest` stands for it; `identity_first` is what a receiver sees of it that looks
    for a conflict of interest first, and empty for others. `problems` say by field why it cannot be
    sent yet; `room` what the sender should know of the room of the service, or empty."""

    line: ReferralLine
    client_id: UUID
    phone: str
    reason: str
    called: bool
    consent_id: UUID | None
    categories: tuple[CategoryChoice, ...]
    consents: tuple[ConsentChoice, ...]
    preview: tuple[SharedSection, ...]
    identity_first: tuple[SharedSection, ...]
    digest: str
    problems: dict[str, str]
    room: str
    questions: tuple[AskedView, ...]


def start_referral(
    session: Session,
    actor: Actor,
    vault: Vault,
    client_id: UUID,
    service_id: UUID,
    *,
    now: datetime,
) -> StartView:
    """What there is to choose from when a client is to be referred to a service.

    Raises NotFound for a client who is not the agency's, InvalidInput for an unknown service.
    """
    require(actor, Permission.REFERRAL_PREPARE)
    with transaction(session):
        client = the_client(session, actor, Permission.REFERRAL_PREPARE, client_id)
        service = session.get(Service, service_id)
        if service is None or not is_listed(session, service_id):
            message = "There is no such service. It may have been removed; search again."
            raise InvalidInput(message, {"service_id": message})
        add_audit(session, actor, "client:read", client, agency_id=client.agency_id, now=now)
        return StartView(
            client.id,
            name_of(vault, client),
            service.id,
            service.name,
            agency_of_service(session, service_id) is not None,
            _needs(session, client, service_id),
        )


def show_draft(
    session: Session, actor: Actor, vault: Vault, referral_id: UUID, *, now: datetime
) -> DraftView:
    """A draft of one's own agency. Raises NotFound, and Conflict where it was sent already."""
    require(actor, Permission.REFERRAL_PREPARE)
    with transaction(session):
        referral, _ = referral_to_see(session, actor, referral_id)
        require(actor, Permission.REFERRAL_PREPARE, referral.from_agency_id)
        if referral.status != Status.DRAFT:
            raise Conflict("This referral was sent already. What was sent does not change.")
        client = session.get_one(Client, referral.client_id)
        add_audit(session, actor, "client:read", client, agency_id=client.agency_id, now=now)
        return _view(session, vault, referral, client, now)


def _view(
    session: Session, vault: Vault, referral: Referral, client: Client, now: datetime
) -> DraftView:
    need = session.get_one(Need, referral.need_id)
    reason = reason_of(vault, referral)
    chosen = frozenset(map(Category, referral.categories))
    preview = preview_of(session, vault, referral, client, now)
    everyone = frozenset(Category)
    everything = to_share_of(session, vault, referral, client, need, reason, everyone).whole
    (line,) = referral_lines(session, vault, [(referral, Side.SENDER)], now)
    terms = load_terms(session, vault, referral.consent_id)
    return DraftView(
        line=line,
        client_id=client.id,
        phone=phone_of_service(session, referral.service_id),
        reason=reason,
        called=referral.called,
        consent_id=referral.consent_id,
        categories=category_choices(everything, chosen, ALWAYS),
        consents=consent_choices(session, vault, referral, now),
        preview=rows_for_page(preview.to_share.whole),
        identity_first=rows_for_page(preview.to_share.identity or {}),
        digest=preview.digest,
        problems={
            **_problem(lambda: require_cover(terms, referral.to_agency_id, chosen, now)),
            **_problem(
                lambda: require_sendable(sending_of(session, vault, referral, client, "", now))
            ),
        },
        room=_room(session, referral.service_id, now),
        questions=_questions(session, vault, referral),
    )


def _questions(session: Session, vault: Vault, referral: Referral) -> tuple[AskedView, ...]:
    asked = {each.question_id: each for each in asked_of(vault, referral)}
    return tuple(
        AskedView(
            field=field_of(question_id),
            shown=shown_by(question_id),
            mark=question.mark,
            question=question,
            answer=typed_form(asked[question_id].value) if question_id in asked else "",
            before=_before(asked.get(question_id), question),
        )
        for question_id, question in questions_of(session, referral.service_id).items()
    )


def _before(asked: Asked | None, question: Question) -> str:
    """How a question read, and what was answered, where it is another one now."""
    if asked is None or asked.question == question:
        return ""
    answered = "; ".join(answers_in_words([asked]).values())
    return f"{asked.question.text} {answered}".strip()


def _room(session: Session, service_id: UUID, now: datetime) -> str:
    """What the sender should know: the state in words, numbers, and what the agency wrote."""
    known = capacity_of(session, service_id, now)
    state = session.get(ServiceState, service_id) if known else None
    if state is None:
        return ROOM_WORDS[""]
    numbers = in_numbers(state.available, state.maximum, state.unit)
    parts = (ROOM_WORDS.get(known, ""), f"{numbers}." if numbers else "", state.note or "")
    return " ".join(filter(None, parts))


def _problem(check: Callable[[], None]) -> dict[str, str]:
    """What a check would refuse, by field."""
    try:
        check()
    except ConsentMissing as error:
        return {"consent": error.message}
    except (InvalidInput, Conflict) as error:
        return error.fields or {"form": error.message}
    return {}


def _needs(session: Session, client: Client, service_id: UUID) -> tuple[NeedChoice, ...]:
    answered = set(
        session.scalars(select(ServiceNeed.need_code).where(ServiceNeed.service_id == service_id))
    )
    needs = session.scalars(
        select(Need)
        .where(Need.client_id == client.id, Need.status == NeedStatus.OPEN)
        .order_by(Need.opened_at, Need.id)
    )
    found = [
        NeedChoice(need.id, need_words(need.need_code), _fits(need.need_code, answered))
        for need in needs
    ]
    return tuple(sorted(found, key=lambda need: not need.fits))


def _fits(code: str, answered: set[str]) -> bool:
    """Whether a service that answers these needs answers this one: the same, a wider or a
    narrower one."""
    return any(
        code == other or code.startswith(f"{other}.") or other.startswith(f"{code}.")
        for other in answered
    )
