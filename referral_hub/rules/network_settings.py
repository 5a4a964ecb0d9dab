"""What a network decides for itself: every setting, with its default and its meaning."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from zoneinfo import ZoneInfo

from referral_hub.rules.business_time import WorkCalendar
from referral_hub.rules.errors import InvalidInput
from referral_hub.rules.referrals import Clock, Priority
from referral_hub.rules.response_deadlines import (
    DEFAULTS,
    HOURS_A_DAY,
    MOST_DAYS,
    MOST_HOURS,
    Limit,
)
from referral_hub.rules.roles import LABEL, Role
from referral_hub.rules.setting_kinds import (
    Choice,
    Choices,
    Kind,
    Text,
    TimeZone,
    Value,
    Weight,
    WholeNumber,
)
from referral_hub.rules.sign_in import IDLE_LENGTH, SECOND_FACTOR_ROLES, SESSION_LENGTH

_HALF = ("00", "30")
_COMPLETION = {
    "received": "The client received the service",
    "begun": "The service has begun: enrolled, moved in, represented",
    "confirmed": "The client received the service and says so",
}
_CLOCKS: Mapping[Clock, str] = {
    Clock.ACKNOWLEDGE: "Confirm that a referral arrived",
    Clock.DECIDE: "Accept, decline or ask about a referral",
    Clock.EXPIRE: "A referral without a decision goes back to its sender",
    Clock.QUESTION: "Answer a question about a referral",
    Clock.FIRST_CONTACT: "Reach the client after accepting",
    Clock.OUTCOME: "Tell the outcome after the work began",
    Clock.STALE: "Say how it goes where nothing was heard since",
}
"""What is waited for."""
_IN_DAYS = frozenset({Clock.OUTCOME, Clock.STALE})
_OPENS = {f"{hour:02}:{minute}": f"{hour}:{minute} am" for hour in range(5, 12) for minute in _HALF}
_CLOSES = {
    f"{hour:02}:{minute}": f"{(hour - 1) % 12 + 1}:{minute} pm"
    for hour in range(12, 23)
    for minute in _HALF
}
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting: how it reads on the page, what it is by default, and what it may be."""

    name: str
    group: str
    label: str
    explanation: str
    default: Value
    kind: Kind


def _completion() -> list[Setting]:
    explanation = "When a referral counts as completed. The rule stands beside every rate."
    rules = [
        Setting(
            f"completion_{area}", "Completed referrals", label, explanation, default,
            Choice(_COMPLETION),
        )
        for area, label, default in (
            ("general", "In general", "received"),
            ("housing", "Housing", "begun"),
            ("legal", "Legal help", "begun"),
            ("education", "Education", "begun"),
        )
    ]  # fmt: skip
    follow_up = Setting(
        "completion_follow_up_days", "Completed referrals", "Time to complete",
        "Rates count referrals that were sent at least so long ago.", 90,
        WholeNumber(7, 365, "days"),
    )  # fmt: skip
    return [*rules, follow_up]


def _working_time() -> list[Setting]:
    group = "Working time"
    return [
        Setting(
            "time_zone", group, "Time zone",
            "Agencies that name none work in this one.", "America/Chicago", TimeZone(),
        ),
        Setting(
            "holiday_region", group, "Public holidays of",
            "A country, or a country and a state, such as US or US-IL. Agencies that name none "
            "are closed on these holidays.", "US", Text(10),
        ),
        Setting(
            "working_days", group, "Working days",
            "Business days are counted on these days.", ("0", "1", "2", "3", "4"),
            Choices({str(number): name for number, name in enumerate(_WEEKDAYS)}, least=1),
        ),
        Setting(
            "opens_at", group, "Working hours begin",
            "Business days are counted in working hours.", "09:00", Choice(_OPENS),
        ),
        Setting(
            "closes_at", group, "Working hours end",
            "What is due at the end of a day is due then.", "17:00", Choice(_CLOSES),
        ),
    ]  # fmt: skip


