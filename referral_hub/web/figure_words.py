"""How figures read on a page, and where their numbers lead."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from enum import Enum
from functools import lru_cache
from typing import Any
from urllib.parse import quote_plus

from flask import Flask

from referral_hub.rules import figure_words as words
from referral_hub.rules.figure_list_words import behind_words
from referral_hub.rules.figure_lists import OfNeeds
from referral_hub.rules.figure_query import FIELD_OF, FILTERS, Dimension, FigureQuery
from referral_hub.rules.funnel import Position
from referral_hub.rules.measured_times import End, Wait
from referral_hub.rules.measures import Measure, Part, Rate, Stage, Standing
from referral_hub.rules.reason_codes import Attribution
from referral_hub.rules.referral_lifecycle import Side
from referral_hub.rules.referral_waiting import Waits
from referral_hub.use_cases.figure_views import Frame, Week, condition_words
from referral_hub.web.figure_input import Shown, Values
from referral_hub.web.presentation import counted

LIST = "/supervision/referrals"
_LABELS: Mapping[type[Enum], Mapping[Any, str]] = {
    Measure: words.MEASURE_LABEL,
    Part: words.PART_LABEL,
    Standing: words.STANDING_LABEL,
    Stage: words.STAGE_LABEL,
    Wait: words.WAIT_LABEL,
    End: words.END_LABEL,
    Dimension: words.DIMENSION_LABEL,
    Attribution: words.ATTRIBUTION_LABEL,
    Waits: words.WAITS_LABEL,
    Side: words.SIDE_LABEL,
    Position: words.POSITION_LABEL,
}
BEHIND = (
    "measure", "part", "standing", "reason", "stage", "open", "overdue", "waits", "age", "age_of",
    "wait", "by_day", "reached", "of_needs", "tried", "due_to", "told", "flow", "week",
    "unassigned",
)  # fmt: skip
_HOURS_BELOW = 2
NEEDS = "/needs"


def figure_label(value: Enum) -> str:
    """What a measure, a standing and all else of figures is called."""
    return _LABELS[type(value)][value]


def figure_link(path: str, shown: Shown[Any], **more: object) -> str:
    """The address of a page for the same question, changed by `more`; None drops a part of it."""
    asked = _question(shown.found.frame.query, shown.values["as_of"])
    return f"{path}?{'&'.join(filter(None, {**asked, **_pairs(more)}.values()))}"


def tab_link(path: str, shown: Shown[Any]) -> str:
    """The address of another page for the same question, as far as it can be asked there: needs
    are always those of the viewer's own agency as the sender."""
    if not path.endswith(NEEDS):
        return figure_link(path, shown)
    senseless = ["side", "from_agency_id"]
    if shown.found.frame.query.side is Side.RECEIVER:
        senseless += ["team_id", "worker_id"]
    return figure_link(path, shown, **dict.fromkeys(senseless))


def list_link(shown: Shown[Any], **more: object) -> str:
    """The list behind a number of the same question."""
    return figure_link(LIST, shown, **more)


def group_link(shown: Shown[Any], by: Dimension, key: str, **more: object) -> str:
    """The list behind a number of one group; empty where no filter asks for it. Where one need
    alone is asked for, its domain is no wider condition."""
    if not key:
        return ""
    field, need = FIELD_OF[by], shown.found.frame.query.need
    narrower = field == "need" and need.startswith(f"{key}.")
    return list_link(shown, **{field: need if narrower else key}, **more)


def open_link(shown: Shown[Any], week: Week, days: int) -> str:
    """The list of what was open so many days after a week began; empty where the question is of
    referrals that have something now that they may not have had then."""
    query = shown.found.frame.query
    if query.priority is not None or query.worker_id is not None:
        return ""
    return list_link(shown, open=True, as_of=week.begins + timedelta(days=days - 1))


def no_place_link(query: FigureQuery, need: str, area: str = "", domain: str = "") -> str:
    """The list behind needs for which no agency had a place, of a kind or in an area; empty where
    no filter asks for it."""
    if not (area or domain):
        return ""
    of = replace(query, area=area, need=need or domain)
    asked = {**_question(of, None), **_pairs({"of_needs": OfNeeds.NO_PLACE})}
    return f"{LIST}?{'&'.join(filter(None, asked.values()))}"


