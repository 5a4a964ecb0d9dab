"""The settings of the network: seeing and changing them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from uuid import UUID

from sqlalchemy.orm import Session

from referral_hub.models import NetworkSetting
from referral_hub.rules.actor import Actor, actor_label
from referral_hub.rules.network_settings import SETTINGS, Setting, read_settings
from referral_hub.rules.permissions import Permission, require
from referral_hub.rules.setting_kinds import Value
from referral_hub.use_cases.steps.audit import add_audit
from referral_hub.use_cases.steps.holiday_regions import check_region
from referral_hub.use_cases.steps.network import network_setting, network_settings
from referral_hub.use_cases.transaction import transaction


@dataclass(frozen=True, slots=True)
class SettingView:
    """A setting with its value."""

    setting: Setting
    value: Value

    @property
    def is_default(self) -> bool:
        """Whether the network left it as it comes."""
        return self.value == self.setting.default


@dataclass(frozen=True, slots=True)
class SettingGroup:
    """Settings that belong together."""

    title: str
    settings: tuple[SettingView, ...]


def list_settings(session: Session, actor: Actor) -> tuple[SettingGroup, ...]:
    """All settings of the network, in groups."""
    require(actor, Permission.NETWORK_READ)
    values = network_settings(session)
    return tuple(
        SettingGroup(title, tuple(SettingView(each, values[each.name]) for each in members))
        for title, members in groupby(SETTINGS.values(), key=lambda setting: setting.group)
    )


def agreement_title(session: Session, actor: Actor, agency_id: UUID) -> str:
    """The name of the agreement that agencies sign."""
    require(actor, Permission.AGENCY_READ, agency_id)
    return str(network_setting(session, "agreement_title"))


def change_settings(
    session: Session, actor: Actor, sent: Mapping[str, Sequence[str]], *, now: datetime
) -> tuple[str, ...]:
    """Change the settings to what a form sent, and return the names of those that changed.

    Raises InvalidInput naming each setting at fault; then nothing is changed.
    """
    require(actor, Permission.NETWORK_CHANGE)
    values = read_settings(sent)
    check_region(str(values["holiday_region"]))
    with transaction(session):
        before = network_settings(session)
        changed = tuple(name for name, value in values.items() if value != before[name])
        for name in changed:
            _store(session, actor, name, values[name], now)
        if changed:
            detail = ", ".join(changed)
            add_audit(session, actor, "network:change", detail=detail, now=now)
    return changed


def _store(session: Session, actor: Actor, name: str, value: Value, now: datetime) -> None:
    """Only what differs from the default is kept."""
    row = session.get(NetworkSetting, name)
    if value == SETTINGS[name].default:
        if row is not None:
            session.delete(row)
        return
    if row is None:
        row = NetworkSetting(name=name)
        session.add(row)
    row.value = list(value) if isinstance(value, tuple) else value
    row.changed_by = actor_label(actor)
    row.changed_at = now
