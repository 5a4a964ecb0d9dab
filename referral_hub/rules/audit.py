"""How acts are told in the audit."""

from enum import StrEnum


class Outcome(StrEnum):
    """What came of an act."""

    DONE = "done"
    REFUSED = "refused"
