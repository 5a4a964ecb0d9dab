"""Needs are counted once, whichever agencies were asked: beside plain loops over the logs."""

from collections import Counter, defaultdict
from pathlib import Path
from random import Random
from uuid import UUID

import numpy as np
import pytest

from referral_hub.gateways.figures.choosing import everything
from referral_hub.gateways.figures.counting import count_parts
from referral_hub.gateways.figures.folder import FigureFolder
from referral_hub.gateways.figures.needs import (
    AGAIN_DAYS,
    NeedRows,
    again,
    first_choice,
    hops,
    is_out_of_capacity,
    met,
    until_acceptance,
)
from referral_hub.gateways.figures.reading import FigureColumns
from referral_hub.rules.measured_times import End
from referral_hub.rules.measures import ACCEPTED, STILL_OPEN, Part, Standing, standing_of
from referral_hub.rules.time_to_event import Followed, share_by
from tests.gateways.figures.test_counting import EVERYTHING, NETWORK, NOW, TERMS, write
from tests.random_logs import Log, random_logs


def standing(log: Log) -> Standing | None:
    state = log.state
    assert state is not None
    return standing_of(state.status, state.closed_from, accepted=bool(state.accepted_at))


def whole(log: Log) -> int:
    return int(log.sent.sent_at.timestamp())


@pytest.fixture(scope="module", params=[4, 5])
def logs(request: pytest.FixtureRequest) -> list[Log]:
    return random_logs(Random(request.param), 300, NOW)


@pytest.fixture(scope="module")
def needs(logs: list[Log], tmp_path_factory: pytest.TempPathFactory) -> NeedRows:
    folder: Path = tmp_path_factory.mktemp("needs")
    write(folder, logs)
    view = FigureColumns(FigureFolder(folder)).view(None, NOW)
    return NeedRows.of(view, everything(view, EVERYTHING, NETWORK))


@pytest.fixture(scope="module")
def by_need(logs: list[Log]) -> dict[UUID, list[Log]]:
    """The referrals of each need that count, the first sent first."""
    found = defaultdict(list)
    for log in logs:
        if log.state is not None and standing(log) is not None:
            found[log.sent.need_id].append(log)
    return {key: sorted(some, key=lambda log: (whole(log), log.sent.id)) for key, some in found.items()}  # fmt: skip # noqa: E501


def test_each_need_is_there_once_with_all_its_referrals(
    needs: NeedRows, by_need: dict[UUID, list[Log]]
) -> None:
    assert len(needs.first) == len(by_need)
    assert len(needs.rows) == sum(map(len, by_need.values()))
    assert max(map(len, by_need.values())) > 1


def test_a_need_has_one_first_referral_whatever_is_asked_for(needs: NeedRows) -> None:
    """Also where its very first one was entered in error."""
    view, rows = needs.view, everything(needs.view, EVERYTHING, NETWORK)
    receiver = view.referrals["to_agency"][rows]
    parts = [NeedRows.of(view, rows[receiver == each]).first for each in np.unique(receiver)]
    assert sorted(np.concatenate(parts)) == sorted(needs.first)
    assert len(set(view.referrals["need_row"][needs.first])) == len(needs.first)


@pytest.mark.parametrize("or_partly", [False, True])
def test_a_need_is_met_when_any_agency_met_it(
    needs: NeedRows, by_need: dict[UUID, list[Log]], or_partly: bool
) -> None:
    expected: Counter[Part] = Counter()
    enough = {"need_met", "need_partly_met"} if or_partly else {"need_met"}
    for some in by_need.values():
        if NOW.timestamp() - whole(some[0]) < TERMS.follow_up_days * 86_400:
            expected[Part.MATURING] += 1
        elif any(
            standing(log) is Standing.COMPLETED and log.state.reason_code in enough  # type: ignore[union-attr]
            for log in some
        ):
            expected[Part.MET] += 1
        else:
            is_open = any(standing(log) in STILL_OPEN for log in some)
            expected[Part.OPEN if is_open else Part.MISSED] += 1
    assert Counter(count_parts(met(needs, TERMS, or_partly=or_partly))) == expected


