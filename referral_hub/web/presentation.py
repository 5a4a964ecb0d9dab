"""How values read on a page: filters and globals of the templates, which decide nothing."""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, date, datetime
from urllib.parse import urlencode, urlsplit

from flask import Flask
from werkzeug.datastructures import MultiDict

from referral_hub.config import Settings
from referral_hub.rules.places import ANYWHERE

KM_PER_MILE = 1.609344
NOT_KNOWN = "–"
MOST_DIGITS = 15  # E.164
_EXTENSION = re.compile(r"[\s,;]*(?:extension|ext|x)\.?\s*(?P<extension>\d+)\s*$", re.IGNORECASE)
_KEYPAD = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "22233344455566677778889999")
_LONG_AGO = ((365, "year"), (30, "month"), (7, "week"))

Params = MultiDict[str, str]


def counted(number: int, singular: str, plural: str) -> str:
    """The number with its noun: "1 service", "1,204 services"."""
    return f"{number:,} {singular if number == 1 else plural}"


def miles(km: float | None) -> str:
    """A distance in kilometres as people say it in miles; empty when it is not known."""
    if km is None:
        return ""
    if km < 0.1 * KM_PER_MILE:
        return "less than 0.1 miles"
    choice = mile_choice(km)
    return "1 mile" if choice == "1" else f"{choice} miles"


def mile_choice(km: float) -> str:
    """A distance in kilometres as a number of miles: whole from 10 on, else to a tenth."""
    distance = km / KM_PER_MILE
    return f"{distance:.1f}".removesuffix(".0") if distance < 10 else f"{distance:.0f}"


def in_miles(parameters: Mapping[str, str | None]) -> dict[str, str | None]:
    """Parameters of the API as those of the page, whose radius is in miles."""
    page = dict(parameters)
    if "radius_km" in page:
        km = page.pop("radius_km")
        page["radius"] = f"{float(km) / KM_PER_MILE:.12g}" if km and km != ANYWHERE else km
    return page


def points(amount: float) -> str:
    """What is added to a score, or taken off it, with its sign: "+1.20", "−0.35"."""
    return f"{amount:+.2f}".replace("-", "−")


def number(value: float | None, missing: str = NOT_KNOWN) -> str:
    """A count as "1,204", any other number to a tenth as "3.5"."""
    if value is None:
        return missing
    return f"{value:,}" if isinstance(value, int) else f"{value:,.1f}".replace("-", "−")


def percent(rate: float | None, missing: str = NOT_KNOWN) -> str:
    """A share from 0 to 1 as "63.4%"."""
    return missing if rate is None else f"{100 * rate:.1f}%".replace("-", "−")


def month_in_words(day: date) -> str:
    """The month of a date as "November 2026"."""
    return f"{day:%B} {day.year}"


def date_in_words(day: date) -> str:
    """A date as "November 3, 2026"."""
    return f"{day:%B} {day.day}, {day.year}"


def ago(day: date, today: date) -> str:
    """How long a day lies back, in the largest unit that fits; a day to come stands as its date."""
    days = (today - day).days
    if days < 0:
        return f"on {date_in_words(day)}"
    if days < 2:
        return ("today", "yesterday")[days]
    for length, unit in _LONG_AGO:
        if days >= length:
            return f"{counted(days // length, unit, f'{unit}s')} ago"
    return f"{days} days ago"


def checked(day: date | None, today: date) -> str:
    """When somebody last made sure that a listing is right."""
    return "Not checked yet" if day is None else f"Checked {ago(day, today)}"


def phone_link(number: str, extension: str = "") -> str:
    """A number as an RFC 3966 address; empty when it cannot be dialled.

    Letters are dialled as on a keypad; an extension may stand in the number itself.
    """
    typed, extension = _parted(number.strip(), extension.strip())
    digits = _digits(typed.upper().translate(_KEYPAD))
    if len(digits) not in {10, 11}:
        digits = _digits(typed)
    if not 3 <= len(digits) <= MOST_DIGITS:
        return ""
    if typed.startswith("+") or (len(digits) == 11 and digits.startswith("1")):
        digits = f"+{digits}"
    elif len(digits) == 10:
        digits = f"+1{digits}"
    return f"tel:{digits};ext={extension}" if extension else f"tel:{digits}"


