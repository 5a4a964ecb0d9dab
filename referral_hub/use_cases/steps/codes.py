"""Codes that are taken once: those of an authenticator app, and recovery codes."""

from base64 import b32encode
from datetime import datetime
from secrets import token_bytes
from uuid import UUID

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from referral_hub.gateways.authenticator_codes import matching_step
from referral_hub.gateways.field_crypto import Vault
from referral_hub.gateways.tokens import token_hash
from referral_hub.models import AuthenticatorApp, RecoveryCode
from referral_hub.rules.sign_in import RECOVERY_CODES, Method

SECRET = "authenticator_app.secret"  # noqa: S105 the name of a column
_CODE_BYTES = 10
_GROUP = 4


def take_code(
    session: Session, vault: Vault, person_id: UUID, method: Method, code: str, *, now: datetime
) -> bool:
    """Whether a code of the kind is right; then it is spent."""
    if method is Method.RECOVERY_CODE:
        return take_recovery_code(session, person_id, code, now=now)
    return take_app_code(session, vault, person_id, code, now=now)


def take_app_code(
    session: Session, vault: Vault, person_id: UUID, code: str, *, now: datetime
) -> bool:
    """Whether the code is one of now of the person's confirmed app, and was not taken before."""
    app = session.get(AuthenticatorApp, person_id, populate_existing=True)
    if app is None or app.confirmed_at is None:
        return False
    step = step_of(vault, app, code, now=now)
    if step is None:
        return False
    taken = session.execute(
        update(AuthenticatorApp)
        .where(AuthenticatorApp.person_id == person_id, AuthenticatorApp.last_step < step)
        .values(last_step=step)
        .returning(AuthenticatorApp.person_id)
    )
    return taken.first() is not None


def step_of(vault: Vault, app: AuthenticatorApp, code: str, *, now: datetime) -> int | None:
    """The time step of a right code."""
    secret = vault.open(SECRET, app.person_id, app.secret_sealed)
    return matching_step(secret, "".join(code.split()), app.last_step, now)


def take_recovery_code(session: Session, person_id: UUID, code: str, *, now: datetime) -> bool:
    """Whether the code is one of the person's that was not used before."""
    taken = session.execute(
        update(RecoveryCode)
        .where(
            RecoveryCode.person_id == person_id,
            RecoveryCode.code_hash == token_hash(_plain(code)),
            RecoveryCode.used_at.is_(None),
        )
        .values(used_at=now)
        .returning(RecoveryCode.id)
    )
    return taken.first() is not None


def renew_recovery_codes(session: Session, person_id: UUID, *, now: datetime) -> tuple[str, ...]:
    """New recovery codes of 80 random bits each, in place of those before; shown only now."""
    drop_recovery_codes(session, person_id)
    codes = tuple(_new_code() for _ in range(RECOVERY_CODES))
    session.add_all(
        RecoveryCode(person_id=person_id, code_hash=token_hash(_plain(code)), created_at=now)
        for code in codes
    )
    return codes


def drop_recovery_codes(session: Session, person_id: UUID) -> None:
    """Make all recovery codes of a person void."""
    session.execute(delete(RecoveryCode).where(RecoveryCode.person_id == person_id))


def codes_left(session: Session, person_id: UUID) -> int:
    """How many recovery codes a person can still use."""
    unused = RecoveryCode.used_at.is_(None)
    counted = select(func.count()).where(RecoveryCode.person_id == person_id, unused)
    return session.execute(counted).scalar_one()


def _new_code() -> str:
    text = b32encode(token_bytes(_CODE_BYTES)).decode().lower()
    return "-".join(text[at : at + _GROUP] for at in range(0, len(text), _GROUP))


def _plain(code: str) -> str:
    """A code as it is compared: people leave out hyphens, or write capitals."""
    return "".join(sign for sign in code.casefold() if sign.isalnum())
