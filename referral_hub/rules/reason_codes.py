"""Why a referral was declined, closed, withdrawn or held, and what came of it: coded, with who it
is due to.

Attribution and HUD results follow the network's code list; contact failures stand apart, since
published systems disagree on whose they are.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from referral_hub.rules.errors import InvalidInput
from referral_hub.rules.referral_lifecycle import Move


class Attribution(StrEnum):
    """Who a reason is due to."""

    CLIENT = "client"
    PROVIDER = "provider"
    SYSTEM = "system"
    SENDER = "sender"
    CONTACT_FAILED = "contact_failed"


class HudResult(StrEnum):
    """The referral result of HUD's Coordinated Entry data standard (element 4.20)."""

    SUCCESSFUL = "successful"
    CLIENT_REJECTED = "client_rejected"
    PROVIDER_REJECTED = "provider_rejected"


@dataclass(frozen=True, slots=True)
class Reason:
    """A code as people read it. With `needs_note` a note must say more."""

    code: str
    label: str
    attribution: Attribution
    hud: HudResult | None = None
    needs_note: bool = False


CONSENT_REVOKED = "consent_revoked"


def _coded(*reasons: Reason) -> Mapping[str, Reason]:
    return {reason.code: reason for reason in reasons}


_CLIENT, _PROVIDER = Attribution.CLIENT, Attribution.PROVIDER
_SYSTEM, _SENDER = Attribution.SYSTEM, Attribution.SENDER
_BY_CLIENT, _BY_PROVIDER = HudResult.CLIENT_REJECTED, HudResult.PROVIDER_REJECTED

DECLINE = _coded(
    Reason("no_capacity", "No place free", _PROVIDER, _BY_PROVIDER),
    Reason("not_eligible", "The client is not eligible", _PROVIDER, _BY_PROVIDER, True),
    Reason("outside_area", "The client lives outside our area", _PROVIDER, _BY_PROVIDER),
    Reason("service_not_offered", "We do not offer this", _PROVIDER, _BY_PROVIDER),
    Reason("listing_wrong", "Our listing is wrong", _PROVIDER, _BY_PROVIDER, True),
    Reason("needs_higher_level_of_care", "Needs more than we can give", _PROVIDER, _BY_PROVIDER),
    Reason("missing_documents", "Documents are missing", _PROVIDER, _BY_PROVIDER),
    Reason("duplicate_or_already_served", "Already with us", _SYSTEM),
    Reason("safety_or_conflict_of_interest", "Safety, or a conflict of interest",
           _PROVIDER, _BY_PROVIDER),
    Reason("client_declined_before_accept", "The client does not want it", _CLIENT, _BY_CLIENT),
    Reason("referred_elsewhere", "Referred elsewhere", _PROVIDER, _BY_PROVIDER),
    Reason("other", "Another reason", _PROVIDER, _BY_PROVIDER, True),
)  # fmt: skip
CLOSURE = _coded(
    Reason("unable_to_contact", "The client could not be reached", Attribution.CONTACT_FAILED),
    Reason("client_no_longer_interested", "The client no longer wants it", _CLIENT, _BY_CLIENT),
    Reason("client_need_resolved_otherwise", "The need was met another way", _CLIENT, _BY_CLIENT),
    Reason("client_moved", "The client moved away", _CLIENT, _BY_CLIENT),
    Reason("no_show_repeated", "The client missed appointments again and again",
           _CLIENT, _BY_CLIENT),
    Reason("client_deceased_or_institutionalised", "The client died or is in an institution",
           _CLIENT),
    Reason("found_ineligible_at_intake", "Found not eligible at intake", _PROVIDER, _BY_PROVIDER),
    Reason("documents_not_provided", "Documents did not come", _CLIENT, _BY_CLIENT),
    Reason("capacity_lost", "The place was lost", _PROVIDER, _BY_PROVIDER),
    Reason("funding_ended", "The funding ended", _PROVIDER, _BY_PROVIDER),
    Reason("service_ended", "The service ended", _PROVIDER, _BY_PROVIDER),
    Reason("safety", "Safety", _PROVIDER, _BY_PROVIDER),
    Reason("referred_elsewhere", "Referred elsewhere", _PROVIDER, _BY_PROVIDER),
    Reason("other", "Another reason", _PROVIDER, _BY_PROVIDER, True),
)  # fmt: skip
OUTCOME = _coded(
    Reason("need_met", "The need is met", _PROVIDER, HudResult.SUCCESSFUL),
    Reason("need_partly_met", "The need is partly met", _PROVIDER, HudResult.SUCCESSFUL),
    Reason("service_received_need_unknown", "Service received, need not known",
           _PROVIDER, HudResult.SUCCESSFUL),
    Reason("information_only", "Information was given", _PROVIDER, HudResult.SUCCESSFUL),
)  # fmt: skip
SUPERSEDED = "superseded_by_other_acceptance"
WITHDRAWAL = _coded(
    Reason("client_request", "The client asked for it", _CLIENT, _BY_CLIENT),
    Reason(CONSENT_REVOKED, "The client took back consent", _CLIENT, _BY_CLIENT),
    Reason(SUPERSEDED, "Another agency accepted", _SYSTEM),
    Reason("sent_in_error_other_agency", "Sent to the wrong agency", _SENDER),
    Reason("client_served_elsewhere", "Served elsewhere", _CLIENT),
    Reason("risk_changed", "The risk changed", _SENDER),
    Reason("sender_closed_case", "The sender closed the case", _SENDER),
    Reason("other", "Another reason", _SENDER, None, True),
)  # fmt: skip
HOLD = _coded(
    Reason("awaiting_client", "Waiting for the client", _CLIENT),
    Reason("awaiting_documents", "Waiting for documents", _CLIENT),
    Reason("awaiting_third_party", "Waiting for somebody else", _SYSTEM),
    Reason("awaiting_vacancy", "Waiting for a free place", _PROVIDER),
    Reason("service_paused", "The service pauses", _PROVIDER),
    Reason("other", "Another reason", _PROVIDER, None, True),
)  # fmt: skip
SET_BY_RULE = frozenset({CONSENT_REVOKED, SUPERSEDED})
"""Withdrawal codes that the hub sets, and nobody chooses."""

REASONS_OF: Mapping[Move, Mapping[str, Reason]] = {
    Move.DECLINE: DECLINE,
    Move.CLOSE_UNMET: CLOSURE,
    Move.COMPLETE: OUTCOME,
    Move.WITHDRAW: WITHDRAWAL,
    Move.REQUEST_WITHDRAWAL: WITHDRAWAL,
    Move.HOLD: HOLD,
}
"""The codes that belong to a move."""


def choices_for(move: Move) -> tuple[Reason, ...]:
    """The reasons that a person may choose for a move; none where it takes no reason."""
    return tuple(
        reason for code, reason in REASONS_OF.get(move, {}).items() if code not in SET_BY_RULE
    )


def check_reason(move: Move, code: str, note: str, *, by_hub: bool = False) -> Reason:
    """The reason for a move. Raises InvalidInput for one that does not belong to it, and where it
    needs a note. `by_hub` lets the codes pass that only the hub sets."""
    reason = REASONS_OF.get(move, {}).get(code)
    field = "outcome" if move is Move.COMPLETE else "reason"
    if reason is None or (code in SET_BY_RULE and not by_hub):
        message = "Choose one of the reasons in the list."
        raise InvalidInput(message, {field: message})
    if reason.needs_note and not note.strip():
        message = f"Say more in a note, since the reason is: {reason.label.lower()}."
        raise InvalidInput(message, {"note": message})
    return reason
