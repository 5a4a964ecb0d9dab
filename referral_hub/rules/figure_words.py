"""What figures are called, and what each of them says: one definition for pages, files, the API."""

from collections.abc import Mapping

from referral_hub.rules.figure_query import FIELD_OF, Dimension
from referral_hub.rules.funnel import Position
from referral_hub.rules.measured_state import Flow
from referral_hub.rules.measured_times import End, Wait
from referral_hub.rules.measures import Measure, Part, Stage, Standing
from referral_hub.rules.reason_codes import Attribution
from referral_hub.rules.referral_lifecycle import Side
from referral_hub.rules.referral_waiting import Waits

MEASURE_LABEL: Mapping[Measure, str] = {
    Measure.COMPLETION: "Completed",
    Measure.ACCEPTANCE: "Accepted",
    Measure.RESPONSE: "Answered promptly",
    Measure.ON_TIME: "Decided on time",
    Measure.LOOP_CLOSED: "Loop closed",
    Measure.KNOWN_OUTCOME: "End known",
    Measure.COMPLETION_OF_ACCEPTED: "Completed, of accepted",
    Measure.COMPLETION_OF_CLOSED: "Completed, of resolved",
    Measure.ACCEPTANCE_OF_DECIDED: "Accepted, of decided",
    Measure.CLIENT_CONFIRMED: "Clients say they got help",
}
_DEFINITION: Mapping[Measure, str] = {
    Measure.COMPLETION: (
        "Completed, of all sent at least {follow_up} days ago. Left out: stopped by the client or"
        " sent in error before a decision, and those for which another agency was quicker."
    ),
    Measure.ACCEPTANCE: (
        "Accepted, of all that were decided or expired, once their time to expire is over. Silence"
        " is no acceptance."
    ),
    Measure.RESPONSE: (
        "Accepted, put on a waiting list or declined within {answer} business days, of all whose"
        " time to answer is over. A decline is a good answer."
    ),
    Measure.ON_TIME: "Decided by the time that was set for it, of all whose time has passed.",
    Measure.LOOP_CLOSED: (
        "Ended by the receiver, who said why, of all sent at least {follow_up} days ago and not"
        " withdrawn before a decision. What expired, or the sender closed, is no closed loop."
    ),
    Measure.KNOWN_OUTCOME: (
        "Ended, by whomever, of the same. What this is above the closed loops, no receiver told."
    ),
    Measure.COMPLETION_OF_ACCEPTED: (
        "Completed, of the accepted that were sent at least {follow_up} days ago and not stopped"
        " by the client or the sender. Fair to the receiver."
    ),
    Measure.COMPLETION_OF_CLOSED: (
        "Completed, of those closed after an acceptance. It rewards never closing: not to be"
        " read alone."
    ),
    Measure.ACCEPTANCE_OF_DECIDED: (
        "Accepted, of accepted and declined. Others publish this; silence flatters it."
    ),
    Measure.CLIENT_CONFIRMED: (
        "Said yes, of the clients whom you asked about what you sent. Who was not reached counts as"
        " open. Receivers do not see it."
    ),
}


def definition(measure: Measure, follow_up_days: int, answer_days: int) -> str:
    """What a figure is of, in a sentence or two."""
    return _DEFINITION[measure].format(follow_up=follow_up_days, answer=answer_days)


MATURING_BECAUSE: Mapping[Measure, str] = {
    Measure.ACCEPTANCE: "whose time to expire is not over",
    Measure.ACCEPTANCE_OF_DECIDED: "whose time to expire is not over",
    Measure.RESPONSE: "whose time to answer is not over",
    Measure.ON_TIME: "whose time to decide is not over",
}
"""Why referrals do not count yet, where it is not that they were not followed up long enough."""


def maturing_because(measure: Measure, follow_up_days: int) -> str:
    """Why referrals do not count in a figure yet."""
    return MATURING_BECAUSE.get(measure, f"younger than {follow_up_days} days")


