"""Figures as the API answers them: the fields of `schemas.report`."""

from typing import Any

from referral_hub.rules.figure_words import (
    AGE_LABEL,
    END_LABEL,
    MEASURE_LABEL,
    STAGE_LABEL,
    STANDING_LABEL,
    WAIT_LABEL,
    definition,
)
from referral_hub.rules.measured_state import Flow
from referral_hub.rules.measures import Measure, Rate
from referral_hub.rules.proportions import Share
from referral_hub.use_cases.figure_views import (
    AtDay,
    Comparison,
    CurveView,
    FollowedByDay,
    Frame,
    Group,
    Moving,
    Needs,
    Overview,
    Stock,
    Times,
    Week,
)
from referral_hub.use_cases.publish_figures import Published, PublishedRow
from referral_hub.web.figure_words import last_day

Answer = dict[str, Any]


def figures_answer(found: Overview) -> Answer:
    """What became of a cohort."""
    frame = found.frame
    return {
        **_frame(frame),
        "sent": found.sent,
        "reversals": found.reversals,
        "rates": [
            {
                **_rate(measure, rate),
                "definition": definition(measure, frame.follow_up_days, frame.answer_days),
            }
            for measure, rate in found.rates.items()
        ],
        "standings": [_number(*each, STANDING_LABEL) for each in found.standings.items()],
        "stages": [_number(*each, STAGE_LABEL) for each in found.stages.items()],
        "months": [{"begins": each.begins, "rates": _rates(each.rates)} for each in found.months],
        "appointments": dict(zip(("attended", "missed"), found.appointments, strict=True)),
    }


def comparison_answer(found: Comparison) -> Answer:
    """Groups side by side."""
    return {
        **_frame(found.frame),
        "by": found.by.value,
        "show": found.measure.value,
        "total": _rate(found.measure, found.total),
        "groups": [_group(each, found.measure) for each in found.groups],
    }


def times_answer(found: Times) -> Answer:
    """How long things took."""
    return {**_frame(found.frame), "waits": [_wait(curve) for curve in found.curves]}


def waiting_answer(found: Stock) -> Answer:
    """What is open."""
    return {
        **_frame(found.frame),
        "open": found.open,
        "overdue": found.overdue,
        "oldest_due_at": found.oldest_due_at,
        "age_groups": AGE_LABEL,
        "ages": [
            {
                "waits_on": waits.value,
                "since_sent": numbers,
                "in_status": found.in_status[waits],
            }
            for waits, numbers in found.since_sent.items()
        ],
        "weeks": [_week(week) for week in found.weeks],
    }


def _frame(frame: Frame) -> Answer:
    return {
        "since": frame.query.since,
        "until": last_day(frame.query),
        "as_of": frame.as_of,
        "whose": frame.whose.name,
    }


def _rates(rates: Any) -> list[Answer]:
    return [_rate(measure, rate) for measure, rate in rates.items()]


def needs_answer(found: Needs) -> Answer:
    """What became of needs."""
    rates = {
        "need_met": ("Need met", found.met),
        "need_met_or_partly": ("Need met, or partly", found.met_or_partly),
        "first_choice": ("First choice accepted", found.first_choice),
        "came_back": ("Came back within 90 days", found.again),
    }
    return {
        **_frame(found.frame),
        "referred": found.referred,
        "rates": [
            {"measure": code, "label": label, **_shares(rate)}
            for code, (label, rate) in rates.items()
        ],
        "hops": [{"tried": tried, "needs": number} for tried, number in found.hops.items()],
        "acceptance": _wait(found.days_to_acceptance),
    }


def published_answer(found: Published) -> Answer:
    """What is published of a quarter."""
    return {
        "quarter": None if found.quarter is None else str(found.quarter),
        "quarters": [str(quarter) for quarter in found.quarters],
        "published_at": found.published_at,
        "follow_up_days": found.follow_up_days,
        "total": None if found.total is None else _published(found.total),
        "tables": [
            {"by": cut.value, "rows": [_published(row) for row in rows]}
            for cut, rows in found.tables.items()
        ],
    }


def _published(row: PublishedRow) -> Answer:
    outcomes = {outcome.value: number for outcome, number in row.outcomes.items()}
    return {"label": row.label, "referrals": row.total, **outcomes}


def _rate(measure: Measure, rate: Rate) -> Answer:
    return {"measure": measure.value, "label": MEASURE_LABEL[measure], **_shares(rate)}


def _share(share: Share) -> Answer:
    return {
        "met": share.met,
        "of": share.of,
        "rate": share.rate,
        "interval": share.interval() if share.of else None,
    }


def _shares(rate: Rate) -> Answer:
    return {
        **_share(rate.share),
        "still_open": rate.still_open,
        "maturing": rate.maturing,
        "left_out": [{"part": part, "number": number} for part, number in rate.left_out.items()],
    }


def _number(code: Any, number: int, labels: Any) -> Answer:
    return {"code": code.value, "label": labels[code], "number": number}


def _group(group: Group, measure: Measure) -> Answer:
    place = group.positions.get(measure)
    return {
        "key": group.key,
        "label": group.label,
        "sent": group.sent,
        "position": place.value if place else None,
        "rates": _rates(group.rates),
    }


def _wait(curve: CurveView) -> Answer:
    return {
        "wait": curve.wait.value,
        "label": WAIT_LABEL[curve.wait],
        "goal": curve.goal.value,
        "begun": curve.begun,
        "not_told": curve.not_told,
        "median_days": curve.median,
        "ends": [
            {
                "end": end.value,
                "label": END_LABEL[end],
                "by_day": [_at_day(each) for each in days],
            }
            for end, days in curve.by_day.items()
        ],
        "moving": None if curve.moving is None else _moving(curve.moving),
        "followed": [_followed(each) for each in curve.followed],
    }


def _moving(found: Moving) -> Answer:
    return {"median_days": found.median, "by_day": [_at_day(each) for each in found.by_day]}


def _followed(each: FollowedByDay) -> Answer:
    return {"day": each.day, **_share(each.share)}


def _at_day(each: AtDay) -> Answer:
    return {"day": each.day, "share": each.value, "interval": each.interval}


def _week(week: Week) -> Answer:
    return {
        "begins": week.begins,
        "opening": week.opening,
        "sent": week.flows.get(Flow.SENT, 0),
        "reopened": week.flows.get(Flow.REOPENED, 0),
        "ended": week.flows.get(Flow.CLOSED, 0),
        "voided": week.flows.get(Flow.VOIDED, 0),
        "closing": week.closing,
    }
