"""Giving a client another profile, inside a transaction."""

from datetime import datetime

from sqlalchemy.orm import Session

from referral_hub.gateways.field_crypto import Vault
from referral_hub.models import Client
from referral_hub.rules.actor import Actor
from referral_hub.rules.client_profile import FIELDS, Profile
from referral_hub.rules.errors import VersionConflict
from referral_hub.rules.profile_check import check_profile
from referral_hub.use_cases.steps.audit import add_audit
from referral_hub.use_cases.steps.client_keys import keep_keys
from referral_hub.use_cases.steps.clients import local_day, profile_of, seal_profile


def require_version(client: Client, version: int) -> None:
    """Raise VersionConflict where somebody else changed the client since `version`."""
    if client.version != version:
        raise VersionConflict(
            "Somebody else changed this client while you were writing. Nothing of yours is "
            "lost: compare, then save again.",
            client.version,
        )


def keep_profile(
    session: Session, actor: Actor, vault: Vault, client: Client, profile: Profile, *, now: datetime
) -> int:
    """Check and keep a profile of a client who is locked, and return the version that it gives."""
    profile = check_profile(profile, local_day(session, client.agency_id, now))
    before = profile_of(vault, client)
    changed = [name for name in FIELDS if getattr(before, name) != getattr(profile, name)]
    if not changed:
        return client.version
    seal_profile(vault, client, profile)
    keep_keys(session, vault, client, profile)
    client.version += 1
    client.changed_at = now
    add_audit(
        session, actor, "client:change", client, agency_id=client.agency_id,
        detail=", ".join(changed), now=now,
    )  # fmt: skip
    return client.version
