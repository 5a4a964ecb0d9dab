"""Why somebody's second factor is reset by somebody else."""

from enum import StrEnum


class ResetReason(StrEnum):
    """The reasons: a closed list, since the audit holds no words that people wrote."""

    LOST = "lost"
    STOLEN = "stolen"
    BROKEN = "broken"
    LOCKED_OUT = "locked-out"


MEANING: dict[ResetReason, str] = {
    ResetReason.LOST: "The phone or key is lost",
    ResetReason.STOLEN: "The phone or key was stolen",
    ResetReason.BROKEN: "The phone or key is broken or was replaced",
    ResetReason.LOCKED_OUT: "It is there, but does not work and no recovery code is left",
}
