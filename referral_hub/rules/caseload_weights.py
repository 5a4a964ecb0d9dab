"""What a case weighs, what somebody carries, and how evenly a team shares it.

Weights are points, to a tenth. A network says how much each part counts; the formula is shown
wherever a weight is.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import IntEnum, StrEnum
from statistics import median

from referral_hub.rules.clients import ACUITY
from referral_hub.rules.errors import InvalidInput
from referral_hub.rules.setting_kinds import Value

USUAL_ACUITY, USUAL_INTENSITY = 3, 2
"""What counts until somebody says how acute a case is, and how much work it takes: the middle."""


class Intensity(IntEnum):
    """How much work a case takes."""

    LIGHT = 1
    STEADY = 2
    INTENSE = 3


INTENSITY_LABEL: Mapping[int, str] = {
    Intensity.LIGHT: "1 – light: a talk now and then",
    Intensity.STEADY: "2 – steady: every week or two",
    Intensity.INTENSE: "3 – intense: several times a week",
}


class Place(StrEnum):
    """Where a load lies against the band of the network."""

    BELOW = "below"
    WITHIN = "within"
    ABOVE = "above"


PLACE_LABEL: Mapping[Place, str] = {
    Place.BELOW: "Below the band",
    Place.WITHIN: "In the band",
    Place.ABOVE: "Above the band",
}


@dataclass(frozen=True, slots=True)
class Weights:
    """How many points each part of a case counts."""

    acuity: float
    intensity: float
    open_need: float
    travel: float


@dataclass(frozen=True, slots=True)
class CaseFacts:
    """What a case weighs by. Acuity and intensity are None until somebody says them.

    `trauma` is what its worker said: that the case weighs on the one who carries it. It counts no
    points: it is never part of a comparison.
    """

    acuity: int | None
    intensity: int | None
    open_needs: int
    travels: bool
    trauma: bool = False

    @property
    def is_weighed(self) -> bool:
        """Whether somebody has said what the case weighs by."""
        return self.acuity is not None and self.intensity is not None


@dataclass(frozen=True, slots=True)
class Band:
    """Between how many points a worker's load should lie."""

    low: float
    high: float

    def place(self, points: float) -> Place:
        """Where a load lies; the ends belong to the band."""
        if points < self.low:
            return Place.BELOW
        return Place.ABOVE if points > self.high else Place.WITHIN


@dataclass(frozen=True, slots=True)
class Load:
    """What somebody carries: open cases, their points, how many nobody has weighed, how many weigh
    on the one who carries them."""

    cases: int = 0
    points: float = 0.0
    not_weighed: int = 0
    trauma: int = 0

    @property
    def trauma_share(self) -> float:
        """The part of all cases that weigh on the one who carries them, 0 to 1."""
        return self.trauma / self.cases if self.cases else 0.0

    @property
    def for_others(self) -> "Load":
        """The load as anybody but the one who carries it may see it."""
        return replace(self, trauma=0)


@dataclass(frozen=True, slots=True)
class Equity:
    """How evenly a team shares its load.

    `to_move` is the part of all points that would have to change hands for everybody to carry the
    same (the Hoover index), `highest` the highest load as a multiple of the median; None where the
    median is 0.
    """

    median: float
    to_move: float
    highest: float | None


def weights_of(settings: Mapping[str, Value]) -> Weights:
    """The weights of a network with these settings."""
    names = ("acuity", "intensity", "open_need", "travel")
    return Weights(*(float(str(settings[f"weight_{name}"])) for name in names))


def band_of(settings: Mapping[str, Value]) -> Band:
    """The band of a network with these settings."""
    return Band(float(str(settings["caseload_low"])), float(str(settings["caseload_high"])))


def weight_of(case: CaseFacts, weights: Weights) -> float:
    """How many points a case weighs."""
    return round(
        weights.acuity * _acuity(case)
        + weights.intensity * _intensity(case)
        + weights.open_need * case.open_needs
        + weights.travel * case.travels,
        1,
    )


def formula(weights: Weights) -> str:
    """How a weight is reckoned, with the numbers of the network."""
    return (
        f"{weights.acuity:g} × acuity (1 to 5) + {weights.intensity:g} × intensity (1 to 3) + "
        f"{weights.open_need:g} × open needs + {weights.travel:g} if the worker travels"
    )


def in_numbers(case: CaseFacts, weights: Weights) -> str:
    """How the weight of this case came about."""
    travel = f" + {weights.travel:g}" if case.travels else ""
    return (
        f"{weights.acuity:g} × {_acuity(case)} + {weights.intensity:g} × {_intensity(case)} + "
        f"{weights.open_need:g} × {case.open_needs}{travel} = {weight_of(case, weights):g}"
    )


def load_of(cases: Iterable[CaseFacts], weights: Weights) -> Load:
    """What somebody with these cases carries."""
    held = list(cases)
    return Load(
        len(held),
        round(sum(weight_of(case, weights) for case in held), 1),
        sum(not case.is_weighed for case in held),
        sum(case.trauma for case in held),
    )


def equity_of(points: Sequence[float]) -> Equity | None:
    """How evenly these loads are shared; None where there is nothing to compare."""
    total = sum(points)
    if len(points) < 2 or total <= 0:
        return None
    mean, middle = total / len(points), median(points)
    to_move = sum(each - mean for each in points if each > mean) / total
    return Equity(middle, to_move, max(points) / middle if middle > 0 else None)


def equity_in_words(equity: Equity) -> str:
    """What a comparison says, in one sentence."""
    share = f"{equity.to_move:.0%} of all points would have to change hands for equal loads"
    if equity.to_move < 0.005:
        return "Everybody carries the same."
    if equity.highest is None:
        return f"{share}; at least half of the workers carry nothing."
    return f"The highest load is {equity.highest:.1f} times the middle one; {share}."


def check_case(acuity: int | None, intensity: int | None) -> None:
    """Raise InvalidInput for what a case cannot weigh by."""
    faults = {}
    if acuity is not None and acuity not in ACUITY:
        faults["acuity"] = "Choose a number from 1, stable, to 5, in crisis."
    if intensity is not None and intensity not in tuple(Intensity):
        faults["intensity"] = "Choose a number from 1, light, to 3, intense."
    if faults:
        raise InvalidInput("Choose from the lists.", faults)


def _acuity(case: CaseFacts) -> int:
    return USUAL_ACUITY if case.acuity is None else case.acuity


def _intensity(case: CaseFacts) -> int:
    return USUAL_INTENSITY if case.intensity is None else case.intensity
