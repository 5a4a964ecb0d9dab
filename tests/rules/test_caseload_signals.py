"""When a caseload asks for a talk, and who hears of it when."""

from datetime import UTC, datetime, timedelta

import pytest

from referral_hub.rules.caseload_signals import (
    Limits,
    Reason,
    limits_of,
    reasons_for,
    supervisor_sees,
)
from referral_hub.rules.caseload_weights import Band, Load
from referral_hub.rules.network_settings import SETTINGS

NOW = datetime(2026, 11, 30, 16, tzinfo=UTC)
BAND, LIMITS = Band(90, 150), Limits(0.4, timedelta(days=3))


@pytest.mark.parametrize(
    ("load", "reasons"),
    [
        (Load(10, 100, 0, 4), (Reason.TRAUMA,)),
        (Load(10, 100, 0, 3), ()),
        (Load(2, 20, 0, 2), ()),
        (Load(10, 150, 0, 0), ()),
        (Load(10, 150.1, 0, 0), (Reason.LOAD,)),
        (Load(10, 151, 0, 10), (Reason.TRAUMA, Reason.LOAD)),
        (Load(), ()),
    ],
)
def test_many_hard_cases_or_a_load_above_the_band_ask_for_a_talk(
    load: Load, reasons: tuple[Reason, ...]
) -> None:
    assert reasons_for(load, BAND, LIMITS) == reasons


def test_a_signal_is_the_workers_own_for_some_days_unless_they_share_it() -> None:
    just_before = NOW - timedelta(days=3) + timedelta(seconds=1)
    assert not supervisor_sees(just_before, None, LIMITS, NOW)
    assert supervisor_sees(NOW - timedelta(days=3), None, LIMITS, NOW)
    assert supervisor_sees(NOW, NOW, LIMITS, NOW)


def test_a_network_says_how_long_and_from_which_share() -> None:
    settings = {name: setting.default for name, setting in SETTINGS.items()}
    assert limits_of(settings) == LIMITS
    changed = settings | {"caseload_trauma_share": 60, "caseload_signal_days": 7}
    assert limits_of(changed) == Limits(0.6, timedelta(days=7))
