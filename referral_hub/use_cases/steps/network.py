"""The settings of the network, as they stand."""

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from referral_hub.models import NetworkSetting
from referral_hub.rules.network_settings import SETTINGS, from_stored
from referral_hub.rules.setting_kinds import Value


def network_settings(session: Session) -> dict[str, Value]:
    """The value of every setting."""
    stored = {row.name: row.value for row in session.scalars(select(NetworkSetting))}
    return {
        name: from_stored(name, stored[name]) if name in stored else setting.default
        for name, setting in SETTINGS.items()
    }


def network_setting(session: Session, name: str) -> Value:
    """The value of one setting."""
    row = session.get(NetworkSetting, name)
    return SETTINGS[name].default if row is None else from_stored(name, row.value)


def session_length(session: Session) -> timedelta:
    """How long somebody stays signed in at most."""
    return timedelta(hours=_whole(session, "session_hours"))


def idle_length(session: Session) -> timedelta:
    """How long somebody who does nothing stays signed in."""
    return timedelta(minutes=_whole(session, "idle_minutes"))


def roles_with_second_factor(session: Session) -> tuple[str, ...]:
    """The roles that need a second factor."""
    value = network_setting(session, "second_factor_roles")
    if not isinstance(value, tuple):
        raise TypeError("second_factor_roles is not a choice of roles")
    return value


def _whole(session: Session, name: str) -> int:
    value = network_setting(session, name)
    if not isinstance(value, int):
        raise TypeError(f"{name} is not a whole number")
    return value
