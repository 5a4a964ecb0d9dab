"""Figures of referrals in JSON: the numbers of the pages, each with what it is of."""

from marshmallow import Schema, fields

_SHARE = {"minimum": 0, "maximum": 1}


def _count(what: str) -> fields.Integer:
    return fields.Integer(required=True, metadata={"description": what, "minimum": 0})


def _share(what: str, *, none: bool = False) -> fields.Float:
    return fields.Float(required=True, allow_none=none, metadata={"description": what, **_SHARE})


def _text(what: str) -> fields.String:
    return fields.String(required=True, metadata={"description": what})


class IntervalSchema(Schema):
    """A 95% interval."""

    low = _share("Its lower end")
    high = _share("Its upper end")


class LeftOutSchema(Schema):
    """What is in neither number of a figure, for one reason."""

    part = _text("Why, as a code")
    number = _count("How many")


class RateSchema(Schema):
    """A figure with what it is of."""

    measure = _text("Its code")
    label = _text("What it is called")
    met = _count("How many met it")
    of = _count("What it is of")
    rate = _share("The share; null where it is of nothing", none=True)
    interval = fields.Nested(IntervalSchema, required=True, allow_none=True)
    still_open = _count("How many of those it is of can change it yet")
    maturing = _count("How many are too young, and in neither number")
    left_out = fields.List(fields.Nested(LeftOutSchema), required=True)


class DefinedRateSchema(RateSchema):
    """A figure with its definition."""

    definition = _text("What it is of, in a sentence or two")


class NumberSchema(Schema):
    """A number with its code."""

    code = _text("The code")
    label = _text("How it reads")
    number = _count("How many")


class MonthSchema(Schema):
    """What was sent in a month, or the part of it that was asked for."""

    begins = fields.Date(required=True)
    rates = fields.List(fields.Nested(RateSchema), required=True)


class ReportSchema(Schema):
    """What stands around all figures."""

    since = fields.Date(required=True, metadata={"description": "First day of sending"})
    until = fields.Date(required=True, metadata={"description": "Last day of sending, in it"})
    as_of = fields.AwareDateTime(
        required=True, metadata={"description": "The time for which the figures hold"}
    )
    whose = fields.String(
        required=True, metadata={"description": "Whose referrals: the agency, or teams of it alone"}
    )


class AppointmentsSchema(Schema):
    """Appointments of which somebody said what came of them."""

    attended = _count("To so many clients came")
    missed = _count("So many they missed")


class FiguresReportSchema(ReportSchema):
    """What became of the referrals of some days."""

    sent = _count("All that were sent in these days; drafts and what was an error are in no figure")
    reversals = _count("Decisions that were taken back")
    rates = fields.List(fields.Nested(DefinedRateSchema), required=True)
    standings = fields.List(fields.Nested(NumberSchema), required=True)
    stages = fields.List(fields.Nested(NumberSchema), required=True)
    months = fields.List(fields.Nested(MonthSchema), required=True)
    appointments = fields.Nested(AppointmentsSchema, required=True)


class GroupSchema(Schema):
    """Referrals that have something in common."""

    key = _text("The value of the filter that it is")
    label = _text("How it reads")
    sent = _count("How many were sent")
    position = fields.String(
        required=True, allow_none=True,
        metadata={
            "description": "Where it lies among what chance does: inside, unusual or far_outside;"
            " null where nothing counts yet"
        },
    )  # fmt: skip
    rates = fields.List(fields.Nested(RateSchema), required=True)


class ComparisonReportSchema(ReportSchema):
    """Groups side by side, by name and not by rank."""

    by = _text("By what they are told apart")
    show = _text("The figure that positions are told for")
    total = fields.Nested(RateSchema, required=True)
    groups = fields.List(fields.Nested(GroupSchema), required=True)


class AtDaySchema(Schema):
    """The share that had ended so by a day."""

    day = _count("Days after the begin")
    share = _share("The share; null where nobody was seen for so long", none=True)
    interval = fields.Nested(IntervalSchema, required=True, allow_none=True)


class EndSchema(Schema):
    """One way for a wait to end."""

    end = _text("The code")
    label = _text("How it reads")
    by_day = fields.List(fields.Nested(AtDaySchema), required=True)


class MovingSchema(Schema):
    """How long the goal took without the time on hold and on waiting lists."""

    median_days = fields.Float(
        required=True, allow_none=True,
        metadata={"description": "When half had reached it; null where half never did"},
    )  # fmt: skip
    by_day = fields.List(fields.Nested(AtDaySchema), required=True)


