"""What a network decides for itself: every setting, with its default and its meaning."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product

from referral_hub.rules.errors import InvalidInput
from referral_hub.rules.roles import LABEL, Role
from referral_hub.rules.setting_kinds import Choice, Choices, Kind, Text, Value, Weight, WholeNumber

PRIORITIES = ("emergency", "urgent", "routine")
_COMPLETION = {
    "received": "The client received the service",
    "begun": "The service has begun: enrolled, moved in, represented",
    "confirmed": "The client received the service and says so",
}
_CLOCKS: dict[str, tuple[str, tuple[int, int, int]]] = {
    "acknowledge": ("Confirm that a referral arrived", (2, 24, 48)),
    "decide": ("Accept, decline or ask about a referral", (24, 72, 48)),
    "expire": ("A referral without a decision goes back to its sender", (48, 120, 240)),
    "question": ("Answer a question about a referral", (4, 24, 72)),
    "first_contact": ("Reach the client after accepting", (24, 48, 120)),
}
"""What is waited for, and for how many hours by priority."""


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


def _timers() -> list[Setting]:
    explanation = {
        "emergency": "Hours run day and night.",
        "urgent": "Hours stop on days when the receiving agency is closed.",
        "routine": "Hours stop on days when the receiving agency is closed.",
    }
    return [
        Setting(
            f"{clock}_hours_{priority}", "Times to answer", f"{label}: {priority}",
            explanation[priority], hours[PRIORITIES.index(priority)], WholeNumber(1, 2160, "hours"),
        )
        for (clock, (label, hours)), priority in product(_CLOCKS.items(), PRIORITIES)
    ]  # fmt: skip


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


def _sign_in() -> list[Setting]:
    return [
        Setting(
            "second_factor_roles", "Sign-in", "Who needs a second way to prove who they are",
            "People with these roles need an authenticator app or a passkey beside a password.",
            (Role.AGENCY_ADMINISTRATOR.value, Role.NETWORK_STEWARD.value),
            Choices({role.value: LABEL[role] for role in Role}),
        ),
        Setting(
            "session_hours", "Sign-in", "Longest time signed in",
            "After this time everybody signs in again.", 12, WholeNumber(1, 12, "hours"),
        ),
        Setting(
            "idle_minutes", "Sign-in", "Longest time without activity",
            "Who does nothing for so long is signed out.", 60, WholeNumber(5, 60, "minutes"),
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
            "listing_review_months", "Agreement and listings", "Time between reviews of a listing",
            "Agencies are asked to check each listing when this time has passed.", 6,
            WholeNumber(1, 24, "months"),
        ),
        Setting(
            "digest_hour", "News by mail", "Hour of the daily mail",
            "At this full hour, from 0 to 23, people get one mail with the news of the day before.",
            7, WholeNumber(0, 23, ""),
        ),
    ]  # fmt: skip


SETTINGS: Mapping[str, Setting] = {
    setting.name: setting
    for setting in (*_general(), *_sign_in(), *_timers(), *_completion(), *_weights())
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
    if faults:
        raise InvalidInput("Some settings cannot be used. Nothing was changed.", faults)
    return values


def from_stored(name: str, stored: object) -> Value:
    """A stored value as the setting means it; the default when it fits no longer."""
    setting = SETTINGS[name]
    sent = [str(each) for each in stored] if isinstance(stored, list) else [str(stored)]
    try:
        return setting.kind.read(sent)
    except ValueError:
        return setting.default
