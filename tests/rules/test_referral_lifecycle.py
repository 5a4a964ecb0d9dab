"""The table of moves, over the whole cube: status, move, part, and where it was before."""

from itertools import product

import pytest

from referral_hub.rules.errors import IllegalMove
from referral_hub.rules.referral_lifecycle import (
    CLOSED_FROM,
    HELD_FROM,
    LABEL,
    MOVE_DONE,
    MOVE_LABEL,
    PART_LABEL,
    TERMINAL,
    WAITS_ON,
    Move,
    Part,
    Status,
    moves_for,
    next_status,
)

S, SS, SA = "sender", "sender_supervisor", "sender_application"
R, RS, RA = "receiver", "receiver_supervisor", "receiver_application"
L, C, N, SYS = "agency_link", "client_link", "steward", "system"

TABLE = """
send                draft                                             sent          S SA
send_next           draft                                             sent          SYS
forward             draft                                             sent          R
acknowledge         sent                                              acknowledged  R RA
ask                 sent acknowledged                                 info_requested  R L RA
answer              info_requested                                    acknowledged  S SA
answered_otherwise  info_requested                                    acknowledged  R
accept              sent acknowledged waitlisted                      accepted      R L RA
waitlist            sent acknowledged                                 waitlisted    R RA
decline             sent acknowledged info_requested                  declined      R L RA RS
start               accepted                                          in_progress   R RA
hold                accepted in_progress                              on_hold       R RA
resume              on_hold                                           HELD          R RA
complete            accepted in_progress on_hold                      completed     R RS RA
close_unmet         waitlisted accepted in_progress on_hold           closed_unmet  R RS RA
withdraw            draft sent acknowledged info_requested waitlisted withdrawn     S C SA
withdraw            sent acknowledged info_requested waitlisted       withdrawn     SYS
withdraw            accepted in_progress on_hold                      withdrawn     C
request_withdrawal  accepted in_progress on_hold                      SAME          S
confirm_withdrawal  accepted in_progress on_hold                      withdrawn     R SYS
expire              sent acknowledged info_requested                  expired       SYS
resend              expired                                           sent          S
undecline           declined                                          acknowledged  RS
unaccept            accepted                                          acknowledged  R
reopen              completed closed_unmet                            CLOSED        RS
void                ALL                                               voided        S SS RS N
"""
"""The moves as the network's design lists them, written a second time and apart from the rules."""
PARTS = {"S": S, "SS": SS, "SA": SA, "R": R, "RS": RS, "RA": RA, "L": L, "C": C, "N": N}
PARTS["SYS"] = SYS


def expected() -> dict[tuple[str, str, str], str]:
    """Target by status, move and part."""
    found: dict[tuple[str, str, str], str] = {}
    for line in TABLE.strip().splitlines():
        move, *words = line.split()
        *sources, target = [word for word in words if word not in PARTS]
        parts = [PARTS[word] for word in words if word in PARTS]
        if sources == ["ALL"]:
            sources = [status for status in Status if status is not Status.VOIDED]
        for source, part in product(sources, parts):
            found[source, move, part] = target
    return found


EXPECTED = expected()
BEFORE: tuple[Status | None, ...] = (None, *Status)


@pytest.mark.parametrize("status", Status)
@pytest.mark.parametrize("move", Move)
def test_every_cell_of_the_cube_is_as_the_table_says(status: Status, move: Move) -> None:
    for part, before in product(Part, BEFORE):
        target = EXPECTED.get((status, move, part))
        if target == "HELD":
            target = before if before in HELD_FROM else None
        elif target == "CLOSED":
            target = before if before in CLOSED_FROM[status] else None
        elif target == "SAME":
            target = status
        if target is None:
            with pytest.raises(IllegalMove) as refused:
                next_status(status, move, part, before, before)
            assert refused.value.message.endswith(".")
            assert (refused.value.status, refused.value.move) == (status, move)
        else:
            assert next_status(status, move, part, before, before) == target


def test_the_second_table_is_whole() -> None:
    assert {move for _, move, _ in EXPECTED} == set(Move)
    assert len(EXPECTED) == 160


def test_a_refusal_says_whose_move_it_is() -> None:
    with pytest.raises(IllegalMove) as refused:
        next_status(Status.SENT, Move.ACCEPT, Part.SENDER)
    assert "the receiving agency" in refused.value.message
    assert "You act as the sending agency" in refused.value.message


def test_a_refusal_says_where_the_referral_is() -> None:
    with pytest.raises(IllegalMove) as refused:
        next_status(Status.DECLINED, Move.ACCEPT, Part.RECEIVER)
    assert "declined" in refused.value.message


def test_only_undoing_leads_out_of_an_end() -> None:
    undoing = {Move.RESEND, Move.UNDECLINE, Move.REOPEN, Move.VOID}
    for status in TERMINAL:
        assert set(moves_for(status, frozenset(Part))) <= undoing


def test_silence_never_becomes_a_decision() -> None:
    decisions = {Move.ACCEPT, Move.DECLINE, Move.COMPLETE, Move.WAITLIST, Move.CLOSE_UNMET}
    for status in Status:
        assert decisions.isdisjoint(moves_for(status, frozenset({Part.SYSTEM})))


def test_a_partner_system_never_speaks_as_supervisor_or_steward() -> None:
    for status in Status:
        moves = moves_for(status, frozenset({Part.SENDER_APPLICATION, Part.RECEIVER_APPLICATION}))
        assert {Move.UNDECLINE, Move.REOPEN, Move.VOID, Move.RESEND}.isdisjoint(moves)


def test_everything_has_words() -> None:
    assert set(LABEL) == set(WAITS_ON) == set(Status)
    assert set(MOVE_LABEL) == set(MOVE_DONE) == set(Move)
    assert set(PART_LABEL) == set(Part)
