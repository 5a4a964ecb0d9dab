"""Figures of referrals as JSON, for partner systems: the numbers of the pages."""

from typing import Any

from flask import request
from flask_smorest import Blueprint

from referral_hub.rules.published_figures import read_quarter
from referral_hub.rules.scopes import Scope
from referral_hub.schemas.figure_arguments import (
    ComparisonArguments,
    PublishedArguments,
    ReportArguments,
)
from referral_hub.schemas.report import (
    ComparisonReportSchema,
    FiguresReportSchema,
    NeedsReportSchema,
    PublishedReportSchema,
    TimesReportSchema,
    WaitingReportSchema,
)
from referral_hub.use_cases.compare_figures import compare_figures
from referral_hub.use_cases.publish_figures import show_published
from referral_hub.use_cases.show_figures import show_figures, show_times
from referral_hub.use_cases.show_needs import show_needs
from referral_hub.use_cases.show_stock import show_stock
from referral_hub.web.api_docs import described
from referral_hub.web.figure_input import required_query
from referral_hub.web.guards import application, needs_scope
from referral_hub.web.hub import actor, hub, now, session, vault
from referral_hub.web.input import require_arguments
from referral_hub.web.report_answer import (
    comparison_answer,
    figures_answer,
    needs_answer,
    published_answer,
    times_answer,
    waiting_answer,
)

blueprint = Blueprint(
    "api-reports", __name__, url_prefix="/api/v1/reports",
    description="Figures of the referrals of one's own agency",
)  # fmt: skip
Answer = dict[str, Any]


@blueprint.get("/figures")
@described(blueprint, "getFigures", FiguresReportSchema, arguments=ReportArguments)
@application
@needs_scope(Scope.REPORTS_READ)
def figures() -> Answer:
    """What became of the referrals of some days: each figure with its numerator, its denominator,
    what is still open, too young or left out; where they stand, how far they came, by month."""
    query, _ = required_query(ReportArguments())
    found = show_figures(session(), actor(), vault(), hub().figures, query, now=now())
    return figures_answer(found)


@blueprint.get("/comparison")
@described(blueprint, "getComparison", ComparisonReportSchema, arguments=ComparisonArguments)
@application
@needs_scope(Scope.REPORTS_READ)
def comparison() -> Answer:
    """Agencies, needs, areas, services, teams or workers side by side, with what chance does."""
    query, values = required_query(ComparisonArguments())
    found = compare_figures(
        session(), actor(), vault(), hub().figures, query, values["by"], values["show"], now=now()
    )
    return comparison_answer(found)


@blueprint.get("/times")
@described(blueprint, "getTimes", TimesReportSchema, arguments=ReportArguments)
@application
@needs_scope(Scope.REPORTS_READ)
def times() -> Answer:
    """How long things took, told of those too that still wait: of each way to end, the share by
    days 2, 7, 30 and 90. Acceptance and completion are told without the time on hold and on waiting
    lists too (`moving`). `followed` is the plain share of the goal by each day, of those alone that
    began so long ago."""
    query, _ = required_query(ReportArguments())
    return times_answer(show_times(session(), actor(), vault(), hub().figures, query, now=now()))


@blueprint.get("/waiting")
@described(blueprint, "getWaiting", WaitingReportSchema, arguments=ReportArguments)
@application
@needs_scope(Scope.REPORTS_READ)
def waiting() -> Answer:
    """What is open, by age and by who has the next word, and the last weeks."""
    query, _ = required_query(ReportArguments())
    return waiting_answer(show_stock(session(), actor(), vault(), hub().figures, query, now=now()))


@blueprint.get("/needs")
@described(blueprint, "getNeeds", NeedsReportSchema, arguments=ReportArguments)
@application
@needs_scope(Scope.REPORTS_READ)
def needs() -> Answer:
    """What became of the needs of one's clients, whichever agencies were asked: met, accepted by
    the first choice, back within 90 days, and how long until anybody accepted. They are those of
    the sender: `side` is left out or `sender`; teams and workers are those that refer."""
    query, _ = required_query(ReportArguments())
    return needs_answer(show_needs(session(), actor(), vault(), hub().figures, query, now=now()))


@blueprint.get("/published")
@described(blueprint, "getPublished", PublishedReportSchema, arguments=PublishedArguments)
@application
@needs_scope(Scope.REPORTS_READ)
def published() -> Answer:
    """What everybody in the network may know of a quarter's referrals, with small counts hidden."""
    asked = require_arguments(PublishedArguments(), request.args)["quarter"]
    quarter = read_quarter(asked) if asked else None
    return published_answer(show_published(session(), actor(), quarter, now=now()))
