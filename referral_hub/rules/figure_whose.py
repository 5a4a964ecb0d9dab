"""Whose referrals figures are of, as it is told to whoever looks at them."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Whose:
    """Names of what an `Oversight` is of: `agency` is None for the whole network, `teams` is None
    for all of the agency's."""

    agency: str | None
    teams: tuple[str, ...] | None = None

    @property
    def words(self) -> str:
        """As whoever oversees them reads it."""
        if self.agency is None:
            return "All referrals of the network"
        if self.teams is None:
            return f"All referrals of {self.agency}"
        if not self.teams:
            return "No referrals: you lead no team"
        noun = "team" if len(self.teams) == 1 else "teams"
        return f"Referrals of your {noun}: {_together(self.teams)}"

    @property
    def name(self) -> str:
        """As others read it, too, to whom a file is handed on."""
        if self.agency is None:
            return "The network"
        if self.teams is None:
            return self.agency
        return f"{self.agency}, these teams alone: {_together(self.teams) or 'none'}"


def _together(names: Sequence[str]) -> str:
    """Such as "A, B and C"."""
    return " and ".join(filter(None, (", ".join(names[:-1]), *names[-1:])))
