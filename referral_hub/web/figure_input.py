"""Questions for figures, as addresses ask them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from typing import Any, Generic, TypeVar

from flask import request
from marshmallow import Schema

from referral_hub.rules.errors import InvalidInput
from referral_hub.rules.figure_lists import Behind
from referral_hub.rules.figure_periods import year_before
from referral_hub.rules.figure_query import FILTERS, FigureQuery
from referral_hub.use_cases.network_time_zone import network_time_zone
from referral_hub.web.hub import actor, now, session
from referral_hub.web.input import load_arguments, require_arguments

Found = TypeVar("Found")
Values = Mapping[str, Any]
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Shown(Generic[Found]):
    """What is shown for an address: what was `found`, for which `values`, and what is wrong with
    those that were given; then what is found is that without them."""

    found: Found
    values: Values
    faults: Mapping[str, str]
    today: date

    @property
    def status(self) -> int:
        """The status of the page."""
        return 422 if self.faults else 200


def shown_for(schema: Schema, show: Callable[[FigureQuery, Values], Found]) -> Shown[Found]:
    """What a page shows: also for parameters that cannot be used, which are named."""
    at = now().astimezone(network_time_zone(session(), actor()))
    values, faults = load_arguments(schema, request.args)
    if not faults:
        try:
            return Shown(show(figure_query(values, at), values), values, faults, at.date())
        except InvalidInput as error:
            faults = dict(error.fields) or {"": error.message}
    plain = _plain(type(schema))
    return Shown(show(figure_query(plain, at), plain), plain, faults, at.date())


@cache
def _plain(schema: type[Schema]) -> Values:
    return dict(schema().load({}))


def required_query(schema: Schema) -> tuple[FigureQuery, Values]:
    """What programs ask. Raises InvalidInput and UnknownParameter."""
    values = require_arguments(schema, request.args)
    at = now().astimezone(network_time_zone(session(), actor()))
    return figure_query(values, at), values


def figure_query(values: Values, at: datetime) -> FigureQuery:
    """A question for figures: by default of the last twelve months up to today. `at` is now, where
    the network is."""
    until = values["until"] or at.date()
    since = values["since"] or year_before(until)
    filters = {name: values[name] for name in FILTERS}
    return FigureQuery(since, until + _DAY, _moment(values["as_of"], at), **filters)


def _moment(asked: date | datetime | None, at: datetime) -> datetime | None:
    """The end of a day, or a moment; of today, which has not ended, it is now."""
    if asked is None or asked == at.date():
        return None
    if isinstance(asked, datetime):
        return asked.astimezone(UTC)
    return datetime.combine(asked + _DAY, time(), at.tzinfo).astimezone(UTC)


def behind_of(values: Values) -> Behind:
    """Which number's referrals are asked for."""
    return Behind(
        measure=values["measure"],
        part=values["part"],
        standing=values["standing"],
        reason=values["reason"],
        stage=values["stage"],
        is_open=values["open"],
        is_overdue=values["overdue"],
        waits=values["waits"],
        age=values["age"],
        since=values["age_of"],
        wait=values["wait"],
        by_day=values["by_day"],
        is_reached=values["reached"],
        of_needs=values["of_needs"],
        tried=values["tried"],
        due_to=values["due_to"],
        told=values["told"],
        flow=values["flow"],
        week=values["week"],
        is_unassigned=values["unassigned"],
    )
