"""What pages with figures offer beside them: notes pinned to charts, and ways to go on."""

from collections.abc import Mapping, Sequence

from flask import Flask, g, request

from referral_hub.rules.errors import InvalidInput
from referral_hub.rules.figure_filters import as_address, read_filter
from referral_hub.rules.figure_query import oversight_of
from referral_hub.rules.improvement_words import left_out_words
from referral_hub.rules.improvements import (
    DRAWN_LABEL,
    EVERY_LABEL,
    MEASURED_LABEL,
    OPEN_STAGES,
    STAGE_LABEL,
    STAGE_MEANING,
    Stage,
    measured_for,
)
from referral_hub.rules.mail_schedules import EVERY_LABEL as MAILED_LABEL
from referral_hub.rules.mail_schedules import LAST_DAY, WEEKDAYS
from referral_hub.rules.permissions import Permission, is_allowed
from referral_hub.use_cases.figure_notes import NoteView, notes_of_page
from referral_hub.web.hub import actor, session, vault
from referral_hub.web.improvement_charts import series_columns, series_rows

Options = list[tuple[str, str]]


def notes_here(chart: str) -> Sequence[NoteView]:
    """The notes that are pinned to a chart of the present page, as it is for the referrals that the
    address asks for. They are read once for all charts of the page."""
    if "figure_notes" not in g:
        g.figure_notes = _notes()
    found: Mapping[str, Sequence[NoteView]] = g.figure_notes
    return found.get(chart, ())


def _notes() -> Mapping[str, Sequence[NoteView]]:
    if not is_allowed(actor(), Permission.FIGURES_FOLLOW):
        return {}
    try:
        return notes_of_page(session(), actor(), vault(), request.path, request.args)
    except InvalidInput:
        return {}


def this_view() -> str:
    """The path of the present page with its parameters."""
    query = request.query_string.decode("ascii", "replace")
    return f"{request.path}?{query}" if query else request.path


def this_filter() -> str:
    """Of which referrals the present page is, as parameters; empty where it is of all."""
    try:
        return as_address(read_filter(request.args))
    except InvalidInput:
        return ""


def stage_label(stage: Stage) -> str:
    """A stage of an improvement in a word."""
    return STAGE_LABEL[stage]


def following_options(kind: str) -> Options:
    """(value, label) to choose from."""
    return list(_OPTIONS[kind])


def measured_options() -> Options:
    """(value, label) of what whoever looks can follow."""
    return [(each.value, label) for each, label in measured_for(oversight_of(actor())).items()]


def _hour(hour: int) -> str:
    return f"{hour % 12 or 12} {'AM' if hour < 12 else 'PM'}"


_OPTIONS: dict[str, Options] = {
    "every": [(each.value, label) for each, label in EVERY_LABEL.items()],
    "drawn": [(each.value, label) for each, label in DRAWN_LABEL.items()],
    "stage": [(each.value, f"{STAGE_LABEL[each]}: {STAGE_MEANING[each]}") for each in OPEN_STAGES],
    "mailed": [(each.value, label) for each, label in MAILED_LABEL.items()],
    "weekday": [(str(number), name) for number, name in enumerate(WEEKDAYS)],
    "day": [
        (str(day), "The last day" if day == LAST_DAY else str(day))
        for day in range(1, LAST_DAY + 1)
    ],
    "hour": [(str(hour), _hour(hour)) for hour in range(24)],
}


def register_figure_following(app: Flask) -> None:
    """Give templates these."""
    for function in (
        following_options, left_out_words, measured_options, notes_here, series_columns,
        series_rows, stage_label, this_filter, this_view,
    ):  # fmt: skip
        app.add_template_global(function)
    app.jinja_env.globals["improvement_stages"] = OPEN_STAGES
    app.jinja_env.globals["measured_label"] = MEASURED_LABEL.__getitem__
