"""When a hub is fit to serve."""

from datetime import timedelta

import pytest

from referral_hub.rules.errors import WorkerBehind
from referral_hub.rules.readiness import MOST_LAG, require_worker


def test_a_worker_may_be_behind_for_half_an_hour_and_no_longer() -> None:
    require_worker(timedelta())
    require_worker(MOST_LAG)
    with pytest.raises(WorkerBehind, match="waited for 45 minutes"):
        require_worker(timedelta(minutes=45))
    with pytest.raises(WorkerBehind):
        require_worker(timedelta(minutes=30, seconds=1))
