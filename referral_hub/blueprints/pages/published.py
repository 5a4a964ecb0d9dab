"""What the network publishes of its referrals: the same for everybody who works in it."""

from collections.abc import Iterator
from datetime import timedelta

from flask import Blueprint, Response, render_template, request

from referral_hub.formats.figure_files import ASKED_COLUMNS, cell_text
from referral_hub.formats.published_files import published_csv
from referral_hub.rules.figure_whose import Whose
from referral_hub.rules.published_figures import (
    OUTCOME_LABEL,
    Cut,
    Outcome,
    Quarter,
    read_quarter,
)
from referral_hub.use_cases.publish_figures import Published, show_published
from referral_hub.web.guards import signed_in
from referral_hub.web.hub import actor, now, session

blueprint = Blueprint("published", __name__, url_prefix="/supervision")
NOT_STATED = "Not stated"
CUT_LABEL = {
    Cut.AGENCY: "Receiving agency",
    Cut.DOMAIN: "Need",
    Cut.COUNTY: "County of the service",
}


@blueprint.get("/published")
@signed_in
def published() -> str:
    """The tables of a quarter."""
    found = _found()
    return render_template(
        "supervision/published.html", found=found, outcomes=OUTCOME_LABEL, cuts=CUT_LABEL,
        quarters=[(str(each), str(each)) for each in found.quarters],
    )  # fmt: skip


@blueprint.get("/published.csv")
@signed_in
def published_file() -> Response:
    """All tables of a quarter, as a file."""
    found = _found()
    name = f"published-{found.quarter or 'nothing'}.csv"
    head = [*ASKED_COLUMNS, "by", "name", "referrals", *(each.value for each in Outcome)]
    return Response(
        published_csv(head, _lines(found)),
        mimetype="text/csv",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _found() -> Published:
    return show_published(session(), actor(), _quarter(), now=now())


def _quarter() -> Quarter | None:
    asked = request.args.get("quarter", "")
    return read_quarter(asked) if asked else None


def _lines(found: Published) -> Iterator[list[str | int | None]]:
    asked = _asked(found)
    for cut, rows in found.tables.items():
        for row in rows:
            yield [*asked, cut.value, row.label or NOT_STATED, row.total, *row.outcomes.values()]


def _asked(found: Published) -> list[str]:
    """Of which days it is, as of when and whose, in the order of `ASKED_COLUMNS`."""
    if found.quarter is None:
        return []
    last = found.quarter.ends - timedelta(days=1)
    days = [found.quarter.begins.isoformat(), last.isoformat()]
    return [*days, cell_text(found.as_of), Whose(None).name, ""]
