"""What an agency is asked about one of its listings."""

from collections.abc import Mapping
from enum import StrEnum

LINK_NOT_VALID = (
    "This link cannot be used any more. Sign in and open Listings, or wait for the next mail."
)


class AskKind(StrEnum):
    """What the question is about; a service has at most one of each."""

    REVIEW = "review"
    CAPACITY = "capacity"


class AskReason(StrEnum):
    """Why the question came up."""

    DUE = "due"
    AGED = "aged"
    DECLINED = "declined"


REASON_WORDS: Mapping[AskReason, str] = {
    AskReason.DUE: "Nobody has confirmed this listing for a while.",
    AskReason.AGED: "What was said about room is getting old.",
    AskReason.DECLINED: "Two referrals were declined within a week because there was no room.",
}
