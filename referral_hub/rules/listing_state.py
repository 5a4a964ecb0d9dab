"""Where a service's listing stands, from draft to retired, and who may move it on: one table.

What everybody sees follows from HSDS `status` and from `visibility`; the hub adds to that only
whether a listing waits for review.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from referral_hub.rules.errors import Conflict, InvalidInput

PUBLIC, HIDDEN = "public", "hidden"
MOST_NOTE = 500


class ListingState(StrEnum):
    """What a listing is to its agency."""

    DRAFT = "draft"
    IN_REVIEW = "in_review"
    PUBLISHED = "published"
    PAUSED = "paused"
    RETIRED = "retired"


class ListingMove(StrEnum):
    """What can be done to a listing as a whole."""

    PUBLISH = "publish"
    SUBMIT = "submit"
    WITHDRAW = "withdraw"
    RETURN = "return"
    PAUSE = "pause"
    RESUME = "resume"
    RETIRE = "retire"
    REOPEN = "reopen"


@dataclass(frozen=True, slots=True)
class MoveRule:
    """From which states a move starts, where it leads, and what it needs.

    `status` and `visibility` are what the service's record says then; None: as before.
    """

    starts: frozenset[ListingState]
    leads_to: ListingState
    label: str
    done: str
    status: str | None = None
    visibility: str | None = None
    needs_note: bool = False
    by_steward: bool = False


_S = ListingState
MOVES: Mapping[ListingMove, MoveRule] = {
    ListingMove.PUBLISH: MoveRule(
        frozenset({_S.DRAFT, _S.IN_REVIEW}), _S.PUBLISHED, "Publish",
        "The listing is published. Everybody can find it now.", "active", PUBLIC,
    ),
    ListingMove.SUBMIT: MoveRule(
        frozenset({_S.DRAFT}), _S.IN_REVIEW, "Send for review",
        "The listing waits for a network steward, who looks at it before it is published.",
    ),
    ListingMove.WITHDRAW: MoveRule(
        frozenset({_S.IN_REVIEW}), _S.DRAFT, "Take back from review",
        "The listing is a draft again.",
    ),
    ListingMove.RETURN: MoveRule(
        frozenset({_S.IN_REVIEW}), _S.DRAFT, "Send back with a note",
        "The listing went back to its agency with your note.", needs_note=True, by_steward=True,
    ),
    ListingMove.PAUSE: MoveRule(
        frozenset({_S.PUBLISHED}), _S.PAUSED, "Pause",
        "The listing is paused. Its page says so, and it takes no referrals.",
        "temporarily closed", needs_note=True,
    ),
    ListingMove.RESUME: MoveRule(
        frozenset({_S.PAUSED}), _S.PUBLISHED, "End the pause",
        "The listing is open again.", "active",
    ),
    ListingMove.RETIRE: MoveRule(
        frozenset({_S.DRAFT, _S.PUBLISHED, _S.PAUSED}), _S.RETIRED, "Retire",
        "The listing is retired. It is found no more; referrals that were made to it stay.",
        "defunct",
    ),
    ListingMove.REOPEN: MoveRule(
        frozenset({_S.RETIRED}), _S.DRAFT, "Make it a draft again",
        "The listing is a draft again. Look it over before you publish it.", "active", HIDDEN,
    ),
}  # fmt: skip

STATE_LABEL: Mapping[ListingState, str] = {
    ListingState.DRAFT: "Draft",
    ListingState.IN_REVIEW: "In review",
    ListingState.PUBLISHED: "Published",
    ListingState.PAUSED: "Paused",
    ListingState.RETIRED: "Retired",
}
STATE_MEANING: Mapping[ListingState, str] = {
    ListingState.DRAFT: "Only your agency and the network's stewards see it.",
    ListingState.IN_REVIEW: "A network steward looks at it before it is published.",
    ListingState.PUBLISHED: "Everybody can find it.",
    ListingState.PAUSED: "Everybody can find it. Its page says that it is closed for now.",
    ListingState.RETIRED: "Nobody finds it any more. Who has its address reads that it has ended.",
}


def state_of(status: str, visibility: str, *, waits: bool) -> ListingState:
    """Where a service stands; `waits` says that it was sent for review."""
    if status in ("inactive", "defunct"):
        return ListingState.RETIRED
    if visibility != PUBLIC:
        return ListingState.IN_REVIEW if waits else ListingState.DRAFT
    return ListingState.PAUSED if status == "temporarily closed" else ListingState.PUBLISHED


def review_words(state: ListingState, *, reviewed: bool, is_steward: bool) -> str:
    """What a steward looks at in this network, and what not; empty where nobody looks."""
    if not reviewed or is_steward or state is ListingState.RETIRED:
        return ""
    looked = "In this network a steward looks at a listing before it is published."
    if state in (ListingState.DRAFT, ListingState.IN_REVIEW):
        return f"{looked} Nobody looks at what you change after that."
    return f"{looked} What you change now is seen by everybody at once, without another look."


def offered(state: ListingState, *, reviewed: bool, is_steward: bool) -> tuple[ListingMove, ...]:
    """The moves that somebody who may change the listing can make now.

    `reviewed` says that the network wants a steward to look first. Stewards need nobody's leave.
    """
    return tuple(
        move
        for move, rule in MOVES.items()
        if state in rule.starts
        and (is_steward or not rule.by_steward)
        and (move is not ListingMove.PUBLISH or is_steward or not reviewed)
        and (move is not ListingMove.SUBMIT or (reviewed and not is_steward))
    )


def check_move(
    move: ListingMove, state: ListingState, note: str, *, reviewed: bool, is_steward: bool
) -> MoveRule:
    """The rule of a move. Raises Conflict where it cannot be made, InvalidInput without a note
    that it needs."""
    if move not in offered(state, reviewed=reviewed, is_steward=is_steward):
        raise Conflict(
            f"This cannot be done now: the listing is {STATE_LABEL[state].lower()}. "
            "Look at it again."
        )
    rule = MOVES[move]
    if rule.needs_note and not note:
        raise InvalidInput("Say why, in a few words.", {"note": "Say why, in a few words."})
    if len(note) > MOST_NOTE:
        message = f"Use at most {MOST_NOTE} characters."
        raise InvalidInput(message, {"note": message})
    return rule
