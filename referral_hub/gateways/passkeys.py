"""Passkeys (WebAuthn): what browsers are asked for, and whether their answers hold.

The user must be verified by the authenticator (a PIN, a finger): a passkey alone is a full sign-in.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import parse_authentication_credential_json
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

REQUIRED = UserVerificationRequirement.REQUIRED
# What the library raises for bytes that are no answer at all, besides its own.
_WRONG = (WebAuthnException, LookupError, ValueError, TypeError, RecursionError)


class NotVerified(Exception):
    """A browser's answer does not hold."""


@dataclass(frozen=True, slots=True)
class Site:
    """The site that passkeys are for: its host name, and its origin as browsers state it."""

    host: str
    origin: str
    name: str = "Referral Hub"


@dataclass(frozen=True, slots=True)
class NewPasskey:
    """A passkey that was just made."""

    credential_id: bytes
    public_key: bytes
    sign_count: int


def registration_options(
    site: Site, person_id: UUID, email: str, name: str, challenge: bytes, held: Iterable[bytes]
) -> str:
    """What a browser needs to make a passkey, as JSON; `held` are those the person has."""
    options = generate_registration_options(
        rp_id=site.host,
        rp_name=site.name,
        user_id=person_id.bytes,
        user_name=email,
        user_display_name=name,
        challenge=challenge,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED, user_verification=REQUIRED
        ),
        exclude_credentials=[PublicKeyCredentialDescriptor(id=known) for known in held],
    )
    return options_to_json(options)


def authentication_options(site: Site, challenge: bytes, held: Iterable[bytes] = ()) -> str:
    """What a browser needs to sign in with one of the passkeys, or with any, as JSON."""
    options = generate_authentication_options(
        rp_id=site.host,
        challenge=challenge,
        allow_credentials=[PublicKeyCredentialDescriptor(id=known) for known in held],
        user_verification=REQUIRED,
    )
    return options_to_json(options)


def new_passkey(site: Site, challenge: bytes, answer: str) -> NewPasskey:
    """The passkey that a browser has made. Raises NotVerified."""
    try:
        made = verify_registration_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=site.host,
            expected_origin=site.origin,
            require_user_verification=True,
        )
    except _WRONG as error:
        raise NotVerified(str(error)) from error
    return NewPasskey(made.credential_id, made.credential_public_key, made.sign_count)


def credential_of(answer: str) -> bytes:
    """The id of the passkey that an answer was made with. Raises NotVerified."""
    try:
        return parse_authentication_credential_json(answer).raw_id
    except _WRONG as error:
        raise NotVerified(str(error)) from error


def next_sign_count(
    site: Site, challenge: bytes, answer: str, public_key: bytes, sign_count: int
) -> int:
    """The count of signatures after an answer that holds. Raises NotVerified.

    A count that does not rise tells of a copied passkey, and is refused.
    """
    try:
        verified = verify_authentication_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=site.host,
            expected_origin=site.origin,
            credential_public_key=public_key,
            credential_current_sign_count=sign_count,
            require_user_verification=True,
        )
    except _WRONG as error:
        raise NotVerified(str(error)) from error
    return verified.new_sign_count
