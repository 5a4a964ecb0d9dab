"""Sharing inside a transaction, and what of it a receiver may read now."""

from collections.abc import Iterable, Set
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from referral_hub.gateways.field_crypto import Vault
from referral_hub.models import (
    Agency,
    Client,
    Consent,
    Disclosure,
    HouseholdMember,
    Need,
    Referral,
    ReferralEvent,
)
from referral_hub.rules.actor import Actor, Application, Person
from referral_hub.rules.client_profile import Profile, from_json, full_name
from referral_hub.rules.consent import (
    Category,
    ConsentTerms,
    counts,
    covers,
    may_forward,
    notices_for,
    require_cover,
)
from referral_hub.rules.disclosure_words import rows_for_page
from referral_hub.rules.disclosures import (
    NeedFacts,
    Snapshot,
    ToShare,
    digest_of,
    identity_only,
    merge,
    not_shared,
    snapshot,
)
from referral_hub.rules.errors import InvalidInput, NotPermitted, PreviewChanged
from referral_hub.rules.overrides import check_override
from referral_hub.rules.referral_lifecycle import Part, Status
from referral_hub.rules.referral_sight import is_readable
from referral_hub.rules.referrals import ConflictCheck, Fact
from referral_hub.use_cases.consent_views import DisclosedView
from referral_hub.use_cases.steps.intake import answers_to_share
from referral_hub.use_cases.steps.referrals import Act, channel_of, record_event
from referral_hub.use_cases.steps.snapshots import (
    add_snapshot,
    check_told_to_sender,
    content_of,
    is_accepted,
    lapsed_snapshots,
    open_snapshots,
    readable_snapshots,
)
from referral_hub.vocabulary import need_words


def disclose(
    session: Session,
    vault: Vault,
    referral: Referral,
    consent_id: UUID | None,
    terms: ConsentTerms | None,
    categories: Iterable[Category],
    client: Client,
    need: Need,
    reason: str,
    actor: Actor,
    *,
    override_reason: str | None = None,
    preview_digest: str = "",
    now: datetime,
) -> Disclosure:
    """Let the receiver of a referral, which is locked, see these categories of a client.

    A receiver that must look for conflicts of interest first sees identities alone, in a snapshot
    of their own. Raises ConsentMissing where consent does not cover it; with `override_reason`,
    where no ground could either; PreviewChanged where it is not what `preview_digest` stands for.
    An override is an event, by which supervisors hear of it.
    """
    wanted = frozenset(categories)
    if (client.id, need.id) != (referral.client_id, referral.need_id):
        raise ValueError("what is shared is not what the referral is about")
    sender = session.get_one(Agency, referral.from_agency_id)
    receiver = session.get_one(Agency, referral.to_agency_id)
    terms = _terms_now(session, referral, consent_id, terms, now)
    to_share = to_share_of(session, vault, referral, client, need, reason, wanted)
    if preview_digest not in ("", digest_now(referral, to_share, consent_id, terms, now)):
        raise PreviewChanged(
            "What would be shared has changed since you looked. Nothing was sent. "
            "Look at it again, then send."
        )
    if override_reason is None:
        require_cover(terms, receiver.id, wanted, now)
    else:
        _require_override(actor, sender, receiver, terms, wanted, override_reason, now)
    if to_share.identity is not None and referral.conflict_check == ConflictCheck.NOT_NEEDED:
        referral.conflict_check = ConflictCheck.PENDING
    contents = [(False, to_share.whole)]
    if to_share.identity is not None:
        contents.insert(0, (True, to_share.identity))
    made = [
        add_snapshot(
            session, vault, referral, consent_id, content, only, override_reason, actor, now
        )
        for only, content in contents
    ]
    _tell(session, referral, actor, made, now)
    return made[-1]


def to_share_of(
    session: Session,
    vault: Vault,
    referral: Referral,
    client: Client,
    need: Need,
    reason: str,
    categories: Set[Category],
) -> ToShare:
    """What the receiver of a referral would see if these categories were shared now."""
    profile = _profile(vault, client)
    facts = NeedFacts(
        need.need_code, need_words(need.need_code), need.urgency, need.acuity, reason,
        answers_to_share(session, vault, referral),
    )  # fmt: skip
    whole = snapshot(profile, facts, categories)
    if not _looks_for_conflicts(session, referral):
        return ToShare(whole)
    names = _household(session, vault, client.id)
    return ToShare(whole, identity_only(profile, facts, names, categories))


def digest_now(
    referral: Referral,
    to_share: ToShare,
    consent_id: UUID | None,
    terms: ConsentTerms | None,
    now: datetime,
) -> str:
    """The digest of what would be shared now, under terms as they stand now."""
    in_force = terms is not None and counts(terms, now)
    return digest_of(to_share, referral.to_agency_id, consent_id, in_force)


