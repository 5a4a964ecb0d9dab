"""The columns: what stands in which file, and how values become numbers.

Times are whole seconds since 1970, 0 where there is none; when something was recorded is told in
millionths of a second, since it decides what was known when.
"""

from collections.abc import Collection
from datetime import UTC, datetime
from hashlib import sha256

import numpy as np
from numpy.typing import NDArray

from referral_hub.rules.measured_state import Flow
from referral_hub.rules.measures import Part, Standing
from referral_hub.rules.reason_codes import REASONS_OF
from referral_hub.rules.referral_lifecycle import Status
from referral_hub.rules.referral_waiting import Waits
from referral_hub.rules.referrals import ClientAnswer, Priority

NOTHING = -1
RESPONSE_DAYS = (1, 2, 5, 10)
"""After so many business days one asks who has answered."""

REFERRALS = {
    "id": "V16",
    "need": "V16",
    "need_row": "i4",
    "client": "V16",
    "client_row": "i4",
    "need_code": "i4",
    "area": "i4",
    "service": "i4",
    "from_agency": "i4",
    "to_agency": "i4",
    "from_team": "i4",
    "to_team": "i4",
    "sender": "i4",
    "is_choice": "i1",
    "sent": "u4",
    "decidable": "u4",
    **{f"answer_in_{days}": "u4" for days in RESPONSE_DAYS},
}
"""What never changes. By `decidable` it was decided on or had expired, however long questions held
it up. `need_row` and `client_row` are the first rows of the same need and client; `is_choice` says
that the agencies were tried one after the other."""

TIMES = (
    "since",
    "acknowledged",
    "decided",
    "accepted",
    "contacted",
    "closed",
    "decide_by",
    "due",
)
STATES = {
    "row": "i4",
    "recorded": "i8",
    "flow": "i1",
    "standing": "i1",
    "status": "i1",
    "reason": "i2",
    "priority": "i1",
    "worker": "i4",
    "waits": "i1",
    "is_veiled": "i1",
    "reversals": "i1",
    "stood_still": "u4",
    "still_before": "u4",
    "answer": "i1",
    "attended": "i1",
    "missed": "i1",
    **dict.fromkeys(TIMES, "u4"),
}
TABLES = {"referrals": REFERRALS, "states": STATES}

STANDINGS = tuple(Standing)
STATUSES = tuple(Status)
PRIORITIES = tuple(Priority)
WAITS = tuple(Waits)
FLOWS = tuple(Flow)
PARTS = tuple(Part)
ANSWERS = tuple(ClientAnswer)
REASONS = ("", *sorted({code for codes in REASONS_OF.values() for code in codes}))
"""The order of these is what numbers in the columns mean."""

IDS = ("agency", "team", "person", "service")
TEXTS = ("need_code", "area")
"""What is named by numbers that are given one after the other."""


def layout_digest() -> str:
    """Changes with everything that numbers in the files mean."""
    meaning = repr(
        (TABLES, STANDINGS, STATUSES, PRIORITIES, WAITS, FLOWS, REASONS, ANSWERS, IDS, TEXTS)
    )
    return sha256(meaning.encode()).hexdigest()


def is_one_of(standings: Collection[Standing]) -> NDArray[np.bool_]:
    """For each number of a standing whether it is one of these: faster to look up than to ask."""
    return np.array([each in standings for each in STANDINGS])


def seconds(at: datetime | None) -> int:
    """A time as it stands in a column."""
    return 0 if at is None else max(int(at.timestamp()), 1)


def microseconds(at: datetime) -> int:
    """A time of recording as it stands in its column."""
    return int(np.datetime64(at.astimezone(UTC).replace(tzinfo=None), "us").astype(np.int64))


def time_of(value: int) -> datetime | None:
    """The time that stands in a column."""
    return datetime.fromtimestamp(int(value), UTC) if value else None
