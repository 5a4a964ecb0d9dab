"""The settings of the network: read by stewards, changed all at once, stored when they differ."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from referral_hub.models import NetworkSetting, SignInSession
from referral_hub.rules.actor import Person as PersonActing
from referral_hub.rules.errors import InvalidInput, NotPermitted
from referral_hub.rules.network_settings import SETTINGS, read_settings
from referral_hub.rules.setting_kinds import Value
from referral_hub.rules.sign_in import IDLE_LENGTH, SESSION_LENGTH
from referral_hub.use_cases.network_settings import change_settings, list_settings
from referral_hub.use_cases.steps.network import network_setting, network_settings
from tests.network import ADMINISTRATOR, STEWARD, Network

Form = dict[str, Sequence[str]]


def form(**changed: Sequence[str]) -> Form:
    """What the page sends when somebody changes only this."""
    return {name: as_sent(setting.default) for name, setting in SETTINGS.items()} | changed


def as_sent(value: Value) -> Sequence[str]:
    return list(value) if isinstance(value, tuple) else [str(value)]


@pytest.fixture
def steward(session: Session) -> PersonActing:
    return Network(session).person("Stella Steward", None, STEWARD)


def test_every_setting_has_a_label_a_meaning_and_a_default_that_it_allows() -> None:
    for name, setting in SETTINGS.items():
        assert name == setting.name
        assert setting.label
        assert setting.explanation.endswith(".")
        assert setting.kind.read(as_sent(setting.default)) == setting.default
    assert len({(each.group, each.label) for each in SETTINGS.values()}) == len(SETTINGS)


def test_nothing_is_stored_while_everything_is_as_it_comes(
    session: Session, steward: PersonActing, now: datetime
) -> None:
    assert change_settings(session, steward, form(), now=now) == ()
    assert session.scalars(select(NetworkSetting)).all() == []
    assert Network(session).audited() == []


def test_a_change_is_stored_and_going_back_removes_it(
    session: Session, steward: PersonActing, now: datetime
) -> None:
    sent = form(decide_urgent=["24"], second_factor_roles=[], weight_travel=["1.5"])
    changed = change_settings(session, steward, sent, now=now)
    assert set(changed) == {"decide_urgent", "second_factor_roles", "weight_travel"}
    assert network_setting(session, "decide_urgent") == 24
    assert network_setting(session, "second_factor_roles") == ()
    assert network_settings(session)["weight_travel"] == 1.5
    assert {row.name for row in session.scalars(select(NetworkSetting))} == set(changed)
    assert Network(session).audited() == ["network:change"]
    change_settings(session, steward, form(), now=now)
    assert session.scalars(select(NetworkSetting)).all() == []


@pytest.mark.parametrize(
    ("name", "sent"),
    [
        ("session_hours", ["13"]),
        ("session_hours", ["0"]),
        ("session_hours", ["1.5"]),
        ("session_hours", [""]),
        ("session_hours", ["٣"]),
        ("idle_minutes", ["61"]),
        ("weight_acuity", ["nan"]),
        ("weight_acuity", ["-1"]),
        ("weight_acuity", ["x"]),
        ("second_factor_roles", ["god"]),
        ("completion_housing", ["never"]),
        ("agreement_title", ["  "]),
        ("agreement_title", ["a\x00b"]),
        ("agreement_title", ["x" * 121]),
        ("time_zone", ["Chicago"]),
        ("time_zone", ["posixrules"]),
        ("time_zone", ["../../etc/passwd"]),
        ("holiday_region", ["US-ZZ"]),
        ("holiday_region", ["us"]),
        ("working_days", []),
        ("working_days", ["7"]),
        ("opens_at", ["12:00"]),
        ("closes_at", ["11:30"]),
        ("decide_routine", ["0"]),
        ("decide_routine", ["91"]),
    ],
)
def test_one_wrong_setting_is_named_and_nothing_is_changed(
    session: Session, steward: PersonActing, name: str, sent: list[str], now: datetime
) -> None:
    with pytest.raises(InvalidInput) as error:
        change_settings(
            session, steward, form(listing_review_days=["300"], **{name: sent}), now=now
        )
    assert set(error.value.fields) == {name}
    assert network_setting(session, "listing_review_days") == 180


def test_a_form_that_lacks_fields_changes_nothing(
    session: Session, steward: PersonActing, now: datetime
) -> None:
    with pytest.raises(InvalidInput):
        change_settings(session, steward, {}, now=now)


def test_no_network_makes_sessions_longer_than_the_guideline_allows() -> None:
    hours, minutes = SETTINGS["session_hours"].kind, SETTINGS["idle_minutes"].kind
    assert hours.read([str(SESSION_LENGTH.seconds // 3600)])
    assert minutes.read([str(IDLE_LENGTH.seconds // 60)])
    for kind, most in ((hours, SESSION_LENGTH.seconds // 3600), (minutes, 60)):
        with pytest.raises(ValueError, match="whole number"):
            kind.read([str(most + 1)])


def test_a_stored_value_that_fits_no_longer_counts_as_the_default(
    session: Session, now: datetime
) -> None:
    for name, value in (("session_hours", 99), ("completion_legal", None), ("old_setting", 1)):
        session.add(NetworkSetting(name=name, value=value, changed_by="test", changed_at=now))
    session.commit()
    values = network_settings(session)
    assert values["session_hours"] == 12
    assert values["completion_legal"] == "begun"
    assert set(values) == set(SETTINGS)


def test_only_stewards_see_and_change_settings(session: Session, now: datetime) -> None:
    admin = PersonActing(uuid4(), uuid4(), frozenset({ADMINISTRATOR}))
    with pytest.raises(NotPermitted):
        list_settings(session, admin)
    with pytest.raises(NotPermitted):
        change_settings(session, admin, form(), now=now)


def test_the_page_shows_each_setting_once(session: Session, steward: PersonActing) -> None:
    groups = list_settings(session, steward)
    names = [each.setting.name for group in groups for each in group.settings]
    assert sorted(names) == sorted(SETTINGS)
    assert len({group.title for group in groups}) == len(groups)
    assert all(each.is_default for group in groups for each in group.settings)


@settings(max_examples=200, suppress_health_check=[HealthCheck.too_slow])
@given(st.dictionaries(st.sampled_from(sorted(SETTINGS)), st.lists(st.text(), max_size=3)))
def test_whatever_is_sent_is_taken_or_named(sent: dict[str, list[str]]) -> None:
    faults: set[str] = set()
    values: dict[str, Value] = {}
    try:
        values = read_settings(form() | sent)
    except InvalidInput as error:
        faults = set(error.fields)
    assert faults <= set(sent)
    assert bool(faults) is not bool(values)
    for name, value in values.items():
        assert SETTINGS[name].kind.read(as_sent(value)) == value


def test_sessions_last_as_long_as_the_network_says(
    session: Session, steward: PersonActing, now: datetime
) -> None:
    network = Network(session)
    minutes = [timedelta(minutes=number) for number in (9, 10, 59, 60)]

    def counts() -> list[bool]:
        """After how long without activity a session of two hours still counts."""
        cookies = [network.sign_in(steward.person_id, None) for _ in minutes]
        return [
            network.acts(cookie, now + idle) is not None
            for cookie, idle in zip(cookies, minutes, strict=True)
        ]

    assert counts() == [True, True, True, False]
    sent = form(idle_minutes=["10"], session_hours=["1"])
    change_settings(session, steward, sent, now=now)
    assert counts() == [True, False, False, False]
    network.sign_in(steward.person_id, None)
    held = session.scalars(select(SignInSession).order_by(SignInSession.expires_at)).first()
    assert held is not None
    assert held.expires_at == now + timedelta(hours=1)