def limit_name(clock: Clock, priority: Priority) -> str:
    """The name of the setting that says how long something may take."""
    return f"{clock}_{priority}"


def network_limits(values: Mapping[str, Value]) -> dict[tuple[Clock, Priority], Limit]:
    """How long things may take in a network with these settings."""
    limits = {}
    for (clock, priority), default in DEFAULTS.items():
        amount = int(str(values[limit_name(clock, priority)]))
        factor = HOURS_A_DAY if clock in _IN_DAYS else 1
        limits[clock, priority] = Limit(amount * factor, default.in_business_days)
    return limits


def network_calendar(
    values: Mapping[str, Value], zone: str, holidays: frozenset[date]
) -> WorkCalendar:
    """When an agency of a network with these settings works, where it is."""
    days = values["working_days"]
    return WorkCalendar(
        ZoneInfo(zone),
        time.fromisoformat(str(values["opens_at"])),
        time.fromisoformat(str(values["closes_at"])),
        frozenset(int(day) for day in days) if isinstance(days, tuple) else frozenset(),
        holidays,
    )


def _timers() -> list[Setting]:
    return [_timer(clock, priority, limit) for (clock, priority), limit in DEFAULTS.items()]


def _timer(clock: Clock, priority: Priority, limit: Limit) -> Setting:
    """The unit is fixed: a network changes how much, not whether nights and weekends count."""
    if limit.in_business_days:
        kind, told = (
            WholeNumber(1, MOST_DAYS, "business days"),
            ("A business day is the working hours of the receiving agency."),
        )
    elif clock in _IN_DAYS:
        kind, told = WholeNumber(1, 730, "days"), "Days run through weekends and holidays."
    else:
        kind, told = WholeNumber(1, MOST_HOURS, "hours"), "Hours run day and night."
    amount = limit.amount // (HOURS_A_DAY if clock in _IN_DAYS else 1)
    label = f"{_CLOCKS[clock]}: {priority}"
    return Setting(limit_name(clock, priority), "Times to answer", label, told, amount, kind)


def _weights() -> list[Setting]:
    what = (
        ("acuity", "How acute a case is", "Counts for each step of acuity, from 1 to 5.", 1.0),
        ("intensity", "How much work a service takes", "Counts for each step of intensity.", 1.0),
        ("open_need", "Each open need", "Counts for every need that is still open.", 0.5),
        ("travel", "Travel", "Counts when the worker travels to the client.", 0.5),
    )
    return [
        Setting(
            f"weight_{name}", "Weight of a caseload", label, explanation, default, Weight(0, 10)
        )
        for name, label, explanation, default in what
    ]


def _caseloads() -> list[Setting]:
    group = "Caseloads"
    return [
        Setting(
            "caseload_low", group, "A worker's load: at least",
            "In points. A usual case (acuity 3, intensity 2, two open needs) weighs 6 by the "
            "weights that networks start with: 90 points are 15 such cases.",
            90, WholeNumber(1, 10_000, "points"),
        ),
        Setting(
            "caseload_high", group, "A worker's load: at most",
            "In points. 150 points are 25 usual cases.", 150, WholeNumber(1, 10_000, "points"),
        ),
        Setting(
            "caseload_trauma_share", group, "Share of hard cases that asks for a talk",
            "Cases of which their worker said that they weigh on the one who carries them. Workers "
            "see this of themselves.", 40, WholeNumber(1, 100, "%"),
        ),
        Setting(
            "caseload_signal_days", group, "How long a signal is the worker's own",
            "The supervisor sees it so many days after the worker first did, or when the worker "
            "shares it.", 3, WholeNumber(0, 30, "days"),
        ),
    ]  # fmt: skip


