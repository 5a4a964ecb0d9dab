"""Figures of referrals to take away, as CSV: the numbers of the pages."""

from collections.abc import Iterable, Sequence

from flask import Blueprint, Response

from referral_hub.formats.figure_files import (
    COMPARISON_COLUMNS,
    FIGURE_COLUMNS,
    REFERRAL_COLUMNS,
    Cell,
    figures_csv,
)
from referral_hub.schemas.figure_arguments import (
    BehindArguments,
    CompareArguments,
    FigureArguments,
)
from referral_hub.use_cases.export_figures import (
    export_comparison,
    export_figures,
    export_referrals_behind,
)
from referral_hub.web.figure_input import behind_of, required_query
from referral_hub.web.figure_rows import comparison_rows, figure_rows, referral_rows
from referral_hub.web.guards import signed_in
from referral_hub.web.hub import actor, hub, now, session, vault

blueprint = Blueprint("supervision_files", __name__, url_prefix="/supervision")


@blueprint.get("/figures.csv")
@signed_in
def figures() -> Response:
    """The figures of a cohort as a file."""
    query, _ = required_query(FigureArguments())
    found = export_figures(session(), actor(), vault(), hub().figures, query, now=now())
    return _file("figures.csv", FIGURE_COLUMNS, figure_rows(found))


@blueprint.get("/compare.csv")
@signed_in
def comparison() -> Response:
    """A comparison as a file."""
    query, values = required_query(CompareArguments())
    found = export_comparison(
        session(), actor(), vault(), hub().figures, query, values["by"], values["show"], now=now()
    )
    return _file("compare.csv", COMPARISON_COLUMNS, comparison_rows(found))


@blueprint.get("/referrals.csv")
@signed_in
def referrals() -> Response:
    """The referrals behind a number as a file."""
    query, values = required_query(BehindArguments())
    found = export_referrals_behind(
        session(), actor(), vault(), hub().figures, query, behind_of(values), now=now()
    )
    return _file("referrals.csv", REFERRAL_COLUMNS, referral_rows(found))


def _file(name: str, columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Response:
    return Response(
        figures_csv(columns, rows),
        mimetype="text/csv",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
