"""A page with a chart of each kind, as a hub serves it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import sin
from typing import Any

from flask import Flask, render_template_string

from referral_hub.rules.control_charts import CAUSE_LABEL, p_chart
from referral_hub.rules.funnel import Position, funnel_limits
from referral_hub.rules.projection import Week, project
from referral_hub.rules.proportions import Share
from referral_hub.use_cases.caseload_views import History, TeamFlow
from referral_hub.web.caseload_charts import expected_chart, flow_chart, load_chart
from referral_hub.web.chart_tables import funnel_curve, register_chart_tables
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
  <link rel="stylesheet" href="{{ url_for('static', filename='css/print.css') }}" media="print">
  {{ charts_head() }}
</head>
<body><main><div class="work"><h1>Charts</h1>
{% for each in samples %}
{% call chart(each.kind, each.title, each.caption, each.columns, each.rows, each.note,
              centre=each.centre, centre_label=each.centre_label,
              limits=each.limits) %}<p>Pinned: {{ each.title }}</p>{% endcall %}
{% endfor %}
</div></main></body></html>
"""


@dataclass(frozen=True)
class Sample:
    """A chart as a page would ask for it."""

    kind: str
    title: str
    caption: str
    columns: Sequence[Mapping[str, str]]
    rows: list[Any]
    note: str = ""
    centre: float | None = None
    centre_label: str = ""
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
DAYS = [0, 1, 2, 3, 5, 7, 10, 14, 18, 21, 28, 35, 45, 60]
SHARES = [0, 0.11, 0.24, 0.33, 0.41, 0.5, 0.55, 0.59, 0.62, 0.63, 0.65, 0.66, 0.665, 0.67]
STEPS = Sample(
    "steps",
    "What referrals end with, and when",
    "Share of all referrals that were sent from January to June 2026, by days since sending.",
    [
        column("day", "Days since sending", "number"),
        column("accepted", "Accepted", "percent"),
        column("accepted_sure", "Accepted, 95 of 100", "interval"),
        column("declined", "Declined", "percent"),
        column("declined_sure", "Declined, 95 of 100", "interval"),
        column("expired", "No answer in time", "percent"),
    ],
    [
        (
            day, share, (max(share - 0.05, 0), share + 0.05 if share else 0.0),
            share * 0.34, (max(share * 0.34 - 0.04, 0), share * 0.34 + (0.04 if share else 0)),
            0.0 if day < 10 else 0.06,
        )
        for day, share in zip(DAYS, SHARES, strict=True)
    ],
)  # fmt: skip
BARS = Sample(
    "bars",
    "Why referrals were declined",
    "January to June 2026; each reason leads to its referrals.",
    [column("reason", "Reason", "text"), column("number", "Declined", "number")],
    [
        {"reason": reason, "number": number, "address": f"/reasons/{number}"}
        for reason, number in (
            ("No room at this time", 1204),
            ("Client lives outside the area that is served", 610),
            ("Client does not meet the conditions of the service", 398),
            ("Could not be reached", 144),
            ("Other", 9),
        )
    ],
)
STACK = Sample(
    "bars",
    "Where referrals stand",
    "Sent in May 2026, by need.",
    [
        column("need", "Need", "text"),
        column("done", "Completed", "number"),
        column("open", "Under way", "number"),
        column("declined", "Declined", "number"),
        column("silent", "No answer", "number"),
    ],
    [
        ("Housing", 140, 61, 88, 30),
        ("Food", 190, 12, 9, 4),
        ("Legal aid for tenants and immigrants", 44, 70, 31, 12),
        ("Mental health", 31, 52, 40, 25),
    ],
)
RANGE = Sample(
    "range",
    "Share of referrals that were accepted, by need",
    "Sent from January to June 2026. The line through a dot holds the true share in 95 of 100.",
    [
        column("need", "Need", "text"),
        column("rate", "Accepted", "percent"),
        column("sure", "95 of 100", "interval"),
        column("of", "Referrals", "number"),
    ],
    [
        {
            "need": need,
            "rate": share.rate,
            "sure": share.interval() if share.of else None,
            "of": share.of,
        }
        for need, share in (
            ("Housing", Share(140, 319)),
            ("Food", Share(190, 215)),
            ("Legal aid for tenants and immigrants", Share(44, 77)),
            ("Mental health", Share(12, 29)),
            ("Dental care", Share(3, 4)),
            ("Interpreters", Share(0, 0)),
        )
    ],
    centre=0.617,
    centre_label="All needs 61.7%",
)
COMMON = 0.62
AGENCIES = [
    Share(round(of * rate), of)
    for of, rate in (
        (12, 0.7), (18, 0.5), (25, 0.64), (31, 0.9), (40, 0.55), (44, 0.68), (52, 0.4), (60, 0.63),
        (66, 0.7), (75, 0.6), (88, 0.65), (95, 0.35), (110, 0.58), (130, 0.66), (150, 0.74),
        (170, 0.61), (240, 0.62), (320, 0.47), (410, 0.65),
    )
]  # fmt: skip
SIGNALS = {Position.UNUSUAL: "Unusual", Position.FAR_OUTSIDE: "Far outside"}


def agency_row(at: int, share: Share) -> dict[str, Any]:
    limits = funnel_limits(COMMON, share.of)
    where = limits.position(share.rate or 0)
    return {
        "agency": f"Agency {at + 1} of the West Side",
        "of": share.of,
        "rate": share.rate,
        "inner": limits.warning,
        "outer": limits.alarm,
        "address": f"/?agency={at + 1}",
        "signal": SIGNALS.get(where, ""),
        "level": "warning" if where is Position.UNUSUAL else "",
    }