def disclosed_to_receiver(
    session: Session,
    vault: Vault,
    referral: Referral,
    *,
    check: ConflictCheck | None = None,
    now: datetime,
) -> DisclosedView:
    """All that the receiver of a referral may see of the client now: nothing once consent is over
    that was not accepted before, identities alone until no conflict of interest is recorded.

    `check` is the result to go by, where that is not the recorded one.
    """
    check = check or ConflictCheck(referral.conflict_check)
    rows = readable_snapshots(session, referral, now, check)
    merged = merge(content_of(vault, row) for row in rows)
    overridden = any(row.override_sealed for row in rows)
    notices = notices_for(map(Category, merged), overridden=overridden)
    return DisclosedView(
        values=merged,
        sections=rows_for_page(merged),
        notices=notices if rows else (),
        identity_only=check is ConflictCheck.PENDING,
        disclosed_at=rows[-1].made_at if rows else None,
    )


def shared_so_far(session: Session, vault: Vault, referral: Referral) -> Snapshot:
    """For the sender: all that was shared for a referral and is not closed, whether or not the
    receiver has opened it."""
    rows = open_snapshots(session, referral.id)
    return merge(content_of(vault, row) for row in rows if not row.identity_only)


def unshared_fields(
    session: Session, vault: Vault, referral: Referral, client: Client
) -> tuple[str, ...]:
    """For the sender: fields of the client that are no longer as they were shared."""
    return not_shared(_profile(vault, client), shared_so_far(session, vault, referral))


def may_deliver(
    session: Session, referral: Referral, now: datetime, event: ReferralEvent | None = None
) -> bool:
    """Whether what was shared for a referral may leave for its receiver now, or, for the event of
    a disclosure, what it tells of. Asked at delivery, since consent can end in between; where it
    has, `close_undelivered` ends what rested on it."""
    rows = open_snapshots(session, referral.id)
    if event is not None and event.kind == Fact.DISCLOSED:
        rows = [row for row in rows if row.number in event.data["numbers"]]
    if not rows or not is_readable(Status(referral.status), accepted=is_accepted(referral)):
        return False
    return not lapsed_snapshots(session, referral, rows, now)


def close_undelivered(session: Session, referral: Referral, now: datetime) -> int:
    """Close what was shared, rests on consent that counts no more, and has not reached a receiver
    who accepted. Returns how many snapshots that are."""
    lapsed = lapsed_snapshots(session, referral, open_snapshots(session, referral.id), now)
    for row in lapsed:
        row.closed_at = now
    return len(lapsed)


def _terms_now(
    session: Session,
    referral: Referral,
    consent_id: UUID | None,
    terms: ConsentTerms | None,
    now: datetime,
) -> ConsentTerms | None:
    """The terms, as of this moment and until the transaction ends; None where they are not of
    this client, and who shares was not allowed to pass on."""
    if consent_id is None or terms is None:
        return None
    consent = session.get(
        Consent, consent_id, with_for_update={"read": True}, populate_existing=True
    )
    if consent is None:
        return None
    terms = replace(terms, revoked_at=consent.revoked_at)
    own = consent.client_id == referral.client_id
    return terms if own or may_forward(terms, referral.from_agency_id, now) else None


def _looks_for_conflicts(session: Session, referral: Referral) -> bool:
    """Whether the receiver has to look for a conflict of interest before it reads a story. Who has
    accepted without a check knows the story, and nothing of it closes."""
    if referral.conflict_check == ConflictCheck.NOT_NEEDED and not is_accepted(referral):
        return session.get_one(Agency, referral.to_agency_id).conflict_check
    return check_told_to_sender(session, referral) is ConflictCheck.PENDING


def _require_override(
    actor: Actor,
    sender: Agency,
    receiver: Agency,
    terms: ConsentTerms | None,
    wanted: frozenset[Category],
    reason: str,
    now: datetime,
) -> None:
    if not isinstance(actor, Person):
        raise NotPermitted("Only a person can share without consent, and answers for it.")
    if terms is not None and covers(terms, receiver.id, wanted, now):
        message = "The client's consent covers this. Leave the reason empty."
        raise InvalidInput(message, {"override_reason": message})
    check_override(wanted, reason, of_victim_services=sender.victim_services)


def _tell(
    session: Session, referral: Referral, actor: Actor, made: list[Disclosure], now: datetime
) -> None:
    part = Part.SENDER_APPLICATION if isinstance(actor, Application) else Part.SENDER
    overridden = any(row.override_sealed for row in made)
    consent_id = made[-1].consent_id
    data = {
        "numbers": [row.number for row in made],
        "override": overridden,
        "consent_id": None if consent_id is None else str(consent_id),
        "conflict_check": referral.conflict_check,
    }
    act = Act(actor, part, channel_of(actor), now)
    record_event(session, referral, act, Fact.DISCLOSED, data=data)


def _profile(vault: Vault, client: Client) -> Profile:
    return from_json(vault.open("client.profile", client.id, client.profile_sealed))


def _household(session: Session, vault: Vault, client_id: UUID) -> list[str]:
    """The names of those who live with a client now."""
    members = select(HouseholdMember).where(
        HouseholdMember.client_id == client_id, HouseholdMember.until.is_(None)
    )
    profiles: list[Profile] = [
        from_json(vault.open("household_member.profile", each.id, each.profile_sealed))
        for each in session.scalars(members)
    ]
    return sorted(filter(None, map(full_name, profiles)))
