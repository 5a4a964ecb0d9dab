"""Needs of a client: found in an assessment, weighed, and what became of them."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from referral_hub.gateways.field_crypto import Vault
from referral_hub.models import Client, Need
from referral_hub.rules.actor import Actor
from referral_hub.rules.clients import MOST_DETAIL, NeedStatus, check_acuity, check_levels
from referral_hub.rules.errors import Conflict, InvalidInput, NotFound
from referral_hub.rules.permissions import NOTHING_HERE, Permission, require
from referral_hub.rules.profile_check import clean_text
from referral_hub.use_cases.steps.audit import add_audit
from referral_hub.use_cases.steps.clients import require_open, the_client
from referral_hub.use_cases.transaction import transaction
from referral_hub.vocabulary import needs as terms


@dataclass(frozen=True, slots=True)
class NeedChange:
    """What changes of a need; what is None stays."""

    urgency: int | None = None
    importance: int | None = None
    acuity: int | None = None
    detail: str | None = None
    status: NeedStatus | None = None

    @property
    def weighs(self) -> bool:
        """Whether it says anew how the need presses."""
        return (self.urgency, self.importance, self.acuity, self.detail) != (None,) * 4


def add_need(
    session: Session,
    actor: Actor,
    client_id: UUID,
    code: str,
    vault: Vault,
    *,
    urgency: int,
    importance: int,
    acuity: int,
    detail: str = "",
    now: datetime,
) -> UUID:
    """Record a need, as a term of the taxonomy, and return its id.

    Raises InvalidInput, and Conflict where the case is closed.
    """
    require(actor, Permission.CLIENT_CHANGE)
    if code not in terms():
        raise InvalidInput("Choose a need from the list.", {"code": "Choose a need from the list."})
    _check(urgency, importance, acuity)
    detail = clean_text(detail, MOST_DETAIL, "detail")
    with transaction(session):
        client = the_client(session, actor, Permission.CLIENT_CHANGE, client_id, lock=True)
        require_open(client)
        need = Need(
            id=uuid4(), client_id=client_id, need_code=code, urgency=urgency,
            importance=importance, acuity=acuity, opened_at=now,
        )  # fmt: skip
        _seal(vault, need, detail)
        session.add(need)
        add_audit(
            session, actor, "need:add", need, agency_id=client.agency_id, detail=code, now=now
        )
        return need.id


def weigh_need(
    session: Session,
    actor: Actor,
    client_id: UUID,
    need_id: UUID,
    vault: Vault,
    *,
    urgency: int,
    importance: int,
    acuity: int,
    detail: str = "",
    now: datetime,
) -> None:
    """Say anew how a need presses. Raises NotFound, InvalidInput, Conflict for a closed one."""
    require(actor, Permission.CLIENT_CHANGE)
    _check(urgency, importance, acuity)
    detail = clean_text(detail, MOST_DETAIL, "detail")
    with transaction(session):
        client, need = _need(session, actor, client_id, need_id)
        if need.status != NeedStatus.OPEN:
            raise Conflict("This need is closed. Reopen it first.")
        need.urgency, need.importance, need.acuity = urgency, importance, acuity
        _seal(vault, need, detail)
        add_audit(session, actor, "need:weigh", need, agency_id=client.agency_id, now=now)


def close_need(
    session: Session,
    actor: Actor,
    client_id: UUID,
    need_id: UUID,
    status: NeedStatus,
    *,
    now: datetime,
) -> None:
    """Say what became of a need. Raises NotFound, InvalidInput, Conflict for a closed one."""
    require(actor, Permission.CLIENT_CHANGE)
    if status is NeedStatus.OPEN:
        raise InvalidInput("Say what became of it.", {"status": "Say what became of it."})
    with transaction(session):
        client, need = _need(session, actor, client_id, need_id)
        if need.status != NeedStatus.OPEN:
            raise Conflict("This need is closed already. Load the page again.")
        need.status, need.closed_at = status, now
        add_audit(
            session, actor, "need:close", need, agency_id=client.agency_id, detail=status, now=now
        )


def reopen_need(
    session: Session, actor: Actor, client_id: UUID, need_id: UUID, *, now: datetime
) -> None:
    """Take up a need again. Raises NotFound, and Conflict for one that is open."""
    require(actor, Permission.CLIENT_CHANGE)
    with transaction(session):
        client, need = _need(session, actor, client_id, need_id)
        require_open(client)
        if need.status == NeedStatus.OPEN:
            raise Conflict("This need is open. Load the page again.")
        need.status, need.closed_at = NeedStatus.OPEN, None
        add_audit(session, actor, "need:reopen", need, agency_id=client.agency_id, now=now)


def change_need(
    session: Session, actor: Actor, need_id: UUID, change: NeedChange, vault: Vault, *,
    now: datetime,
) -> NeedStatus:  # fmt: skip
    """Change what is said of a need: reopen, weigh, then close it. Returns where it is then.

    Raises NotFound, InvalidInput, and Conflict for a closed one that is not reopened.
    """
    require(actor, Permission.CLIENT_CHANGE)
    with transaction(session):
        found = session.get(Need, need_id)
        if found is None:
            raise NotFound(NOTHING_HERE)
        client, need = _need(session, actor, found.client_id, need_id)
        if change.status is NeedStatus.OPEN and need.status != NeedStatus.OPEN:
            require_open(client)
            need.status, need.closed_at = NeedStatus.OPEN, None
            add_audit(session, actor, "need:reopen", need, agency_id=client.agency_id, now=now)
        if need.status not in (NeedStatus.OPEN, change.status) or (
            need.status != NeedStatus.OPEN and change.weighs
        ):
            raise Conflict("This need is closed. Reopen it first.")
        if change.weighs:
            _weigh(vault, need, change)
            add_audit(session, actor, "need:weigh", need, agency_id=client.agency_id, now=now)
        if change.status is not None and change.status != need.status:
            need.status, need.closed_at = change.status, now
            add_audit(
                session, actor, "need:close", need,
                agency_id=client.agency_id, detail=change.status, now=now,
            )  # fmt: skip
        return NeedStatus(need.status)


def _need(session: Session, actor: Actor, client_id: UUID, need_id: UUID) -> tuple[Client, Need]:
    """A client, and a need of theirs, locked. The client is not: referrals lock needs first."""
    client = the_client(session, actor, Permission.CLIENT_CHANGE, client_id)
    need = session.get(Need, need_id, with_for_update={"key_share": True})
    if need is None or need.client_id != client_id:
        raise NotFound(NOTHING_HERE)
    return client, need


def _weigh(vault: Vault, need: Need, change: NeedChange) -> None:
    urgency = need.urgency if change.urgency is None else change.urgency
    importance = need.importance if change.importance is None else change.importance
    acuity = need.acuity if change.acuity is None else change.acuity
    _check(urgency, importance, acuity)
    need.urgency, need.importance, need.acuity = urgency, importance, acuity
    if change.detail is not None:
        _seal(vault, need, clean_text(change.detail, MOST_DETAIL, "detail"))


def _check(urgency: int, importance: int, acuity: int) -> None:
    check_levels(urgency, importance)
    check_acuity(acuity)


def _seal(vault: Vault, need: Need, detail: str) -> None:
    need.detail_sealed = vault.seal("need.detail", need.id, detail) if detail else None
