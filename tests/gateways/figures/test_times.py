"""Times of many referrals at once are those that the rules give for each of them, at any time."""

from collections import Counter
from datetime import datetime
from pathlib import Path
from random import Random
from uuid import UUID

import pytest

from referral_hub.gateways.figures.choosing import everything
from referral_hub.gateways.figures.folder import FigureFolder
from referral_hub.gateways.figures.reading import FigureColumns, View
from referral_hub.gateways.figures.times import ENDS, Times, Waited
from referral_hub.rules.measured_state import standstills
from referral_hub.rules.measured_times import (
    TOLD_WITHOUT_STANDING,
    Wait,
    followed_of,
    is_goal,
    spell_of,
)
from referral_hub.rules.time_to_event import Followed, Spell, share_by
from tests.gateways.figures.test_counting import (
    EVERYTHING,
    MOMENTS,
    NETWORK,
    NOW,
    known,
    rows_of,
    write,
)
from tests.random_logs import Log, random_logs

AT_ANY_TIME = pytest.mark.parametrize("at", [None, *MOMENTS])
EACH_WAIT = pytest.mark.parametrize("wait", Wait)
TWICE_TOLD = pytest.mark.parametrize("wait", sorted(TOLD_WITHOUT_STANDING))
_DAY = 86_400


@pytest.fixture(scope="module", params=[1, 2])
def logs(request: pytest.FixtureRequest) -> list[Log]:
    return random_logs(Random(request.param), 400, NOW)


@pytest.fixture(scope="module")
def folder(logs: list[Log], tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("times")
    write(path, logs)
    return path


def view_at(folder: Path, at: datetime | None) -> View:
    return FigureColumns(FigureFolder(folder)).view(at, NOW)


def waited(view: View, wait: Wait) -> Waited:
    return Times(view, everything(view, EVERYTHING, NETWORK)).waited(wait)


def spells_by_rule(
    logs: list[Log], wait: Wait, at: datetime | None, *, moving: bool = False
) -> dict[UUID, Spell]:
    """How long each waited that began to."""
    found = {}
    for key, log in known(logs, at).items():
        assert log.state is not None
        still = standstills(log.events) if moving else ()
        spell = spell_of(wait, log.state, at or NOW, still)
        if spell is not None:
            found[key] = spell
    return found


def check(view: View, found: Waited, expected: dict[UUID, Spell]) -> None:
    """Each took as long as the rules say, but for parts of seconds, which columns do not know."""
    row_of = rows_of(view)
    by_row = {row_of[key]: spell for key, spell in expected.items()}
    assert set(found.rows.tolist()) == set(by_row)
    for row, took, ended in zip(found.rows, found.took, found.ended, strict=True):
        assert ENDS[ended] == by_row[row].end
        assert took / _DAY == pytest.approx(by_row[row].time, abs=5 / _DAY)


@AT_ANY_TIME
@EACH_WAIT
def test_each_referral_waits_as_long_as_the_rules_say(
    folder: Path, logs: list[Log], wait: Wait, at: datetime | None
) -> None:
    view = view_at(folder, at)
    check(view, waited(view, wait), spells_by_rule(logs, wait, at))


@AT_ANY_TIME
@TWICE_TOLD
def test_the_time_of_standing_still_goes_out_as_the_rules_say(
    folder: Path, logs: list[Log], wait: Wait, at: datetime | None
) -> None:
    view = view_at(folder, at)
    moving = waited(view, wait).moving
    assert moving is not None
    check(view, moving, spells_by_rule(logs, wait, at, moving=True))


@TWICE_TOLD
def test_among_random_logs_some_stood_still(logs: list[Log], wait: Wait) -> None:
    """Some that reached the goal, and some that did not: so the test above compares them."""
    moving = spells_by_rule(logs, wait, None, moving=True)
    shorter = Counter(
        is_goal(wait, spell.end)
        for key, spell in spells_by_rule(logs, wait, None).items()
        if moving[key].time < spell.time
    )
    assert min(shorter[True], shorter[False]) >= 3


@pytest.mark.parametrize("wait", sorted({*Wait} - TOLD_WITHOUT_STANDING))
def test_other_waits_are_told_in_one_way(folder: Path, wait: Wait) -> None:
    assert waited(view_at(folder, None), wait).moving is None


@EACH_WAIT
def test_spells_are_counted_by_the_hour_and_after_two_weeks_by_the_day(
    folder: Path, wait: Wait
) -> None:
    found = waited(view_at(folder, None), wait)
    expected = Counter(
        (_over_by(int(took)), ENDS[ended])
        for took, ended in zip(found.took, found.ended, strict=True)
    )
    assert {(each.time, each.end): each.number for each in found.spells()} == expected


def _over_by(seconds: int) -> float:
    """After how many days so much time is over."""
    hours = -(-seconds // 3600)
    return hours / 24 if hours <= 14 * 24 else -(-seconds // _DAY)


@AT_ANY_TIME
@EACH_WAIT
def test_plain_shares_are_of_those_that_began_so_long_ago(
    folder: Path, logs: list[Log], wait: Wait, at: datetime | None
) -> None:
    days = (2, 7, 30, 90)
    followed = [
        Followed(_whole(found.age), found.time and _whole(found.time))
        for log in known(logs, at).values()
        if log.state and (found := followed_of(wait, log.state, at or NOW)) is not None
    ]
    found = waited(view_at(folder, at), wait)
    assert found.shares_by(days) == [share_by(day, followed) for day in days]


def _whole(days: float) -> float:
    """To the second, as columns have it."""
    return round(days * _DAY) / _DAY
