"""A page with a chart of each kind, as a hub serves it."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import Flask, render_template_string

from referral_hub.web.chart_tables import register_chart_tables
from referral_hub.web.security_headers import register_security_headers

PAGE = """
{% from "macros/charts.html" import chart, charts_head %}
<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
  <title>Charts</title>
  <link rel="icon" href="{{ url_for('static', filename='img/hub.svg') }}" type="image/svg+xml">
  <link rel="stylesheet" href="{{ url_for('static', filename='vendor/uswds/css/uswds.css') }}">
  <link rel="stylesheet" href="{{ url_for('static', filename='css/hub.css') }}">
  <link rel="stylesheet" href="{{ url_for('static', filename='css/work.css') }}">
  {{ charts_head() }}
</head>
<body><main><div class="work"><h1>Charts</h1>
{% for each in samples %}
{% call chart(each.kind, each.title, each.caption, each.columns, each.rows, each.note,
              centre=each.centre, limits=each.limits) %}<p>Pinned: {{ each.title }}</p>{% endcall %}
{% endfor %}
</div></main></body></html>
"""


@dataclass(frozen=True)
class Sample:
    """A chart as a page would ask for it."""

    kind: str
    title: str
    caption: str
    columns: list[dict[str, str]]
    rows: list[Any]
    note: str = ""
    centre: float | None = None
    limits: Any = ()


def column(key: str, label: str, kind: str, **more: str) -> dict[str, str]:
    return {"key": key, "label": label, "kind": kind, **more}


def month(number: int) -> date:
    """The months since September 2025."""
    return date(2025 + (8 + number) // 12, (8 + number) % 12 + 1, 1)


SENT = [112, 131, 118, 96, 142, 150, 147, 163, 158, 171, 149, 176, 182, 190]
ACCEPTED = [64, 80, 71, 60, 92, 101, 95, 115, None, 120, 109, 131, 140, 139]
DONE = [38, 45, 41, 33, 50, 57, 59, 70, 66, 76, 71, 80, None, None]

LINES = Sample(
    "line",
    "Referrals sent, accepted and completed",
    "By the month in which they were sent, all agencies.",
    [
        column("month", "Month", "month"),
        column("sent", "Sent", "number"),
        column("accepted", "Accepted by an agency", "number"),
        column("done", "Completed", "number"),
    ],
    [
        {"month": month(at), "sent": SENT[at], "accepted": ACCEPTED[at], "done": DONE[at]}
        | ({"mark": "Reminders after two days"} if at == 4 else {})
        | ({"mark": "New intake form"} if at == 11 else {})
        for at in range(14)
    ],
    "The last two months are not over: many of their referrals are still open.",
)
RATES = [0.52, 0.61, 0.58, 0.66, 0.7, 0.63, 0.72, 0.71]
LINE = Sample(
    "line",
    "Share of referrals that were completed",
    "By week of sending.",
    [column("week", "Week of", "day"), column("rate", "Completed", "percent")],
    [(date(2026, 9 + at // 4, 7 * (at % 4) + 1), rate) for at, rate in enumerate(RATES)],
)
SAMPLES = [LINES, LINE]


def charts_app(samples: list[Sample] | None = None) -> Flask:
    """A site of one page, with the scripts, styles and headers of the hub."""
    app = Flask("referral_hub")
    app.config["COOKIES_SECURE"] = False
    register_security_headers(app, "")
    register_chart_tables(app)

    @app.get("/")
    def charts() -> str:
        return render_template_string(PAGE, samples=samples or SAMPLES)

    return app
