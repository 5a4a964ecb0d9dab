"""What goes on beside the life of a referral: appointments with the client, and asking them."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID

from referral_hub.rules.referral_lifecycle import UNDER_WAY, Status
from referral_hub.rules.referral_state import is_taken_on
from referral_hub.rules.referrals import AppointmentState, ClientAnswer
from seed.casework.chance import Chance
from seed.casework.stage import Sent, Stage
from seed.casework.timeline import Story
from seed.casework.words import say

CAME_OF_IT = {
    AppointmentState.ATTENDED: 0.74,
    AppointmentState.MISSED: 0.15,
    AppointmentState.CANCELLED: 0.08,
    None: 0.03,
}
"""None: nobody says."""
SAID_AFTER: Mapping[Status, Mapping[ClientAnswer, float]] = {
    Status.COMPLETED: {
        ClientAnswer.YES: 0.7, ClientAnswer.PARTLY: 0.13, ClientAnswer.NO: 0.04,
        ClientAnswer.NOT_REACHED: 0.13,
    },
    Status.CLOSED_UNMET: {
        ClientAnswer.YES: 0.03, ClientAnswer.PARTLY: 0.12, ClientAnswer.NO: 0.5,
        ClientAnswer.NOT_REACHED: 0.35,
    },
}  # fmt: skip
ASKED = {Status.COMPLETED: 0.6, Status.CLOSED_UNMET: 0.3}
"""In which share of cases the sender asks."""


def meet(stage: Stage, sent: Sent, chance: Chance) -> Story:
    """One appointment or two, as long as there is work."""
    for _ in range(chance.choice((1, 1, 1, 2))):
        yield stage.later(chance.uniform(0.1, 2))
        if sent.status not in UNDER_WAY:
            return
        at = _on_the_half_hour(stage.later(chance.uniform(6, 40)))
        appointment = stage.make_appointment(sent, at, say(chance, "places"))
        if chance.happens(0.12):
            yield stage.later(chance.uniform(0.5, 5))
            if sent.status in UNDER_WAY:
                at = _on_the_half_hour(stage.later(chance.uniform(8, 30)))
                stage.tell_of(sent, appointment, AppointmentState.MOVED, at=at)
        yield at + timedelta(minutes=45)
        _say_what_came_of_it(stage, sent, appointment, chance)


def ask(stage: Stage, sent: Sent, chance: Chance) -> Story:
    """Some weeks after its end the sender asks the client; who is not reached is asked again."""
    for _ in range(2):
        yield stage.later(20 + chance.hours(40))
        if sent.status not in SAID_AFTER:
            return
        answer = chance.one_of(SAID_AFTER[sent.status])
        stage.record_answer(sent, answer, say(chance, "client_answers", answer.value))
        if answer is not ClientAnswer.NOT_REACHED or chance.happens(0.5):
            return


def _say_what_came_of_it(stage: Stage, sent: Sent, appointment: UUID, chance: Chance) -> None:
    if not is_taken_on(sent.row.status, sent.row.accepted_at):
        return
    came = chance.one_of(CAME_OF_IT)
    if sent.status not in UNDER_WAY:
        came = AppointmentState.CANCELLED
    if came is not None:
        stage.tell_of(sent, appointment, came)


def _on_the_half_hour(at: datetime) -> datetime:
    return at.replace(minute=0 if at.minute < 30 else 30, second=0)
