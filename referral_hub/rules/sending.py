"""Whether a referral may be sent now: everything but consent, which `rules.consent` decides."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from referral_hub.rules.errors import Conflict, InvalidInput
from referral_hub.rules.intake import Asked, Question, open_questions
from referral_hub.rules.referrals import Priority

MOST_REASON = 4000
DUPLICATE = (
    "Your agency has an open referral of this client to this service already. "
    "Look at that one, or say in a note why another one is needed."
)

ROOM_WORDS: Mapping[str, str] = {
    "": "The agency has not said lately whether it takes referrals. If it presses, call first.",
    "limited": "The agency says that there is little room.",
    "waiting_list": "The agency says that everybody waits.",
}
"""What a sender should know of the room of a service, by its state; nothing where it is open, and
where it is closed nothing is sent."""


@dataclass(frozen=True, slots=True)
class Sending:
    """What decides. `service_offered`: the receiver's listing is there for all to see, and active;
    `open_duplicate`: the agency has an open referral of the client to the same
    service. `contact_ways`: how many safe ways to reach the client are known;
    `questions`: what the service asks now, where it can still be answered, and `asked` what was."""

    priority: Priority
    called: bool
    reason: str
    contact_ways: int
    service_offered: bool
    need_open: bool
    capacity: str
    sender_takes_part: bool
    receiver_takes_part: bool
    open_duplicate: bool = False
    duplicate_note: str = ""
    case_closed: bool = False
    questions: Mapping[UUID, Question] = field(default_factory=dict)
    asked: tuple[Asked, ...] = ()


def require_sendable(sending: Sending) -> None:
    """Raise Conflict where the network or the listing does not allow it, and InvalidInput naming
    everything that the sender can put right."""
    _require_possible(sending)
    faults = _faults(sending)
    if faults:
        raise InvalidInput("This referral cannot be sent yet. Nothing was sent.", faults)


def require_parties(*, sender: bool, receiver: bool) -> None:
    """Raise Conflict unless both agencies take part in the network now."""
    if not sender:
        raise Conflict("Your agency has no network agreement in force, so it cannot send.")
    if not receiver:
        raise Conflict("This agency takes no referrals through the network now. Call it instead.")


def _require_possible(sending: Sending) -> None:
    require_parties(sender=sending.sender_takes_part, receiver=sending.receiver_takes_part)
    if not sending.service_offered:
        raise Conflict("This service is not offered now. Choose another one.")
    if sending.capacity == "closed":
        raise Conflict(
            "This service takes no referrals now. Choose another one, or ask to be told."
        )
    if not sending.need_open:
        raise Conflict("This need is closed. Open it again on the client's page first.")
    if sending.case_closed:
        raise Conflict("Work with this client has ended. Reopen the case first.")


def _faults(sending: Sending) -> dict[str, str]:
    faults = {}
    if not sending.reason.strip():
        faults["reason"] = "Say in a few words why the client needs this."
    elif len(sending.reason) > MOST_REASON:
        faults["reason"] = f"Use at most {MOST_REASON} characters."
    if not sending.contact_ways:
        faults["contact_ways"] = "Say on the client's page which ways to make contact are safe."
    if sending.priority is Priority.EMERGENCY and not sending.called:
        faults["called"] = "In an emergency call the agency first, then tick that you did."
    if sending.open_duplicate and not sending.duplicate_note.strip():
        faults["note"] = DUPLICATE
    return faults | open_questions(sending.questions, sending.asked)
