"""How long until something ends, told of those too that have not ended yet.

What is given are counts: so many had this end after that time. Who has millions of rows counts
them first, by day or hour; the work grows with the number of different times. Times are numbers
from 0 on in any unit.
"""

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from math import exp, inf, log, sqrt

from referral_hub.rules.proportions import LEVEL, Interval, Share, deviations

_NEAR = 1e-9
"""Sums of shares may be off by less."""
_WIDEST = 50.0
"""An interval that reaches so far is one from 0 to 1."""


@dataclass(frozen=True, slots=True)
class Spell:
    """So many that were seen until the same `time` since their start.

    `end` is what happened then; None is that they were still open when last seen. Who was first
    seen late, such as an open referral of an import, says from which time on with `entered`.
    """

    time: float
    end: str | None
    number: int = 1
    entered: float | None = None


@dataclass(frozen=True, slots=True)
class Estimate:
    """A share from 0 to 1 with its variance. `known` is of how many one knows what became."""

    value: float
    variance: float
    known: int

    def interval(self, level: float = LEVEL) -> Interval:
        """Symmetric in log(-log(value)), so that it stays between 0 and 1.

        For the product limit it is the interval of Kalbfleisch and Prentice, The Statistical
        Analysis of Failure Time Data (1980), with Greenwood's variance; for incidence
        that of Collett, Modelling Survival Data in Medical Research (3rd edition), page 411. At 0
        and 1 the variance is 0, though nothing is certain: there it is Wilson's, of those `known`.
        """
        if self.variance <= 0 or not _NEAR < self.value < 1 - _NEAR:
            return Share(self.known if self.value > 0.5 else 0, self.known).interval(level)
        spread = deviations(level) * sqrt(self.variance) / abs(self.value * log(self.value))
        power = exp(min(spread, _WIDEST))
        return Interval(self.value**power, self.value ** (1 / power))


@dataclass(frozen=True, slots=True)
class Step:
    """One time at which something ended: who was at risk, what ended, and what came of it by then.

    `incidence` is the share that had each end by then, and `open` the share that had none.
    """

    time: float
    at_risk: int
    ended: Mapping[str, int]
    open: Estimate
    incidence: Mapping[str, Estimate]


@dataclass(frozen=True, slots=True)
class Curve:
    """The shares over time.

    `left_out` were first seen when they ended, or later, and say nothing. Nobody was seen for
    longer than `seen_until`.
    """

    ends: tuple[str, ...]
    steps: tuple[Step, ...]
    flow: "_Flow"
    left_out: int

    @property
    def seen_until(self) -> float:
        """The longest time for which anybody was seen."""
        return self.flow.times[-1] if self.flow.times else 0

    def still_open(self, time: float) -> Estimate | None:
        """The share that has not ended by `time`: the product limit (Kaplan and Meier).

        None where nobody was seen for so long, unless all had ended before.
        """
        step = self._step(time)
        found = step.open if step else Estimate(1, 0, 0)
        if not self.flow.times or (time > self.seen_until and found.value):
            return None
        return replace(found, known=self.flow.known_at(time))

    def incidence(self, end: str | None, time: float) -> Estimate | None:
        """The share that had this end by `time`, where others compete (Aalen and Johansen), or any
        end: what the product limit leaves.

        None where nobody was seen for so long, unless all had ended before.
        """
        still = self.still_open(time)
        if end is None:
            return still and replace(still, value=1 - still.value)
        step = self._step(time)
        if still is None or step is None or end not in self.ends:
            return still and Estimate(0, 0, still.known)
        return replace(step.incidence[end], known=still.known)

    def median(self, end: str | None = None) -> float | None:
        """By when half have had this end, or any; None is that this was not reached.

        Whether a share is half is decided in whole numbers: it may be half exactly.
        """
        for index, step in enumerate(self.steps):
            if end is None:
                share = 1 - step.open.value
            else:
                share = step.incidence[end].value if end in self.ends else 0
            if share > 0.5 + _NEAR or (share > 0.5 - _NEAR and self._is_half(index, end)):
                return step.time
        return None

    def _step(self, time: float) -> Step | None:
        index = bisect_right(self.steps, time, key=lambda step: step.time)
        return self.steps[index - 1] if index else None

    def _is_half(self, last: int, end: str | None) -> bool:
        whole, still, had = 1, 1, 0
        for step in self.steps[: last + 1]:
            out = sum(step.ended.values())
            had = had * step.at_risk + still * (out if end is None else step.ended.get(end, 0))
            still *= step.at_risk - out
            whole *= step.at_risk
        return 2 * had >= whole


