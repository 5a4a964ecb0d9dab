"""When a service changed, as its source and the hub know it."""

import pytest

from referral_hub.rules.last_modified import later_of

HERE = "2026-01-02T10:00:00+00:00"


@pytest.mark.parametrize(
    ("here", "said", "stands"),
    [
        (None, None, None),
        (HERE, None, HERE),
        (None, HERE, HERE),
        (HERE, "2026-01-02", HERE),
        (HERE, "2026-01-02T10:00:00.001Z", "2026-01-02T10:00:00.001Z"),
        (HERE, "2026-01-02T09:30:00-01:00", "2026-01-02T09:30:00-01:00"),
        ("last spring", "2020-01-01", "2020-01-01"),
        (HERE, HERE, HERE),
    ],
)  # fmt: skip
def test_the_later_one_stands(here: str | None, said: str | None, stands: str | None) -> None:
    assert later_of(here, said) == stands