class FollowedSchema(Schema):
    """The plain share that reached the goal by a day, of those that began at least so long ago."""

    day = _count("Days after the begin")
    met = _count("How many reached it by then")
    of = _count("How many began at least so long ago")
    rate = _share("The share; null where it is of nothing", none=True)
    interval = fields.Nested(IntervalSchema, required=True, allow_none=True)


class WaitSchema(Schema):
    """How long something took, told of those too that still wait."""

    wait = _text("The code")
    label = _text("How it reads")
    goal = _text("The end that is waited for; `closed` is all ends of a referral together")
    begun = _count("How many began to wait")
    not_told = _count("Left out: whether they reached it is not told since consent was taken back")
    median_days = fields.Float(
        required=True, allow_none=True,
        metadata={"description": "When half had reached the goal; null where half never did"},
    )  # fmt: skip
    ends = fields.List(fields.Nested(EndSchema), required=True)
    moving = fields.Nested(
        MovingSchema, required=True, allow_none=True,
        metadata={"description": "The goal without standing still; null where that is not told"},
    )  # fmt: skip
    followed = fields.List(fields.Nested(FollowedSchema), required=True)


class TimesReportSchema(ReportSchema):
    """How long things took."""

    waits = fields.List(fields.Nested(WaitSchema), required=True)


class AgesSchema(Schema):
    """Open referrals that wait on the same side, by age."""

    waits_on = _text("Who has the next word: sender, receiver or client")
    since_sent = fields.List(fields.Integer(), required=True)
    in_status = fields.List(fields.Integer(), required=True)


class WeekSchema(Schema):
    """What happened to the stock: opening + sent + reopened - ended - voided = closing."""

    begins = fields.Date(required=True)
    opening = _count("Open before")
    sent = _count("Came in")
    reopened = _count("Came back")
    ended = _count("Went out")
    voided = _count("Went out as entered in error")
    closing = _count("Open after")


class WaitingReportSchema(ReportSchema):
    """What is open, whenever it was sent; `since` and `until` do not narrow it."""

    open = _count("Open")
    overdue = _count("Past the time that whoever has the next word must keep")
    oldest_due_at = fields.AwareDateTime(required=True, allow_none=True)
    age_groups = fields.List(
        fields.String(), required=True,
        metadata={"description": "The groups of age, in the order of the counts"},
    )  # fmt: skip
    ages = fields.List(fields.Nested(AgesSchema), required=True)
    weeks = fields.List(fields.Nested(WeekSchema), required=True)


class HopsSchema(Schema):
    """How many needs were accepted by the agency that was tried as this one."""

    tried = _count("How many agencies were tried, with the one that accepted")
    needs = _count("How many needs")


class NeedsReportSchema(ReportSchema):
    """What became of needs, whichever agencies were asked."""

    referred = _count("Needs that were first referred in these days")
    rates = fields.List(fields.Nested(RateSchema), required=True)
    hops = fields.List(fields.Nested(HopsSchema), required=True)
    acceptance = fields.Nested(WaitSchema, required=True)


def _hideable(what: str) -> fields.Integer:
    description = f"{what}; null is hidden, since it is small or would tell one that is"
    return fields.Integer(
        required=True, allow_none=True, metadata={"description": description, "minimum": 0}
    )


class PublishedRowSchema(Schema):
    """A row of a published table."""

    label = _text("What it is of; empty is not stated")
    referrals = _hideable("Sent in the quarter")
    completed = _hideable("Completed")
    accepted = _hideable("Accepted, not completed")
    not_accepted = _hideable("Not accepted")


class PublishedTableSchema(Schema):
    """A published table."""

    by = _text("agency, domain or county")
    rows = fields.List(fields.Nested(PublishedRowSchema), required=True)


class PublishedReportSchema(Schema):
    """What everybody in the network may know of a quarter's referrals."""

    quarter = fields.String(required=True, allow_none=True)
    quarters = fields.List(fields.String(), required=True)
    published_at = fields.AwareDateTime(required=True, allow_none=True)
    follow_up_days = _count("So many days after its end, as it was known then")
    total = fields.Nested(PublishedRowSchema, required=True, allow_none=True)
    tables = fields.List(fields.Nested(PublishedTableSchema), required=True)
