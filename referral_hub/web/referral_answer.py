"""A referral as the API answers it."""

from dataclasses import asdict
from typing import Any

from referral_hub.schemas.referral import ReferralSchema, WholeReferralSchema
from referral_hub.use_cases.referral_views import ReferralLine, ReferralView

_LINE = ReferralSchema()
_WHOLE = WholeReferralSchema()


def line_of(line: ReferralLine) -> Any:
    """A referral of a list."""
    return _LINE.dump(line)


def whole_of(view: ReferralView) -> Any:
    """A referral with all that the caller may read of it."""
    values = asdict(view.line) | {
        name: getattr(view, name)
        for name in (
            "client_id", "reason_code", "review_on", "expected_on", "first_contact_by",
            "first_contact_at", "service_date", "withdrawal_requested_at", "consent_id", "attempts",
            "appointments", "client_answers", "not_shared", "possible_clients",
        )
    }  # fmt: skip
    values["conflict_check"] = view.conflict_check.value
    values["disclosed"] = view.disclosed.values
    if view.preview is not None:
        values["preview"] = view.preview.to_share.whole
        values["identity_first"] = view.preview.to_share.identity
        values["preview_digest"] = view.preview.digest
    values["notices"] = view.disclosed.notices
    values["moves"] = [choice.move for choice in view.moves]
    return _WHOLE.dump(values)
