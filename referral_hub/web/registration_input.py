"""The form by which an application is registered."""

import json
from collections.abc import Mapping
from typing import Any

from werkzeug.datastructures import MultiDict

from referral_hub.rules.errors import InvalidInput
from referral_hub.rules.registration import Registration
from referral_hub.rules.scopes import Scope, scopes_of


def read_registration(form: MultiDict[str, str]) -> Registration:
    """What was typed in. Raises InvalidInput for what cannot even be read."""
    return Registration(
        name=form.get("name", ""),
        purpose=form.get("purpose", ""),
        authentication=form.get("authentication", ""),
        grants=frozenset(form.getlist("grants")),
        scopes=_read_scopes(form.getlist("scopes")),
        redirect_uris=tuple(form.get("redirect_uris", "").split()),
        logout_uris=tuple(form.get("logout_uris", "").split()),
        jwks=read_keys(form.get("jwks", "")),
        jwks_uri=form.get("jwks_uri", "").strip() or None,
        id_token_algorithm=form.get("id_token_algorithm", ""),
    )


def _read_scopes(chosen: list[str]) -> frozenset[Scope]:
    try:
        return scopes_of(" ".join(chosen))
    except InvalidInput as error:
        raise InvalidInput(error.message, {"scopes": error.message}) from error


def read_keys(text: str) -> Mapping[str, Any] | None:
    """Keys as JSON; None where there are none. Raises InvalidInput."""
    if not text.strip():
        return None
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise InvalidInput("The keys cannot be read.", {"jwks": "This is not JSON."}) from error
    if not isinstance(found, dict):
        raise InvalidInput("The keys cannot be read.", {"jwks": "This is not a set of keys."})
    return found
