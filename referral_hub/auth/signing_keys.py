"""The keys with which the hub signs id tokens: made, published, followed by new ones."""

import json
from datetime import datetime
from typing import Any

from joserfc.jwk import ECKey, RSAKey
from sqlalchemy import select
from sqlalchemy.orm import Session

from referral_hub.gateways.field_crypto import Vault
from referral_hub.models import SigningKey
from referral_hub.rules.actor import Actor
from referral_hub.rules.applications import SIGNING_ALGORITHMS, STILL_PUBLISHED
from referral_hub.rules.permissions import Permission, require
from referral_hub.use_cases.steps.audit import add_audit
from referral_hub.use_cases.transaction import transaction

SEALED = "signing_key.private"
_RSA_BITS = 2048
Key = ECKey | RSAKey


def ensure_signing_keys(session: Session, actor: Actor, vault: Vault, *, now: datetime) -> None:
    """Make keys where there are none. Two processes may both: then both keys are published."""
    require(actor, Permission.KEYS_ROTATE)
    held = set(session.scalars(select(SigningKey.algorithm).where(SigningKey.retired_at.is_(None))))
    if missing := [name for name in SIGNING_ALGORITHMS if name not in held]:
        made = [_new_row(vault, algorithm, now) for algorithm in missing]
        names = " ".join(row.id for row in made)
        with transaction(session):
            session.add_all(made)
            add_audit(session, actor, "signing-key:make", detail=names, now=now)


def rotate_signing_keys(
    session: Session, actor: Actor, vault: Vault, *, now: datetime
) -> tuple[str, ...]:
    """New keys sign from now on; the old ones stay published for a day. Returns the new ids."""
    require(actor, Permission.KEYS_ROTATE)
    made = [_new_row(vault, algorithm, now) for algorithm in SIGNING_ALGORITHMS]
    names = tuple(row.id for row in made)
    with transaction(session):
        for old in session.scalars(select(SigningKey).where(SigningKey.retired_at.is_(None))):
            old.retired_at = now
        session.add_all(made)
        add_audit(session, actor, "signing-key:rotate", detail=" ".join(names), now=now)
    return names


def published_keys(session: Session, now: datetime) -> dict[str, Any]:
    """The public keys, as a JSON Web Key Set; the newest first."""
    rows = session.scalars(
        select(SigningKey)
        .where(SigningKey.retired_at.is_(None) | (SigningKey.retired_at > now - STILL_PUBLISHED))
        .order_by(SigningKey.created_at.desc(), SigningKey.id)
    )
    return {"keys": [row.public for row in rows]}


def signing_key(session: Session, vault: Vault, algorithm: str) -> Key:
    """The key that signs now; there has to be one (`ensure_signing_keys`)."""
    row = session.scalars(
        select(SigningKey)
        .where(SigningKey.algorithm == algorithm, SigningKey.retired_at.is_(None))
        .order_by(SigningKey.created_at.desc(), SigningKey.id)
    ).first()
    if row is None:
        raise LookupError(f"There is no key for {algorithm}.")
    private = json.loads(vault.open(SEALED, row.id, row.private_sealed))
    return ECKey.import_key(private) if private["kty"] == "EC" else RSAKey.import_key(private)


def _new_row(vault: Vault, algorithm: str, now: datetime) -> SigningKey:
    key: Key = (
        ECKey.generate_key("P-256") if algorithm == "ES256" else RSAKey.generate_key(_RSA_BITS)
    )
    name = key.thumbprint()
    described = {"kid": name, "use": "sig", "alg": algorithm}
    return SigningKey(
        id=name,
        algorithm=algorithm,
        private_sealed=vault.seal(
            SEALED, name, json.dumps({**key.as_dict(private=True), **described})
        ),
        public={**key.as_dict(private=False), **described},
        created_at=now,
    )
