"""Sharing more of a client for a referral that was sent: something new, or what has changed."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from referral_hub.gateways.field_crypto import Vault
from referral_hub.models import Agency, Client, Need, Referral
from referral_hub.rules.actor import Actor, Person
from referral_hub.rules.client_profile import CATEGORY_OF
from referral_hub.rules.consent import Category, require_cover
from referral_hub.rules.disclosure_words import FIELD_LABEL, SharedSection, rows_for_page
from referral_hub.rules.errors import Conflict, ConsentMissing, InvalidInput
from referral_hub.rules.overrides import OVERRIDABLE
from referral_hub.rules.permissions import Permission, require
from referral_hub.rules.referral_lifecycle import OPEN, Side
from referral_hub.rules.sending import require_parties
from referral_hub.use_cases.referral_views import ReferralLine
from referral_hub.use_cases.steps.audit import add_audit
from referral_hub.use_cases.steps.consents import load_terms, require_consent_of
from referral_hub.use_cases.steps.disclosures import (
    digest_now,
    disclose,
    to_share_of,
    unshared_fields,
)
from referral_hub.use_cases.steps.partners import takes_part
from referral_hub.use_cases.steps.referral_lines import referral_lines
from referral_hub.use_cases.steps.referrals import (
    referral_to_move,
    referral_to_see,
)
from referral_hub.use_cases.steps.sending import reason_of
from referral_hub.use_cases.steps.sharing_choices import (
    CategoryChoice,
    ConsentChoice,
    category_choices,
    consent_choices,
)
from referral_hub.use_cases.steps.snapshots import open_snapshots
from referral_hub.use_cases.transaction import transaction


@dataclass(frozen=True, slots=True)
class Sharing:
    """What is to be shared in addition, and on which ground. Without `consent_id` it is the consent
    on which the referral rests; with `override_reason` there is none, and somebody is in danger.
    `preview_digest` stands for the preview that was looked at; empty where none was."""

    categories: frozenset[Category] = frozenset()
    consent_id: UUID | None = None
    override_reason: str = ""
    preview_digest: str = ""


@dataclass(frozen=True, slots=True)
class SharingView:
    """What can be shared in addition. `not_shared` names in plain words what is no longer as the
    receiver sees it, `already` what the receiver was let see; `preview` is exactly what would be
    added, `digest` stands for it, and `problem` says why it cannot be, if it cannot. `overridable`
    is what danger opens; it is empty where nothing does."""

    line: ReferralLine
    client_id: UUID
    categories: tuple[CategoryChoice, ...]
    consents: tuple[ConsentChoice, ...]
    consent_id: UUID | None
    overridable: tuple[Category, ...]
    not_shared: tuple[str, ...]
    already: frozenset[Category]
    preview: tuple[SharedSection, ...]
    identity_first: tuple[SharedSection, ...]
    digest: str
    problem: str


def show_sharing(
    session: Session,
    actor: Actor,
    vault: Vault,
    referral_id: UUID,
    sharing: Sharing | None = None,
    *,
    now: datetime,
) -> SharingView:
    """What would be shared in addition; without `sharing`, what has changed since.

    Raises NotFound, NotPermitted; InvalidInput for a consent that is not of this client; Conflict
    where the referral is not open, or one of the agencies takes no part in the network.
    """
    require(actor, Permission.REFERRAL_PREPARE)
    with transaction(session):
        referral, _ = referral_to_see(session, actor, referral_id)
        _require_sharable(session, actor, referral, sharing, now)
        client = session.get_one(Client, referral.client_id)
        add_audit(session, actor, "client:read", client, agency_id=client.agency_id, now=now)
        return _view(session, actor, vault, referral, client, sharing, now)


def share_more(
    session: Session,
    actor: Actor,
    vault: Vault,
    referral_id: UUID,
    sharing: Sharing,
    *,
    now: datetime,
) -> UUID:
    """Let the receiver of an open referral see these categories as they are now; returns the id of
    the disclosure. Its people hear of it, and of an override the sender's supervisors. The referral
    rests on that consent from now on, and what follows the sender learns again.

    Raises NotFound and NotPermitted; InvalidInput where nothing is chosen, or a consent that is not
    of this client; Conflict where the referral is not open, or one of the agencies takes no part in
    the network; ConsentMissing where neither consent nor danger opens it; PreviewChanged where it
    is not what was looked at.
    """
    require(actor, Permission.REFERRAL_PREPARE)
    if not sharing.categories:
        message = "Choose at least one thing to share."
        raise InvalidInput(message, {"categories": message})
    with transaction(session):
        referral, _ = referral_to_move(session, actor, referral_id)
        _require_sharable(session, actor, referral, sharing, now)
        consent_id = sharing.consent_id or referral.consent_id
        made = disclose(
            session,
            vault,
            referral,
            consent_id,
            load_terms(session, vault, consent_id),
            sharing.categories,
            session.get_one(Client, referral.client_id),
            session.get_one(Need, referral.need_id),
            reason_of(vault, referral),
            actor,
            override_reason=sharing.override_reason.strip() or None,
            preview_digest=sharing.preview_digest,
            now=now,
        )
        referral.consent_id = made.consent_id or referral.consent_id
        return made.id


def _require_sharable(
    session: Session, actor: Actor, referral: Referral, sharing: Sharing | None, now: datetime
) -> None:
    require(actor, Permission.REFERRAL_PREPARE, referral.from_agency_id)
    if referral.status not in OPEN:
        raise Conflict("This referral is not open. Nothing more can be shared for it.")
    today = now.date()
    require_parties(
        sender=takes_part(session, referral.from_agency_id, today),
        receiver=takes_part(session, referral.to_agency_id, today),
    )
    if sharing is not None and sharing.consent_id is not None:
        require_consent_of(session, referral.client_id, sharing.consent_id)


def _view(
    session: Session,
    actor: Actor,
    vault: Vault,
    referral: Referral,
    client: Client,
    sharing: Sharing | None,
    now: datetime,
) -> SharingView:
    fields = unshared_fields(session, vault, referral, client)
    sharing = sharing or Sharing(frozenset(CATEGORY_OF[name] for name in fields))
    need = session.get_one(Need, referral.need_id)
    reason = reason_of(vault, referral)
    everything = to_share_of(
        session, vault, referral, client, need, reason, frozenset(Category)
    ).whole
    to_share = to_share_of(session, vault, referral, client, need, reason, sharing.categories)
    consent_id = sharing.consent_id or referral.consent_id
    terms = load_terms(session, vault, consent_id)
    problem = ""
    if sharing.categories and not sharing.override_reason.strip():
        try:
            require_cover(terms, referral.to_agency_id, sharing.categories, now)
        except ConsentMissing as error:
            problem = error.message
    (line,) = referral_lines(session, vault, [(referral, Side.SENDER)], now)
    victims = session.get_one(Agency, referral.from_agency_id).victim_services
    may_override = isinstance(actor, Person) and not victims
    return SharingView(
        line=line,
        client_id=client.id,
        categories=category_choices(everything, sharing.categories),
        consents=consent_choices(session, vault, referral, now),
        consent_id=consent_id,
        overridable=tuple(each for each in Category if may_override and each in OVERRIDABLE),
        not_shared=tuple(FIELD_LABEL[name] for name in fields),
        already=_shared_already(session, referral),
        preview=rows_for_page(to_share.whole),
        identity_first=rows_for_page(to_share.identity or {}),
        digest=digest_now(referral, to_share, consent_id, terms, now),
        problem=problem,
    )


def _shared_already(session: Session, referral: Referral) -> frozenset[Category]:
    """What was shared and stands; an identity that was shown for a check alone is not meant."""
    rows = open_snapshots(session, referral.id)
    return frozenset(
        Category(each) for row in rows if not row.identity_only for each in row.categories
    )
