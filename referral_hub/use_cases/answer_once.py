"""Answering a request that may be sent again: done once, answered alike each time.

The answer is kept in the transaction that did it. So whoever gets no answer can ask again with the
same key, whatever happened in between, and nothing is done twice.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from json import dumps, loads
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from referral_hub.gateways.field_crypto import Vault
from referral_hub.models import IdempotentAnswer
from referral_hub.rules.actor import Actor, actor_label
from referral_hub.rules.errors import KeyReused
from referral_hub.rules.idempotency import check_key
from referral_hub.rules.permissions import Permission, require
from referral_hub.use_cases.transaction import transaction

SEALED = "idempotent_answer.answer"
NO_ANSWER_YET = b""


@dataclass(frozen=True, slots=True)
class Answer:
    """What is answered: status, body as JSON has it, and headers that matter."""

    status: int
    body: Any
    headers: dict[str, str]


def answer_once(
    session: Session,
    actor: Actor,
    vault: Vault,
    key: str,
    request: bytes,
    act: Callable[[], Answer],
    *,
    now: datetime,
) -> Answer:
    """The answer to a request: by acting, or what was answered when it came before.

    `request` is everything that makes requests the same: method, address, body. Raises InvalidInput
    for a key that cannot be used and KeyReused for one that came with another request. What fails
    is not kept: it can be tried again.
    """
    require(actor, Permission.REQUEST_REPEAT)
    check_key(key)
    key_hash = sha256(f"{actor_label(actor)}\n{key}".encode()).digest()
    request_hash = sha256(request).digest()
    try:
        with transaction(session):
            known = _known(session, key_hash)
            if known is None:
                row = IdempotentAnswer(
                    key_hash=key_hash, request_hash=request_hash, status=0,
                    answer_sealed=NO_ANSWER_YET, created_at=now,
                )  # fmt: skip
                session.add(row)
                _claim(session)
                answer = act()
                row.status = answer.status
                text = dumps({"body": answer.body, "headers": answer.headers})
                row.answer_sealed = vault.seal(SEALED, str(row.id), text)
                return answer
    except _Taken:
        session.rollback()
        known = _known(session, key_hash)
    if known is None or known.request_hash != request_hash:
        raise KeyReused(
            "This Idempotency-Key came with another request before. Use a new key for each request."
        )
    content = loads(vault.open(SEALED, str(known.id), known.answer_sealed))
    return Answer(known.status, content["body"], content["headers"])


class _Taken(Exception):
    """Another request with the key was quicker, and has ended."""


def _claim(session: Session) -> None:
    """Take the key; wait for another request that has it, until that one ends."""
    try:
        session.flush()
    except IntegrityError as error:
        raise _Taken from error


def _known(session: Session, key_hash: bytes) -> IdempotentAnswer | None:
    return session.scalars(
        select(IdempotentAnswer).where(IdempotentAnswer.key_hash == key_hash)
    ).one_or_none()
