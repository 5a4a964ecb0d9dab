"""Id tokens of agencies' providers: believed only when everything about them holds."""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from authlib.oidc.core.util import create_half_hash
from joserfc import jwk, jws
from joserfc.errors import JoseError

from referral_hub.auth.provider_discovery import refused
from referral_hub.rules.sign_in import ATTEMPT_LENGTH
from referral_hub.rules.single_sign_on import ALGORITHMS, LEEWAY, MOST_SUBJECT, Proof, Refusal

LEAST_RSA = 2048
_MOST_TIME = 10**12
_KEY_TYPE = {"ES256": "EC", "RS256": "RSA", "PS256": "RSA"}
# Providers put header parameters of their own into tokens; those marked critical are refused.
_REGISTRY = jws.JWSRegistry(algorithms=list(ALGORITHMS), strict_check_header=False)

Claims = Mapping[str, Any]


def verified_proof(
    token: str,
    keys: Sequence[Mapping[str, Any]],
    *,
    issuer: str,
    client_id: str,
    nonce: str,
    access_token: str,
    now: datetime,
) -> Proof:
    """What an id token proves that is meant for the hub and for this one sign-in.

    Raises SingleSignOnRefused, with the first thing that does not hold.
    """
    algorithm, claims = _opened(token, keys)
    if claims.get("iss") != issuer:
        raise refused(Refusal.ISSUER, "The provider's answer is that of another issuer.")
    _check_audience(claims, client_id)
    _check_times(claims, now)
    if claims.get("nonce") != nonce:
        raise refused(Refusal.NONCE, "The provider's answer belongs to another sign-in.")
    if "at_hash" in claims:
        expected = create_half_hash(access_token, algorithm).decode()
        if claims["at_hash"] != expected:
            raise refused(Refusal.ACCESS_TOKEN, "The parts of the answer do not fit together.")
    subject = claims.get("sub")
    if not isinstance(subject, str) or not _is_name(subject):
        raise refused(Refusal.SUBJECT, "The provider's answer does not say who signed in.")
    return Proof(subject, _proved_at(claims, now))


def _proved_at(claims: Claims, now: datetime) -> datetime | None:
    """When people proved who they are, if that is said; never later than now."""
    if "auth_time" not in claims:
        return None
    return datetime.fromtimestamp(min(_number(claims["auth_time"]), now.timestamp()), UTC)


def _is_name(subject: str) -> bool:
    """OpenID Connect allows up to 255 ASCII characters."""
    return 0 < len(subject) <= MOST_SUBJECT and subject.isascii() and subject.isprintable()


def _opened(token: str, keys: Sequence[Mapping[str, Any]]) -> tuple[str, Claims]:
    """Algorithm and claims of a token whose signature is good."""
    try:
        opened = jws.extract_compact(token.encode(), registry=_REGISTRY)
        header = opened.headers()
    except (JoseError, ValueError) as error:
        raise refused(Refusal.TOKEN, "The provider's answer holds no id token.") from error
    algorithm = header.get("alg")
    if algorithm not in ALGORITHMS:
        raise refused(Refusal.ALGORITHM, "The provider signs in a way that is not allowed.")
    key = _key_for(algorithm, header.get("kid"), keys)
    try:
        is_good = jws.validate_compact(opened, key, list(ALGORITHMS), _REGISTRY)
        claims = json.loads(opened.payload)
    except (JoseError, ValueError, RecursionError) as error:
        raise refused(Refusal.SIGNATURE, _UNSIGNED) from error
    if not is_good or not isinstance(claims, dict):
        raise refused(Refusal.SIGNATURE, _UNSIGNED)
    return algorithm, claims


_UNSIGNED = "The signature of the provider's answer is not right."


def _key_for(
    algorithm: str, key_id: object, keys: Sequence[Mapping[str, Any]]
) -> jwk.ECKey | jwk.RSAKey:
    """The one key that fits. A token that names no key is good only where there is no choice."""
    fitting = [
        key
        for key in keys
        if key.get("kty") == _KEY_TYPE[algorithm]
        and key.get("use", "sig") == "sig"
        and key.get("alg", algorithm) == algorithm
        and (key_id is None or key.get("kid") == key_id)
    ]
    if len(fitting) != 1:
        raise refused(Refusal.KEY, "The provider publishes no key that fits its answer.")
    try:
        key = jwk.import_key(dict(fitting[0]))
    except (JoseError, ValueError, TypeError, KeyError) as error:
        raise refused(Refusal.KEY, "The provider's key cannot be read.") from error
    if isinstance(key, jwk.ECKey):
        return key
    if isinstance(key, jwk.RSAKey) and key.public_key.key_size >= LEAST_RSA:
        return key
    raise refused(Refusal.KEY, "The provider's key is too weak.")


def _check_audience(claims: Claims, client_id: str) -> None:
    named = claims.get("aud")
    audience = named if isinstance(named, list) else [named]
    party = claims.get("azp", client_id if len(audience) == 1 else None)
    if client_id not in audience or party != client_id:
        raise refused(Refusal.AUDIENCE, "The provider's answer is for another application.")


def _check_times(claims: Claims, now: datetime) -> None:
    """Not over, not from the future, and made for a sign-in that can still be under way."""
    at, leeway = now.timestamp(), LEEWAY.total_seconds()
    expires, issued = _number(claims.get("exp")), _number(claims.get("iat"))
    begins = _number(claims.get("nbf", 0))
    oldest = at - leeway - ATTEMPT_LENGTH.total_seconds()
    if expires <= at - leeway or begins > at + leeway or not oldest <= issued <= at + leeway:
        raise refused(Refusal.TIME, "The provider's answer is too old, or its clock is wrong.")


def _number(value: object) -> float:
    """A time in seconds. Raises SingleSignOnRefused for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < _MOST_TIME:
        raise refused(Refusal.TIME, "The provider's answer does not say how long it holds.")
    return float(value)
