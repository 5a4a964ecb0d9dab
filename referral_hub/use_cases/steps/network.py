"""The settings of the network, as they stand."""

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
