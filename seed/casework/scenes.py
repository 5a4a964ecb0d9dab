"""Cases that are there so that each account of the demo has something to do."""

from seed.casework.cases import Case
from seed.casework.chance import Chance
from seed.casework.stage import Stage


def scenes(stage: Stage, chance: Chance) -> list[Case]:
    """The cases, at times that count back from now."""
    return []