def behind_parameters(values: Values) -> dict[str, object]:
    """Those parameters of a list that say which number is asked for."""
    given = {name: value for name in BEHIND if _is_given(value := values.get(name))}
    if "age" not in given:
        given.pop("age_of", None)
    return given


def filter_words(frame: Frame) -> list[tuple[str, str]]:
    """The conditions of a question, each by its name and in words; its days come first."""
    query = frame.query
    sent = f"{_day(query.since)} to {_day(last_day(query))}"
    return [("Sent", sent), *condition_words(query, frame.choices)]


def need_choices(frame: Frame) -> list[tuple[str, str]]:
    """Domains of need and needs, each once, as a filter offers them."""
    offered = (frame.choices.get(each, ()) for each in (Dimension.DOMAIN, Dimension.NEED))
    found = {value: label for choices in offered for value, label in choices}
    return sorted(found.items())


def measure_definition(frame: Frame, measure: Measure) -> str:
    """What a figure is of, in a sentence or two."""
    return words.definition(measure, frame.follow_up_days, frame.answer_days)


def maturing_because(frame: Frame, measure: Measure) -> str:
    """Why referrals do not count in a figure yet."""
    return words.maturing_because(measure, frame.follow_up_days)


def left_out(rate: Rate) -> list[tuple[Part, int]]:
    """What is in neither number of a figure, by why."""
    return [(Part(name), number) for name, number in rate.left_out.items()]


def comparisons(frame: Frame) -> list[tuple[str, str]]:
    """By what the viewer may compare."""
    offered = {Dimension(name) for name in frame.choices} - {Dimension.SERVICE}
    return [(each.value, words.DIMENSION_LABEL[each]) for each in Dimension if each in offered]


def last_day(query: FigureQuery) -> date:
    """The last day of sending of a question."""
    return query.until - timedelta(days=1)


def has_more(given: Mapping[str, str]) -> bool:
    """Whether an address has other conditions than days of sending."""
    return any(given.get(name) for name in (*FILTERS, "as_of"))


def days(value: float) -> str:
    """A length of time: in hours below two days, else in days."""
    if value < _HOURS_BELOW:
        return counted(round(value * 24), "hour", "hours")
    return f"{value:,.1f}".removesuffix(".0") + " days"


def figure_measures() -> list[tuple[str, str]]:
    """The measures to choose from."""
    return [(each.value, label) for each, label in words.MEASURE_LABEL.items()]


def _is_given(value: object) -> bool:
    return value is not None and value is not False and value != ""


@lru_cache(maxsize=64)
def _question(query: FigureQuery, as_of: object) -> Mapping[str, str]:
    """A page has thousands of links that ask the same but for a word."""
    asked = {name: getattr(query, name) for name in FILTERS}
    days = {"since": query.since, "until": last_day(query)}
    return _pairs({**days, "as_of": as_of, **asked})


def _pairs(values: Mapping[str, object]) -> dict[str, str]:
    """Each value as it stands in an address, empty where there is none."""
    texts = ((name, _text(value)) for name, value in values.items())
    return {name: text and f"{name}={quote_plus(text)}" for name, text in texts}


def _text(value: object) -> str:
    if isinstance(value, Enum):
        return str(value.value)
    if not _is_given(value):
        return ""
    if value is True:
        return "1"
    return value.isoformat() if isinstance(value, date) else str(value)


def _day(day: date) -> str:
    return f"{day:%B} {day.day}, {day.year}"


def register_figure_words(app: Flask) -> None:
    """Give templates these words and links."""
    for function in (
        behind_words, behind_parameters, comparisons, figure_label, figure_link, figure_measures,
        filter_words, group_link, has_more, last_day, left_out, list_link, maturing_because,
        measure_definition, need_choices, no_place_link, open_link, tab_link,
    ):  # fmt: skip
        app.add_template_global(function)
    app.add_template_filter(days)
    app.jinja_env.globals["age_labels"] = words.AGE_LABEL