def _sign_in() -> list[Setting]:
    hours, minutes = SESSION_LENGTH // timedelta(hours=1), IDLE_LENGTH // timedelta(minutes=1)
    return [
        Setting(
            "second_factor_roles", "Sign-in", "Who needs a second way to prove who they are",
            "People with these roles need an authenticator app or a passkey beside a password.",
            tuple(role.value for role in SECOND_FACTOR_ROLES),
            Choices({role.value: LABEL[role] for role in Role}),
        ),
        Setting(
            "session_hours", "Sign-in", "Longest time signed in",
            "After this time everybody signs in again.", hours, WholeNumber(1, hours, "hours"),
        ),
        Setting(
            "idle_minutes", "Sign-in", "Longest time without activity",
            "Who does nothing for so long is signed out.", minutes,
            WholeNumber(5, minutes, "minutes"),
        ),
    ]  # fmt: skip


def _general() -> list[Setting]:
    return [
        Setting(
            "agreement_title", "Agreement and listings", "Name of the network agreement",
            "What agencies sign before they send or receive referrals.", "Network agreement",
            Text(120),
        ),
        Setting(
            "listings_published_by", "Agreement and listings", "Who publishes listings",
            "Agencies publish their listings themselves, or send them to a network steward, who "
            "looks at them before they are published. Nobody looks at what is changed after that.",
            "agency",
            Choice({"agency": "The agency itself", "steward": "A steward, after a look"}),
        ),
        Setting(
            "listing_review_often_days", "Agreement and listings",
            "Time between reviews of shelter and food",
            "Agencies are asked to confirm these listings when this time has passed.", 90,
            WholeNumber(14, 730, "days"),
        ),
        Setting(
            "listing_review_days", "Agreement and listings",
            "Time between reviews of all other services",
            "Four weeks after it was due, a listing tells everybody that nobody confirmed it.",
            180, WholeNumber(14, 730, "days"),
        ),
        Setting(
            "listing_review_organization_days", "Agreement and listings",
            "Time between reviews of organizations",
            "Agencies are asked in the same mail as about their services.", 365,
            WholeNumber(14, 1095, "days"),
        ),
        Setting(
            "listing_review_location_days", "Agreement and listings",
            "Time between reviews of places",
            "Agencies are asked in the same mail as about their services.", 365,
            WholeNumber(14, 1095, "days"),
        ),
        Setting(
            "digest_hour", "News by mail", "Hour of the daily mail",
            "At this full hour, from 0 to 23, people get one mail with the news of the day before.",
            7, WholeNumber(0, 23, ""),
        ),
    ]  # fmt: skip


SETTINGS: Mapping[str, Setting] = {
    setting.name: setting
    for setting in (
        *_general(),
        *_sign_in(),
        *_working_time(),
        *_timers(),
        *_completion(),
        *_weights(),
        *_caseloads(),
    )
}


def read_settings(sent: Mapping[str, Sequence[str]]) -> dict[str, Value]:
    """The value of every setting that a form sent. Raises InvalidInput naming each wrong one.

    A setting that was not sent at all is an empty choice, or wrong.
    """
    values: dict[str, Value] = {}
    faults: dict[str, str] = {}
    for name, setting in SETTINGS.items():
        try:
            values[name] = setting.kind.read(sent.get(name, ()))
        except ValueError as error:
            faults[name] = str(error)
    faults = _crossed(values) | faults
    if faults:
        raise InvalidInput("Some settings cannot be used. Nothing was changed.", faults)
    return values


def _crossed(values: Mapping[str, Value]) -> dict[str, str]:
    """What does not fit together, by setting."""
    low, high = values.get("caseload_low"), values.get("caseload_high")
    if isinstance(low, int) and isinstance(high, int) and high <= low:
        return {"caseload_high": "Use more points than for the least load."}
    return {}


def from_stored(name: str, stored: object) -> Value:
    """A stored value as the setting means it; the default when it fits no longer."""
    setting = SETTINGS[name]
    sent = [str(each) for each in stored] if isinstance(stored, list) else [str(stored)]
    try:
        return setting.kind.read(sent)
    except ValueError:
        return setting.default