FUNNEL = Sample(
    "funnel",
    "Share of referrals that agencies accept",
    "Each point is an agency. Between the lines, differences are no more than chance.",
    [
        column("agency", "Agency", "text"),
        column("of", "Referrals decided", "number"),
        column("rate", "Accepted", "percent"),
        column("inner", "95 of 100", "interval"),
        column("outer", "99.8 of 100", "interval"),
    ],
    [agency_row(at, share) for at, share in enumerate(AGENCIES)],
    centre=COMMON,
    centre_label="All 62.0%",
    limits=funnel_curve(COMMON, [share.of for share in AGENCIES]),
)
WEEKS = [
    (38, 70), (41, 72), (35, 66), (44, 75), (39, 71), (40, 69), (36, 70), (43, 74), (20, 73),
    (40, 70), (41, 75), (37, 68), (52, 72), (50, 70), (55, 74), (49, 69), (58, 75), (51, 70),
    (54, 73), (60, 74), (53, 71), (56, 76),
]  # fmt: skip
CHART = p_chart([Share(*week) for week in WEEKS], [12])


def control_row(at: int) -> dict[str, Any]:
    point = CHART.points[at]
    causes = [CAUSE_LABEL[each.cause] for each in CHART.signals if at in each.points]
    return {
        "week": date(2026, 4, 6) + timedelta(weeks=at),
        "rate": point.value,
        "centre": point.centre,
        "limits": (point.low, point.high),
        "mark": "Intake by phone" if at == 12 else "",
        "signal": causes,
    }


CONTROL = Sample(
    "control",
    "Referrals accepted within two days",
    "By week of sending. Limits are three standard deviations.",
    [
        column("week", "Week of", "day"),
        column("rate", "Within two days", "percent"),
        column("centre", "Centre", "percent"),
        column("limits", "Limits", "interval"),
    ],
    [control_row(at) for at in range(len(WEEKS))],
)
RUN = Sample(
    "control",
    "Days until a decision",
    "Median by month.",
    [
        column("month", "Month", "month"),
        column("days", "Days", "number"),
        column("median", "Median", "number"),
    ],
    [
        {
            "month": month(at), "days": days, "median": 4.0,
            "signal": "Six in a row on one side" if at > 5 else "",
        }
        for at, days in enumerate([4.5, 3.9, 4.2, None, 4.4, 5.1, 3.8, 3.1, 3.4, 2.9, 3.2, 3.0])
    ],
)  # fmt: skip
MONDAYS = [date(2026, 9, 7) + timedelta(weeks=at) for at in range(12)]
CASES = [Week(20, came, ended) for came, ended in zip(
    (5, 5, 0, 5, 1, 2, 1, 0, 3, 3, 4, 5), (1, 1, 3, 4, 4, 3, 1, 0, 4, 2, 0, 0), strict=True
)]  # fmt: skip
TEAM = TeamFlow(
    tuple(zip(MONDAYS, CASES, strict=True)), project(CASES, 26),
    tuple(date(2026, 12, 7) + timedelta(weeks=at) for at in range(8)), None, None,
)  # fmt: skip
WORKERS = ("Ana Able", "Camila Reyes-Novak", "Dario Petrov", "Ines Abara", "Ike", "Wei Lin Zhang")
LOADS = History(
    tuple(MONDAYS),
    tuple(
        (name, tuple(None if at < place else 90.5 + 3 * place + at for at in range(12)))
        for place, name in enumerate(WORKERS)
    ),
)
CASELOADS = [
    Sample("line", title, "", drawn.columns, list(drawn.rows))
    for title, drawn in (
        ("Cases of the team by week", flow_chart(TEAM)),
        ("Open cases to expect", expected_chart(TEAM)),
        ("Points of six workers", load_chart(LOADS)),
        ("Points of many workers", load_chart(History(LOADS.days, LOADS.lines * 2))),
    )
]
SAMPLES = [LINES, LINE, STEPS, BARS, STACK, RANGE, FUNNEL, CONTROL, RUN, *CASELOADS]


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


def wave(at: int, series: int) -> float:
    """Lines that lie close together and cross."""
    return 20 + series + 3 * sin(at / 20 + series)


ODD = [
    Sample(
        "line",
        "Every day of a year, six lines close together",
        "",
        [column("day", "Day", "day"), *(column(str(n), f"Series {n}", "number") for n in range(6))],
        [
            (date(2025, 11, 1) + timedelta(days=at), *(wave(at, n) for n in range(6)))
            for at in range(365)
        ],
    ),
    Sample("line", "One point", "", LINE.columns, [(date(2026, 5, 1), 0.5)]),
    Sample("line", "No value at all", "", LINE.columns, [(date(2026, 5, 1), None)]),
    Sample("line", "All the same", "", LINE.columns, [(date(2026, 5, n), 0.0) for n in (1, 2)]),
    Sample("bars", "Nothing", "", BARS.columns, []),
    Sample("bars", "None of anything", "", BARS.columns, [("One", 0), ("Other", None)]),
    Sample("range", "Nobody", "", RANGE.columns, [("One", None, None, 0)]),
    Sample("funnel", "One agency", "", FUNNEL.columns, [("One", 0, None, None, None)]),
    Sample("control", "No limits yet", "", CONTROL.columns, [(date(2026, 5, 1), 0.5, None, None)]),
    Sample("steps", "Only the start", "", STEPS.columns[:2], [(0, 0.0)]),
]