@dataclass(frozen=True, slots=True)
class _Flow:
    """At all times at which anything happened: who is at risk then, and who ended before."""

    times: list[float]
    at_risk: list[int]
    ended_before: list[int]

    def known_at(self, time: float) -> int:
        """Of how many one knows what became by then: they are still there, or ended before."""
        index = bisect_left(self.times, time)
        if index == len(self.times):
            return self.ended_before[-1]
        return self.at_risk[index] + self.ended_before[index]


def time_to_end(spells: Iterable[Spell]) -> Curve:
    """The shares over time by all ends that spells have.

    An end that is not to compete is one with which a spell is merely last seen: its `end` is None.
    Whoever is last seen at a time still counts among those at risk then.

    Variances are Greenwood's, for all shares together, stepwise: each step is a draw from those at
    risk whose errors are those of a multinomial distribution (Andersen, Borgan, Gill and Keiding,
    Statistical Models Based on Counting Processes, 1993, section IV.4). That is what the delta
    method gives (Marubini and Valsecchi 1995, Gaynor and others 1993), and p(1 - p)/n where all are
    seen to the end.
    """
    counts = _Counts.of(spells)
    flow = counts.flow()
    ends = tuple(sorted({end for ended in counts.ended.values() for end in ended}))
    still, still_variance = 1.0, 0.0
    shares = dict.fromkeys(ends, 0.0)
    variances = dict.fromkeys(ends, 0.0)
    covariances = dict.fromkeys(ends, 0.0)
    steps = []
    for time, at_risk in zip(flow.times, flow.at_risk, strict=False):
        if time not in counts.ended:
            continue
        ended, known = counts.ended[time], flow.known_at(time)
        stay = (at_risk - ended.total()) / at_risk
        noise = still * still / at_risk
        for end in ends:
            hazard = ended[end] / at_risk
            variances[end] += hazard * (hazard * still_variance + 2 * covariances[end])
            variances[end] += noise * hazard * (1 - hazard)
            covariances[end] = stay * (covariances[end] + hazard * (still_variance - noise))
            shares[end] += still * hazard
        still_variance = stay * (stay * still_variance + noise * (1 - stay))
        still *= stay
        incidence = {end: Estimate(shares[end], variances[end], known) for end in ends}
        now_open = Estimate(still, still_variance, known)
        steps.append(Step(time, at_risk, dict(ended), now_open, incidence))
    return Curve(ends, tuple(steps), flow, counts.left_out)


@dataclass(slots=True)
class _Counts:
    """Who ended, was last seen and entered at which time. Who enters is at risk after that time."""

    ended: dict[float, Counter[str]]
    last_seen: Counter[float]
    entered: Counter[float]
    left_out: int = 0

    @classmethod
    def of(cls, spells: Iterable[Spell]) -> "_Counts":
        counts = cls({}, Counter(), Counter())
        for spell in spells:
            if spell.number < 0 or not 0 <= spell.time < inf:
                raise ValueError("Counts and times are numbers from 0 on.")
            if spell.number:
                counts.add(spell)
        return counts

    def add(self, spell: Spell) -> None:
        if spell.entered is not None and spell.entered > 0:
            if spell.entered >= spell.time:
                self.left_out += spell.number
                return
            self.entered[spell.entered] += spell.number
        if spell.end is None:
            self.last_seen[spell.time] += spell.number
        else:
            self.ended.setdefault(spell.time, Counter())[spell.end] += spell.number

    def flow(self) -> _Flow:
        """The last entry of `ended_before` is of all times."""
        times = sorted({*self.ended, *self.last_seen, *self.entered})
        ended_before, at_risk = [0], []
        here = sum(ended.total() for ended in self.ended.values())
        here += self.last_seen.total() - self.entered.total()
        for time in times:
            out = self.ended[time].total() if time in self.ended else 0
            at_risk.append(here)
            ended_before.append(ended_before[-1] + out)
            here += self.entered[time] - out - self.last_seen[time]
        return _Flow(times, at_risk, ended_before)


@dataclass(frozen=True, slots=True)
class Followed:
    """So many that started `age` ago. `time` is when what is asked about happened, if it did. The
    columns of figures hold the same of many referrals."""

    age: float
    time: float | None
    number: int = 1


def share_by(time: float, followed: Iterable[Followed]) -> Share:
    """The share to which it happened by `time`, of those that started at least so long ago.

    How long ago they started decides, not how long they were seen: otherwise the quick ones of the
    last days would count and the slow ones not. This is the rule; the columns of figures follow it
    for many referrals.
    """
    met = of = 0
    for each in followed:
        if each.age >= time:
            of += each.number
            met += each.number if each.time is not None and each.time <= time else 0
    return Share(met, of)
