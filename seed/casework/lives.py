"""The life of a referral, from its draft to its end, as its plot has it."""

from collections.abc import Iterator
from datetime import datetime

from referral_hub.rules.referral_lifecycle import TERMINAL, UNDECIDED, UNDER_WAY, Move, Status
from referral_hub.rules.referrals import ConflictCheck, ContactMethod
from seed.casework.chance import Chance
from seed.casework.plots import Ending, Plot, Turn
from seed.casework.stage import Sent, Stage
from seed.casework.visits import ASKED, ask, meet
from seed.casework.words import say

Story = Iterator[datetime]
TRIED_BY = {
    ContactMethod.CALL: 6,
    ContactMethod.TEXT: 3,
    ContactMethod.EMAIL: 1,
    ContactMethod.VISIT: 0.5,
    ContactMethod.LETTER: 0.5,
}
UNMET = {
    "client_no_longer_interested": 4, "client_need_resolved_otherwise": 2, "client_moved": 1,
    "no_show_repeated": 3, "found_ineligible_at_intake": 2, "documents_not_provided": 2,
    "capacity_lost": 0.7, "funding_ended": 0.5, "service_ended": 0.3, "other": 0.2,
}  # fmt: skip
OUTCOMES = {
    "need_met": 7, "need_partly_met": 2, "service_received_need_unknown": 1, "information_only": 1,
}  # fmt: skip
WITHDRAWN_EARLY = {
    "client_request": 4, "client_served_elsewhere": 3, "sent_in_error_other_agency": 1.5,
    "sender_closed_case": 1, "risk_changed": 0.6, "other": 0.3,
}  # fmt: skip
WITHDRAWN_LATE = {"client_request": 3, "client_served_elsewhere": 2, "sender_closed_case": 1}
HELD = {
    "awaiting_client": 2, "awaiting_documents": 3, "awaiting_third_party": 2, "awaiting_vacancy": 2,
    "service_paused": 0.5,
}  # fmt: skip


def live(stage: Stage, sent: Sent, plot: Plot, chance: Chance, area: str) -> Story:
    """The life of a referral after its draft."""
    if plot.sends_in is None:
        if plot.withdraws:
            yield stage.later(30)
            stage.move(sent, sent.sender, Move.WITHDRAW, reason="client_request")
        return
    if sent.is_in(Status.DRAFT):
        yield stage.later(plot.sends_in)
        if not stage.may_send(sent):
            return
        stage.move(sent, sent.sender, Move.SEND)
    if plot.withdraws:
        yield stage.later(chance.hours(5))
        yield from _withdraw(stage, sent, chance)
        return
    yield from _arrive(stage, sent, plot, chance, area)
    if sent.is_in(Status.ACCEPTED):
        yield from _serve(stage, sent, plot, chance)
    if plot.twist == "void" and not sent.is_in(Status.VOIDED):
        yield stage.later(chance.hours(4))
        stage.move(sent, sent.sender, Move.VOID, note="Entered for the wrong client.")
    if sent.status in TERMINAL:
        yield stage.later(40)
        stage.close_received(sent)


def _withdraw(stage: Stage, sent: Sent, chance: Chance) -> Story:
    if sent.status in UNDECIDED:
        reason = chance.one_of(WITHDRAWN_EARLY)
        note = say(chance, "withdrawals", reason)
        stage.move(sent, sent.sender, Move.WITHDRAW, reason=reason, note=note)
    return
    yield


def _arrive(stage: Stage, sent: Sent, plot: Plot, chance: Chance, area: str) -> Story:
    """What the receiver does with what arrived, up to its decision."""
    if plot.sees_in is not None:
        yield stage.later(plot.sees_in)
        if sent.is_in(Status.SENT):
            stage.move(sent, sent.receiver, Move.ACKNOWLEDGE)
            if plot.assigns:
                stage.assign(sent, sent.receiver)
    if plot.turn is Turn.LEAVE:
        yield from _run_out(stage, sent, chance)
        return
    if plot.checks:
        yield from _look_for_conflict(stage, sent, chance)
    if plot.asks and sent.is_in(Status.SENT, Status.ACKNOWLEDGED):
        yield from _ask(stage, sent, plot, chance, area)
    if plot.decides_in is None:
        return
    yield stage.later(plot.decides_in)
    if sent.is_in(Status.EXPIRED) and chance.happens(0.5):
        yield from _send_again(stage, sent)
    if not sent.is_in(Status.SENT, Status.ACKNOWLEDGED):
        return
    yield from _decide(stage, sent, plot, chance)


