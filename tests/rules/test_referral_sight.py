"""Who reads what of a referral follows from where it stands."""

import pytest

from referral_hub.rules.referral_lifecycle import OPEN, Status
from referral_hub.rules.referral_sight import is_over, is_readable

NEVER = {Status.DRAFT, Status.VOIDED}


@pytest.mark.parametrize("status", Status)
def test_who_accepted_keeps_what_they_got_and_others_read_while_it_waits_for_them(
    status: Status,
) -> None:
    assert is_readable(status, accepted=True) == (status not in NEVER)
    assert is_readable(status, accepted=False) == (status in OPEN)


@pytest.mark.parametrize("status", Status)
def test_what_can_come_back_is_hidden_and_not_closed(status: Status) -> None:
    ended = {Status.WITHDRAWN, Status.EXPIRED, Status.VOIDED, Status.COMPLETED}
    assert is_over(status, accepted=False) == (status in ended)
    assert is_over(status, accepted=True) == (status is Status.VOIDED)
