"""What each side learns of an event, over the whole cube: kind, draft or not, who acted, side."""

from itertools import product

import pytest

from referral_hub.rules.event_sight import Sight, sight_of
from referral_hub.rules.referral_lifecycle import Move, Part, Side, Status
from referral_hub.rules.referral_parts import SIDES
from referral_hub.rules.referrals import Fact

SENDER, RECEIVER = Side.SENDER, Side.RECEIVER
KINDS = [*map(str, Move), *map(str, Fact)]
SENDING = ["send", "send_next", "forward", "resend"]
OWN_WORDS = ["send", "send_next", "forward"]
"""With these the sender notes something for its own agency."""
HIDDEN = [
    "assigned", "conflict_checked", "client_confirmed", "decline_proposed", "decline_returned",
]  # fmt: skip
OF_RECEIVER = ["assigned", "conflict_checked", "decline_proposed", "decline_returned"]
BARE = ["contacted", "appointment"]
STEPS = [("draft", "draft"), ("draft", "sent"), ("draft", "withdrawn"), ("sent", "sent"),
         ("accepted", "completed")]  # fmt: skip


def others(side: Side) -> frozenset[Part]:
    """Who does not act for a side."""
    return frozenset(Part) - SIDES[side]


@pytest.mark.parametrize("kind", KINDS)
def test_a_side_sees_what_it_did_itself(kind: str) -> None:
    for side, closed in product(Side, (True, False)):
        for part in SIDES[side]:
            assert sight_of(kind, "sent", "sent", part, side, closed=closed) is Sight.WHOLE


@pytest.mark.parametrize("kind", KINDS)
def test_a_draft_is_the_senders_alone(kind: str) -> None:
    for step, part in product(STEPS, Part):
        of_draft = step[1] == "draft" or (step[0] == "draft" and kind not in SENDING)
        hidden = (kind in OF_RECEIVER and part in SIDES[SENDER]) or (
            kind == "client_confirmed" and part not in SIDES[RECEIVER]
        )
        seen = sight_of(kind, *step, part, RECEIVER)
        assert (seen is Sight.NOTHING) == (of_draft or hidden), (step, part)


@pytest.mark.parametrize("kind", KINDS)
def test_what_a_side_does_inside_its_house_the_other_does_not_see(kind: str) -> None:
    for side in Side:
        (other,) = set(Side) - {side}
        for part in SIDES[side]:
            seen = sight_of(kind, "sent", "sent", part, other)
            if kind in HIDDEN:
                assert seen is Sight.NOTHING
            elif kind in BARE or (side is SENDER and kind in OWN_WORDS):
                assert seen is Sight.BARE
            else:
                assert seen is Sight.WHOLE


def test_what_a_client_says_by_its_link_is_the_senders() -> None:
    for part in others(SENDER) & others(RECEIVER):
        seen = [sight_of("client_confirmed", "accepted", "accepted", part, side) for side in Side]
        assert dict(zip(Side, seen, strict=True)) == {SENDER: Sight.WHOLE, RECEIVER: Sight.NOTHING}


@pytest.mark.parametrize("kind", OF_RECEIVER)
def test_what_the_hub_does_for_the_receiver_is_the_receivers(kind: str) -> None:
    for part in others(SENDER) & others(RECEIVER):
        assert sight_of(kind, "sent", "sent", part, SENDER) is Sight.NOTHING
        assert sight_of(kind, "sent", "sent", part, RECEIVER) is Sight.WHOLE


@pytest.mark.parametrize("kind", KINDS)
def test_where_it_is_closed_a_side_sees_no_words_of_others(kind: str) -> None:
    for side in Side:
        for part in others(side):
            seen = sight_of(kind, Status.SENT, Status.SENT, part, side, closed=True)
            assert seen is not Sight.WHOLE


@pytest.mark.parametrize("kind", KINDS)
def test_after_consent_was_taken_back_the_sender_learns_the_status_alone(kind: str) -> None:
    reminded = others(SENDER) if kind == Fact.REMINDED else frozenset[Part]()
    for part in SIDES[RECEIVER] | reminded:
        moved = sight_of(kind, "accepted", "completed", part, SENDER, veiled=True)
        stayed = sight_of(kind, "accepted", "accepted", part, SENDER, veiled=True)
        assert (moved, stayed) == (Sight.STATUS, Sight.NOTHING)
        assert sight_of(kind, "accepted", "completed", part, RECEIVER, veiled=True) is Sight.WHOLE


@pytest.mark.parametrize("kind", KINDS)
def test_what_the_sender_and_the_hub_did_is_not_veiled(kind: str) -> None:
    for part in others(RECEIVER):
        plain, veiled = (
            sight_of(kind, "accepted", "withdrawn", part, SENDER, veiled=veiled)
            for veiled in (False, True)
        )
        assert plain is veiled or kind == Fact.REMINDED