def _look_for_conflict(stage: Stage, sent: Sent, chance: Chance) -> Story:
    if sent.row.conflict_check != ConflictCheck.PENDING:
        return
    yield stage.later(chance.hours(3))
    if sent.status not in UNDECIDED:
        return
    if chance.happens(0.04):
        stage.check_conflict(sent, ConflictCheck.CONFLICT)
        reason = "safety_or_conflict_of_interest"
        note = say(chance, "declined", reason)
        stage.move(sent, sent.receiver, Move.DECLINE, reason=reason, note=note)
    else:
        stage.check_conflict(sent, ConflictCheck.CLEAR)


def _ask(stage: Stage, sent: Sent, plot: Plot, chance: Chance, area: str) -> Story:
    question = say(chance, "questions", area) or say(chance, "questions", "housing")
    stage.move(sent, sent.receiver, Move.ASK, question=question)
    if plot.answers_in is None:
        return
    yield stage.later(plot.answers_in)
    if not sent.is_in(Status.INFO_REQUESTED):
        return
    if chance.happens(0.08):
        note = "The client called us and told it all."
        stage.move(sent, sent.receiver, Move.ANSWERED_OTHERWISE, note=note)
    else:
        stage.move(sent, sent.sender, Move.ANSWER, answer=say(chance, "answers"))


def _run_out(stage: Stage, sent: Sent, chance: Chance) -> Story:
    """Nobody decides. Half of the senders try once more."""
    yield stage.later(8 * chance.choice((11, 12, 14)))
    if sent.is_in(Status.EXPIRED) and chance.happens(0.25):
        yield from _send_again(stage, sent)
        yield stage.later(chance.hours(6))
        yield from _look_for_conflict(stage, sent, chance)
        if sent.is_in(Status.SENT):
            stage.accept(sent, "Sorry, the first one had slipped through.", 24)


def _send_again(stage: Stage, sent: Sent) -> Story:
    closed = sent.row.closed_at
    in_time = closed is not None and stage.now < stage.hours.after(closed, 5 * 8 - 1)
    if in_time and stage.may_send(sent):
        stage.move(sent, sent.sender, Move.RESEND, note="Called them: they were short of people.")
        yield stage.later(3)


def _decide(stage: Stage, sent: Sent, plot: Plot, chance: Chance) -> Story:
    if plot.turn is Turn.DECLINE:
        reason = chance.one_of(sent.company.manner.declines_for)
        note = say(chance, "declined", reason)
        stage.move(sent, sent.receiver, Move.DECLINE, reason=reason, note=note)
        if plot.twist == "undecline" and sent.company.supervisor is not None:
            yield stage.later(5)
            if sent.is_in(Status.DECLINED) and stage.is_first_choice(sent):
                stage.move(
                    sent, sent.company.supervisor, Move.UNDECLINE, note="A place has become free."
                )
                yield stage.later(2)
        else:
            return
    if plot.turn is Turn.WAITLIST:
        review_on = stage.day(chance.choice((14, 21, 30)))
        note = "All places are promised at the moment, so we keep a list."
        stage.move(sent, sent.receiver, Move.WAITLIST, review_on=review_on, note=note)
        yield stage.later(plot.waits)
        if not sent.is_in(Status.WAITLISTED):
            return
        if chance.happens(0.2):
            reason = chance.one_of({"client_need_resolved_otherwise": 2, "client_moved": 1})
            note = say(chance, "closures", reason)
            stage.move(sent, sent.receiver, Move.CLOSE_UNMET, reason=reason, note=note)
            return
    if not sent.is_in(Status.SENT, Status.ACKNOWLEDGED, Status.WAITLISTED):
        return
    stage.accept(sent, say(chance, "accepted"), 16)
    if plot.twist == "unaccept" and plot.turn is Turn.ACCEPT:
        yield stage.later(3)
        first = sent.row.decided_at == sent.row.accepted_at
        if not sent.is_in(Status.ACCEPTED) or not first or not stage.is_first_choice(sent):
            return
        stage.take_back(sent, "Taken in the wrong program.")
        yield stage.later(6)
        if sent.is_in(Status.ACKNOWLEDGED):
            stage.accept(sent, "Now in the right program.", 16)