def test_the_first_choice_is_the_agency_that_was_tried_first(
    needs: NeedRows, by_need: dict[UUID, list[Log]]
) -> None:
    found = count_parts(first_choice(needs))
    together = sum(
        any(not log.sent.is_choice for log in some)
        for some in by_need.values()
        if NOW.timestamp() - whole(some[0]) >= 20 * 86_400
    )
    assert found[Part.SENT_TOGETHER] == together
    assert sum(found.values()) == len(by_need)
    assert found[Part.MET] > 0


def accepted_at(log: Log) -> int:
    state = log.state
    if state is None or state.accepted_at is None or standing(log) not in ACCEPTED:
        return 0
    return int(state.accepted_at.timestamp())


def test_hops_are_the_agencies_tried_until_one_accepted(
    needs: NeedRows, by_need: dict[UUID, list[Log]]
) -> None:
    expected: Counter[int] = Counter()
    for some in by_need.values():
        accepted = [(accepted_at(log), log) for log in some if accepted_at(log)]
        if accepted:
            first = min(at for at, _ in accepted)
            last_sent = max(whole(log) for at, log in accepted if at == first)
            expected[sum(whole(log) <= last_sent for log in some)] += 1
    assert hops(needs) == dict(expected)


def test_the_time_of_a_need_runs_from_its_first_sending_to_the_first_acceptance(
    needs: NeedRows, by_need: dict[UUID, list[Log]]
) -> None:
    expected = []
    for some in by_need.values():
        first = min(filter(None, map(accepted_at, some)), default=None)
        age = int(NOW.timestamp()) - whole(some[0])
        taken = None if first is None else (first - whole(some[0])) / 86_400
        expected.append(Followed(age / 86_400, taken))
    waited = until_acceptance(needs)
    days = (2, 7, 30, 90)
    assert waited.shares_by(days) == [share_by(day, expected) for day in days]
    found = waited.spells()
    assert sum(spell.number for spell in found) == len(by_need)
    accepted = sum(spell.number for spell in found if spell.end is End.ACCEPTED)
    assert accepted == sum(each.time is not None for each in expected)


def test_there_was_no_place_where_every_agency_said_so(
    needs: NeedRows, by_need: dict[UUID, list[Log]]
) -> None:
    expected = sum(
        all(
            standing(log) is Standing.DECLINED and log.state.reason_code == "no_capacity"  # type: ignore[union-attr]
            for log in some
        )
        for some in by_need.values()
    )
    assert is_out_of_capacity(needs).sum() == expected


def test_a_met_need_came_back_when_the_client_came_with_the_same_within_90_days(
    needs: NeedRows, by_need: dict[UUID, list[Log]]
) -> None:
    firsts = sorted(
        (some[0].sent.client_id, some[0].sent.need_code, whole(some[0]))
        for some in by_need.values()
    )
    expected: Counter[Part] = Counter()
    for some in by_need.values():
        met_at = [
            int(log.state.closed_at.timestamp())  # type: ignore[union-attr]
            for log in some
            if standing(log) is Standing.COMPLETED and log.state.reason_code == "need_met"  # type: ignore[union-attr]
        ]
        if not met_at:
            expected[Part.NOT_MET] += 1
        elif min(met_at) + AGAIN_DAYS * 86_400 > NOW.timestamp():
            expected[Part.MATURING] += 1
        else:
            sent = some[0].sent
            back = any(
                min(met_at) < at <= min(met_at) + AGAIN_DAYS * 86_400
                for client, code, at in firsts
                if (client, code) == (sent.client_id, sent.need_code)
            )
            expected[Part.MET if back else Part.MISSED] += 1
    assert Counter(count_parts(again(needs))) == expected
