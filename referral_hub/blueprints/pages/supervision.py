"""Figures of referrals for whoever oversees them: what became of them, and the lists behind."""

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, render_template, request

from referral_hub.rules.figure_periods import common_spans
from referral_hub.rules.figure_query import FigureQuery
from referral_hub.schemas.figure_arguments import (
    BehindArguments,
    CompareArguments,
    FigureArguments,
)
from referral_hub.use_cases.compare_figures import compare_figures
from referral_hub.use_cases.figure_views import (
    Comparison,
    Frame,
    Needs,
    Overview,
    Reasons,
    Stock,
    Times,
)
from referral_hub.use_cases.list_behind_figures import BehindFigure, list_behind_figure
from referral_hub.use_cases.show_figures import show_figures, show_reasons, show_times
from referral_hub.use_cases.show_needs import show_needs
from referral_hub.use_cases.show_stock import show_stock
from referral_hub.web.figure_input import Shown, Values, behind_of, shown_for
from referral_hub.web.guards import signed_in
from referral_hub.web.hub import actor, hub, now, session, vault

blueprint = Blueprint("supervision", __name__, url_prefix="/supervision")
Page = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Report:
    """All of it; no reasons for whoever oversees the network."""

    overview: Overview
    times: Times
    comparison: Comparison
    reasons: Reasons | None
    stock: Stock

    @property
    def frame(self) -> Frame:
        """What stands around it."""
        return self.overview.frame


@blueprint.get("")
@signed_in
def overview() -> Page:
    """What became of the referrals of some days."""
    return _page("overview", shown_for(FigureArguments(), _overview))


@blueprint.get("/times")
@signed_in
def times() -> Page:
    """How long things took."""
    return _page("times", shown_for(FigureArguments(), _times))


@blueprint.get("/compare")
@signed_in
def compare() -> Page:
    """Agencies, needs, areas or workers side by side."""
    return _page("compare", shown_for(CompareArguments(), _compare))


@blueprint.get("/reasons")
@signed_in
def reasons() -> Page:
    """Why referrals ended as they did."""
    return _page("reasons", shown_for(FigureArguments(), _reasons))


@blueprint.get("/needs")
@signed_in
def needs() -> Page:
    """What became of needs, whichever agencies were asked."""
    return _page("needs", shown_for(FigureArguments(), _needs))


@blueprint.get("/waiting")
@signed_in
def waiting() -> Page:
    """What is open, how old it is, and who has the next word."""
    return _page("waiting", shown_for(FigureArguments(), _stock))


@blueprint.get("/referrals")
@signed_in
def referrals() -> Page:
    """The referrals behind a number."""
    return _page("referrals", shown_for(BehindArguments(), _behind))


@blueprint.get("/report")
@signed_in
def report() -> Page:
    """All of it with its definitions, to be printed."""
    return _page("report", shown_for(CompareArguments(), _report))


def _overview(query: FigureQuery, _: Values) -> Overview:
    return show_figures(session(), actor(), vault(), hub().figures, query, now=now())


def _times(query: FigureQuery, _: Values) -> Times:
    return show_times(session(), actor(), vault(), hub().figures, query, now=now())


def _compare(query: FigureQuery, values: Values) -> Comparison:
    by, measure = values["by"], values["show"]
    return compare_figures(
        session(), actor(), vault(), hub().figures, query, by, measure, now=now()
    )


def _reasons(query: FigureQuery, _: Values) -> Reasons:
    return show_reasons(session(), actor(), vault(), hub().figures, query, now=now())


def _needs(query: FigureQuery, _: Values) -> Needs:
    return show_needs(session(), actor(), vault(), hub().figures, query, now=now())


def _stock(query: FigureQuery, _: Values) -> Stock:
    return show_stock(session(), actor(), vault(), hub().figures, query, now=now())


def _behind(query: FigureQuery, values: Values) -> BehindFigure:
    return list_behind_figure(
        session(), actor(), vault(), hub().figures, query, behind_of(values),
        page=values["page"], now=now(),
    )  # fmt: skip


def _report(query: FigureQuery, values: Values) -> Report:
    found = _overview(query, values)
    return Report(
        overview=found,
        times=_times(query, values),
        comparison=_compare(query, values),
        reasons=None if found.frame.is_network else _reasons(query, values),
        stock=_stock(query, values),
    )


def _page(name: str, shown: Shown[Any]) -> Page:
    page = render_template(
        f"supervision/{name}.html", page=name, shown=shown, found=shown.found,
        frame=shown.found.frame, errors=shown.faults, params=request.args,
        spans=common_spans(shown.today),
    )  # fmt: skip
    return page, shown.status