def _serve(stage: Stage, sent: Sent, plot: Plot, chance: Chance) -> Story:
    """From the first try to reach the client to the end."""
    yield from _reach(stage, sent, plot, chance)
    if sent.status not in UNDER_WAY:
        return
    if sent.is_in(Status.IN_PROGRESS) and chance.happens(0.5):
        stage.beside(meet(stage, sent, Chance(chance.random())))
    stage.weigh_received(sent)
    if chance.happens(0.3):
        yield stage.later(chance.hours(10))
        side = chance.choice(("sender", "receiver"))
        actor = sent.sender if side == "sender" else sent.receiver
        if sent.may_talk:
            stage.write(sent, actor, say(chance, "messages", side))
    if plot.holds and sent.is_in(Status.ACCEPTED, Status.IN_PROGRESS):
        yield from _hold(stage, sent, chance)
    if plot.serves_in is None:
        return
    yield stage.later(plot.serves_in * 0.5)
    if sent.status in UNDER_WAY and sent.may_talk and chance.happens(0.3):
        stage.check_in(sent, say(chance, "check_ins"))
    yield stage.later(plot.serves_in * 0.5)
    if sent.status in UNDER_WAY:
        yield from _end(stage, sent, plot, chance)


def _reach(stage: Stage, sent: Sent, plot: Plot, chance: Chance) -> Story:
    tries = max(3, plot.tries) if plot.ending is Ending.NOT_REACHED else plot.tries
    for number in range(1, tries + 1):
        yield stage.later(chance.hours(9) if number == 1 else 6 + chance.hours(6))
        if not sent.is_in(Status.ACCEPTED):
            return
        reached = number == tries and plot.ending is not Ending.NOT_REACHED
        note = say(chance, "contact_notes", "reached" if reached else "missed")
        stage.contact(sent, chance.one_of(TRIED_BY), reached=reached, note=note)


def _hold(stage: Stage, sent: Sent, chance: Chance) -> Story:
    reason = chance.one_of(HELD)
    note = say(chance, "holds", reason)
    days = chance.choice((7, 10, 14, 21))
    stage.move(sent, sent.receiver, Move.HOLD, reason=reason, note=note, resume_on=stage.day(days))
    yield stage.later(days * 5.5)
    if sent.is_in(Status.ON_HOLD):
        stage.move(sent, sent.receiver, Move.RESUME)


def _end(stage: Stage, sent: Sent, plot: Plot, chance: Chance) -> Story:
    if plot.ending is Ending.WITHDRAWAL:
        reason = chance.one_of(WITHDRAWN_LATE)
        note = say(chance, "withdrawals", reason)
        stage.move(sent, sent.sender, Move.REQUEST_WITHDRAWAL, reason=reason, note=note)
        yield stage.later(chance.hours(6))
        if sent.status in UNDER_WAY and chance.happens(0.6):
            stage.move(sent, sent.receiver, Move.CONFIRM_WITHDRAWAL)
        return
    if plot.ending is Ending.COMPLETE:
        outcome = chance.one_of(OUTCOMES)
        note = say(chance, "outcomes", outcome)
        begun = {} if sent.row.first_contact_at or sent.row.started_at else {"began_at": stage.now}
        stage.move(
            sent, sent.receiver, Move.COMPLETE, outcome=outcome, note=note,
            service_date=stage.day(0), **begun,
        )  # fmt: skip
    else:
        reason = "unable_to_contact" if plot.ending is Ending.NOT_REACHED else chance.one_of(UNMET)
        note = say(chance, "closures", reason)
        stage.move(sent, sent.receiver, Move.CLOSE_UNMET, reason=reason, note=note)
    if chance.happens(ASKED[sent.status]):
        stage.beside(ask(stage, sent, Chance(chance.random())))
    if plot.twist == "reopen" and sent.company.supervisor is not None:
        yield stage.later(20)
        stage.move(
            sent, sent.company.supervisor, Move.REOPEN, note="The client came back with a question."
        )
        yield stage.later(30)
        if sent.status in UNDER_WAY:
            began = {} if sent.row.started_at else {"began_at": stage.now}
            stage.move(
                sent, sent.receiver, Move.COMPLETE, outcome="need_met", service_date=stage.day(0),
                **began,
            )  # fmt: skip
