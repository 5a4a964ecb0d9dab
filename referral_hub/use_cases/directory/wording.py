"""Facts in words that people read: addresses, prices, ages, languages."""

from collections.abc import Iterable
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from orjson import loads

from referral_hub.rules.languages import LANGUAGE_NAME
from referral_hub.rules.opening_hours import (
    DayHours,
    OpeningState,
    day_hours,
    local_time,
    state_at,
)
from referral_hub.use_cases.directory.card_rows import HoursRow
from referral_hub.use_cases.directory.facts import Record, ServiceFacts
from referral_hub.use_cases.directory_views import NeedLabel
from referral_hub.vocabulary import needs

_COST_LABELS = {"free": "Free", "sliding": "Sliding scale", "paid": "Has a cost", "": ""}


def language_name(name: str | None, code: str | None) -> str:
    """The name of a language as people say it."""
    written = (name or "").strip()
    if written:
        return LANGUAGE_NAME.get(written.casefold(), written)
    return LANGUAGE_NAME.get((code or "").strip().casefold(), (code or "").strip())


def address_lines(address: Record | None) -> tuple[str, ...]:
    """An address as on an envelope, without what was not stated."""
    if address is None:
        return ()
    city = ", ".join(filter(None, (address.city, address.state_province)))
    lines = (
        address.attention,
        address.address_1,
        address.address_2,
        " ".join(filter(None, (city, address.postal_code))),
        address.country if address.country != "US" else "",
    )
    return tuple(line for line in lines if line)


def address_line(address: Record | None) -> str:
    """An address in one line, without the name in front."""
    if address is None:
        return ""
    return ", ".join(line for line in address_lines(address) if line != address.attention)


def ages(minimum: float | None, maximum: float | None) -> str:
    """ "Ages 12 to 17", "18 and older", or nothing when nothing was stated."""
    low = f"{minimum:g}" if minimum else ""
    high = f"{maximum:g}" if maximum is not None else ""
    if low and high:
        return f"Ages {low} to {high}"
    if low:
        return f"Ages {low} and older"
    return f"Ages {high} and younger" if high else ""


def cost_label(cost: str) -> str:
    """The word of a cost class as it is shown."""
    return _COST_LABELS[cost]


def price(cost: Record) -> str:
    """One price in words: "$25 per visit (adults)"."""
    amount = ""
    if cost.amount is not None:
        currency = (cost.currency or "USD").upper()
        figure = f"{cost.amount:,.2f}".removesuffix(".00")
        amount = "Free" if cost.amount == 0 else f"${figure}"
        if cost.amount and currency != "USD":
            amount = f"{figure} {currency}"
    text = " ".join(filter(None, (amount, cost.amount_description)))
    option = cost.option or ""
    return f"{option}: {text}" if option and text else option or text


def summary(texts: Iterable[str | None], length: int = 220) -> str:
    """The first text that says something, cut at a word."""
    words = next((text for text in texts if text), "").split(maxsplit=length)
    text = " ".join(words)  # more words than `length` cannot fit
    if len(text) <= length:
        return text
    return text[:length].rsplit(" ", 1)[0].rstrip(",;:.") + "…"


def opening_now(
    schedules: list[dict[str, Any]], now: datetime, zone: str | None, item: ServiceFacts
) -> OpeningState:
    """Open or not, in the time of the place; without a known time zone nobody can say."""
    known = zone or item.zone
    local = local_time(now, known or "UTC")
    return _opening(day_hours(schedules, local.date()), local, known)


@lru_cache(maxsize=16384)
def opening_at(hours: str, minute: datetime, zone: str | None) -> OpeningState:
    """`opening_now` of a list of services, of which many keep the same hours.

    `hours` is a JSON list of the values of `HoursRow`s, or empty; `minute` a time without seconds.
    """
    local = local_time(minute, zone or "UTC")
    return _opening(_day_hours(hours, local.date()), local, zone)


@lru_cache(maxsize=4096)
def _day_hours(hours: str, today: date) -> DayHours | None:
    rows = loads(hours) if hours else ()
    return day_hours([dict(zip(HoursRow._fields, row, strict=True)) for row in rows], today)


def _opening(day: DayHours | None, local: datetime, zone: str | None) -> OpeningState:
    if zone or day is None:
        return state_at(day, local)
    return OpeningState(None, "See the hours")


def need_labels(rows: Iterable[Record]) -> tuple[NeedLabel, ...]:
    """The needs of a service in the words of the taxonomy."""
    known = needs()
    return tuple(
        need_label(row.need_code, row.basis == "suggested")
        for row in rows
        if row.need_code in known
    )


@lru_cache(maxsize=4096)
def need_label(code: str, suggested: bool) -> NeedLabel:
    """A need of the taxonomy in its words."""
    return NeedLabel(code, needs()[code].label, suggested)