PART_LABEL: Mapping[Part, str] = {
    Part.MET: "yes",
    Part.MISSED: "no",
    Part.OPEN: "still open",
    Part.MATURING: "too young to count",
    Part.WITHDRAWN: "withdrawn",
    Part.SUPERSEDED: "another agency was quicker",
    Part.STOPPED: "stopped by the client, or sent in error",
    Part.UNDECIDED: "not decided",
    Part.NOT_ACCEPTED: "not accepted",
    Part.NOT_DECLINED: "neither accepted nor declined",
    Part.NOT_CLOSED: "not closed after an acceptance",
    Part.NOT_ASKED: "not asked",
    Part.SENT_TOGETHER: "sent to several agencies at once",
    Part.NOT_MET: "not met",
    Part.NOT_TOLD: "not told, since the client took back consent",
}
STANDING_LABEL: Mapping[Standing, str] = {
    Standing.COMPLETED: "Completed",
    Standing.UNMET: "Closed without success",
    Standing.WITHDRAWN_LATER: "Withdrawn after acceptance",
    Standing.UNDER_WAY: "Under way",
    Standing.WAITLISTED: "On a waiting list",
    Standing.WAITED_IN_VAIN: "Closed on the waiting list",
    Standing.STOPPED_WAITING: "Withdrawn from the waiting list",
    Standing.DECLINED: "Declined",
    Standing.EXPIRED: "Expired without an answer",
    Standing.WITHDRAWN: "Withdrawn before a decision",
    Standing.UNDECIDED: "Not decided yet",
}
STAGE_LABEL: Mapping[Stage, str] = {
    Stage.SENT: "Sent",
    Stage.SEEN: "Seen by the receiver",
    Stage.DECIDED: "Decided",
    Stage.ACCEPTED: "Accepted",
    Stage.CONTACTED: "Client contacted",
    Stage.COMPLETED: "Completed",
}
WAIT_LABEL: Mapping[Wait, str] = {
    Wait.ACKNOWLEDGEMENT: "From sending until the receiver saw it",
    Wait.DECISION: "From sending to a decision",
    Wait.ACCEPTANCE: "From sending to acceptance",
    Wait.CONTACT_FROM_SENDING: "From sending to the first contact",
    Wait.CONTACT: "From acceptance to the first contact",
    Wait.COMPLETION: "From acceptance to completion",
    Wait.CLOSURE: "From sending to any end",
}
END_LABEL: Mapping[End, str] = {
    End.SEEN: "Seen",
    End.DECIDED: "Decided",
    End.ACCEPTED: "Accepted",
    End.COMPLETED: "Completed",
    End.UNMET: "Closed without success",
    End.DECLINED: "Declined",
    End.EXPIRED: "Expired",
    End.WITHDRAWN: "Withdrawn",
    End.SUPERSEDED: "Another agency was quicker",
    End.CONTACTED: "Contacted",
    End.CLOSED: "Closed in any way",
}
DIMENSION_LABEL: Mapping[Dimension, str] = {
    Dimension.TO_AGENCY: "Receiving agency",
    Dimension.FROM_AGENCY: "Sending agency",
    Dimension.PRIORITY: "Priority",
    Dimension.DOMAIN: "Domain of need",
    Dimension.NEED: "Need",
    Dimension.SERVICE: "Service",
    Dimension.AREA: "Area",
    Dimension.WORKER: "Worker",
    Dimension.TEAM: "Team",
}
FILTER_LABEL: Mapping[str, str] = {
    "side": "Side",
    **{
        field: DIMENSION_LABEL[dimension]
        for dimension, field in FIELD_OF.items()
        if dimension is not Dimension.DOMAIN
    },
}
"""What each condition of a question is called, in the order in which they are told."""
ATTRIBUTION_LABEL: Mapping[Attribution, str] = {
    Attribution.CLIENT: "The client",
    Attribution.PROVIDER: "The receiver",
    Attribution.SYSTEM: "Circumstances",
    Attribution.SENDER: "The sender",
    Attribution.CONTACT_FAILED: "The client could not be reached",
}
FLOW_LABEL: Mapping[Flow, str] = {
    Flow.SENT: "Sent",
    Flow.REOPENED: "Reopened",
    Flow.CLOSED: "Ended",
    Flow.VOIDED: "Entered in error",
}
WAITS_LABEL: Mapping[Waits, str] = {
    Waits.SENDER: "The sender",
    Waits.RECEIVER: "The receiver",
    Waits.CLIENT: "The client",
}
SIDE_LABEL: Mapping[Side, str] = {
    Side.SENDER: "Sent by us",
    Side.RECEIVER: "Sent to us",
}
AGE_LABEL = (
    "0 to 2 days", "3 to 7 days", "8 to 14 days", "15 to 30 days", "31 to 60 days",
    "61 to 90 days", "Over 90 days",
)  # fmt: skip
"""Groups of ages, in order."""
POSITION_LABEL: Mapping[Position, str] = {
    Position.INSIDE: "Within what chance does",
    Position.UNUSUAL: "Unusual: 1 of 20 lies so far off by chance",
    Position.FAR_OUTSIDE: "Far outside: chance hardly explains it",
}