def _parted(number: str, extension: str) -> tuple[str, str]:
    inside = _EXTENSION.search(number)
    if inside:
        return number[: inside.start()], extension or inside["extension"]
    return number, extension if extension.isdecimal() else ""


def _digits(text: str) -> str:
    return "".join(sign for sign in text if sign in "0123456789")


def web_link(address: str) -> str:
    """A web address that is safe to follow; empty for everything that is not http or https."""
    typed = address.strip()
    if "://" not in typed and typed.startswith("www."):
        typed = f"https://{typed}"
    try:
        parts = urlsplit(typed)
    except ValueError:
        return ""
    return typed if parts.scheme.lower() in {"http", "https"} and parts.netloc else ""


def web_name(address: str) -> str:
    """A web address as short as people say it: without scheme, "www." and a closing slash."""
    name = address.strip()
    for opening in ("https://", "http://", "www."):
        name = name.removeprefix(opening)
    return name.rstrip("/")


def directions_link(latitude: float, longitude: float) -> str:
    """A page of another site that plans a way to a point; opened only when somebody asks."""
    target = urlencode({"to": f"{latitude:.6f},{longitude:.6f}"}, safe=",")
    return f"https://www.openstreetmap.org/directions?{target}"


def paragraphs(text: str) -> list[list[str]]:
    """The paragraphs of a text, each as its lines; a blank line parts paragraphs."""
    found: list[list[str]] = [[]]
    for line in text.splitlines():
        if line.strip():
            found[-1].append(line.strip())
        elif found[-1]:
            found.append([])
    return [lines for lines in found if lines]


def link_with(params: Params, **values: str | int | None) -> str:
    """The same search with these parameters set (or dropped, when empty), from page 1."""
    return _query(
        (*_kept(params, {"page", *values}), *((name, str(v)) for name, v in values.items() if v))
    )


def link_without(params: Params, *names: str, value: str | None = None) -> str:
    """The same search without these parameters, or without one value of them, from page 1."""
    return _query(
        (name, given)
        for name, given in _kept(params, {"page"})
        if name not in names or (value is not None and given != value)
    )


def page_numbers(page: int, pages: int) -> list[int | None]:
    """The pages to offer: first, last and those around this one; None where some are left out."""
    offered = sorted({1, *range(max(page - 2, 1), min(page + 2, pages) + 1), pages})
    shown: list[int | None] = []
    for number, before in zip(offered, [0, *offered], strict=False):
        if number - before > 1:
            shown.append(None)
        shown.append(number)
    return shown


def _kept(params: Params, dropped: set[str]) -> Iterable[tuple[str, str]]:
    return ((name, v) for name, v in params.items(multi=True) if name not in dropped and v)


def _query(pairs: Iterable[tuple[str, str]]) -> str:
    return f"?{urlencode(list(pairs))}"


FILTERS: tuple[Callable[..., object], ...] = (
    checked, counted, date_in_words, in_miles, mile_choice, miles, month_in_words, number,
    paragraphs, percent, phone_link, points, web_link, web_name,
)  # fmt: skip
GLOBALS: tuple[Callable[..., object], ...] = (
    directions_link, link_with, link_without, page_numbers,
)  # fmt: skip


def register_presentation(app: Flask, settings: Settings) -> None:
    """Give the templates these functions, the date, and what the settings say about pages."""
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    for function in FILTERS:
        app.add_template_filter(function)
    for function in GLOBALS:
        app.add_template_global(function)

    @app.context_processor
    def page_context() -> dict[str, object]:
        return {
            "today": datetime.now(UTC).date(),
            "demo": settings.is_demo,
            "tile_url": settings.tile_url,
            "tile_attribution": settings.tile_attribution,
        }
