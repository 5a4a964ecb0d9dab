"""What may be said of a series, and what not, in sentences."""

from collections.abc import Iterable
from datetime import date

from referral_hub.rules.control_charts import FEWEST_POINTS, Cause, Chart, Signal
from referral_hub.rules.improvement_series import Centres, Series, Shares
from referral_hub.rules.improvements import UNIT, Drawn, Every, Measured, Quantity
from referral_hub.rules.proportions import Interval, Share

FEWEST_REFERRALS = 5
"""A point of fewer jumps by chance alone."""
FEWEST_TO_JUDGE = 8
"""With fewer points no row of eight can show."""


def comparison_words(found: Series, compared: Shares | Centres, drawn: Drawn) -> str:
    """What came before and after the first change, in a sentence."""
    if isinstance(compared, Shares):
        interval = compared.difference.interval
        return (
            f"Before the first change {_share(compared.before)}, after it "
            f"{_share(compared.after)}: {_points(compared.difference.value)} points, with 95% "
            f"confidence between {_points(interval.low)} and {_points(interval.high)}."
        )
    middle = "median" if drawn is Drawn.RUN else "mean"
    return (
        f"Before the first change the {middle} of a {found.every.value} was "
        f"{value_words(found.measured, compared.before)}, after it "
        f"{value_words(found.measured, compared.after)}."
    )


def caution(compared: Shares | Centres) -> str:
    """What a comparison does not prove."""
    opening = ""
    if isinstance(compared, Shares) and _holds_nothing(compared.difference.interval):
        opening = "So much can be chance alone. "
    return (
        f"{opening}This does not prove that the change was the cause: other things may have "
        "changed at the same time, and who was referred before and after may differ."
    )


def _holds_nothing(interval: Interval) -> bool:
    return interval.low <= 0 <= interval.high


def warnings(found: Series, chart: Chart) -> tuple[str, ...]:
    """What to beware of before one reads a chart."""
    return tuple(_warnings(found, chart))


def _warnings(found: Series, chart: Chart) -> Iterable[str]:
    if not found.points:
        yield f"No whole {found.every.value} can be told of yet."
        return
    small = sum(point.size < FEWEST_REFERRALS for point in found.points)
    if small and found.measured not in (Quantity.SENT, Quantity.OVERDUE):
        longer = " Months are steadier than weeks." if found.every is Every.WEEK else ""
        yield (
            f"{small} of {len(found.points)} points are of fewer than {FEWEST_REFERRALS} "
            f"referrals, and jump by chance alone.{longer}"
        )
    for number, phase in enumerate(chart.phases):
        known = sum(each.value is not None for each in found.points[phase.first : phase.end])
        where = _phase_words(number, len(chart.phases))
        if known < FEWEST_TO_JUDGE:
            yield f"{where} has {_counted(known)}: of fewer than {FEWEST_TO_JUDGE} one sees little."
        elif phase.provisional:
            first = f"its limits are a first guess until there are {FEWEST_POINTS}"
            yield f"{where} has {_counted(known)}: {first}."


def left_out_words(found: Series) -> str:
    """Why the last weeks or months are not in a series; empty where all are."""
    number, young, noun = found.left_out, found.too_young, found.every.value
    if not number:
        return ""
    is_one = number == 1
    opening = f"The last {noun} is" if is_one else f"The last {number} {noun}s are"
    theirs = "its" if is_one else "their"
    if young == number:
        return f"{opening} left out: {theirs} referrals are too young to tell."
    if not young:
        return f"{opening} left out: none of {theirs} referrals counts."
    some = f"1 {noun}" if young == 1 else f"{young} {noun}s"
    return (
        f"{opening} left out: the referrals of {some} are too young to tell, and of the others"
        " none counts."
    )


def _phase_words(number: int, of: int) -> str:
    if of == 1:
        return "The series"
    return "The time before the first change" if number == 0 else f"The time after change {number}"


def _counted(number: int) -> str:
    return "1 point" if number == 1 else f"{number} points"


def signal_words(found: Series, chart: Chart, signal: Signal) -> str:
    """What points at a cause of its own, in words."""
    points = [chart.points[place] for place in signal.points]
    is_above = sum((each.value or 0) > (each.centre or 0) for each in points) * 2 > len(points)
    begins = [found.points[place].begins for place in signal.points]
    span = f"from {when(found.every, begins[0])} to {when(found.every, begins[-1])}"
    number = len(points)
    side = "above" if is_above else "below"
    limit = "upper" if is_above else "lower"
    match signal.cause:
        case Cause.BEYOND_LIMIT:
            return f"{when(found.every, begins[0])} lies {side} the {limit} limit"
        case Cause.SHIFT:
            return f"{number} points in a row {side} the centre, {span}"
        case Cause.TREND:
            moves = "rise" if (points[-1].value or 0) > (points[0].value or 0) else "fall"
            return f"{number} points in a row that {moves}, {span}"
        case Cause.NEAR_LIMIT:
            return f"{number} of 3 points close to the {limit} limit, {span}"


def when(every: Every, day: date) -> str:
    """A week or month in words."""
    if every is Every.MONTH:
        return f"{day:%B} {day.year}"
    return f"the week of {day:%B} {day.day}, {day.year}"


def value_words(measured: Measured, value: float) -> str:
    """A value as people read it."""
    if isinstance(measured, Quantity):
        return f"{_number(value)} {UNIT[measured]}"
    return f"{100 * value:.1f}%"


def _share(share: Share) -> str:
    return f"{share.met:,} of {share.of:,} ({100 * (share.rate or 0):.1f}%)"


def _points(value: float) -> str:
    return f"{100 * value:+.1f}".replace("-", "−")


def _number(value: float) -> str:
    return f"{value:,.1f}"
