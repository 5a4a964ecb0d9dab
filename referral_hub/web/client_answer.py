"""A client as the API answers it, and a profile as it takes it."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from referral_hub.rules.client_profile import FIELDS
from referral_hub.schemas.client import ClientSchema
from referral_hub.use_cases.client_views import ClientView

_SCHEMA = ClientSchema()


def whole_client(view: ClientView) -> dict[str, Any]:
    """A client with needs and household, the fields of the profile among the others."""
    own = {name: getattr(view, name, None) for name in _SCHEMA.fields}
    household = [
        asdict(each.profile) | {"id": each.id, "since": each.since, "until": each.until}
        for each in view.household
    ]
    values = own | asdict(view.profile) | {"household": household}
    return dict(_SCHEMA.dump(values))


def profile_values(values: Mapping[str, Any]) -> dict[str, Any]:
    """What was sent of a profile, as the rules have it: lists cannot change."""
    return {
        name: tuple(value) if isinstance(value, list) else value
        for name, value in values.items()
        if name in FIELDS
    }
