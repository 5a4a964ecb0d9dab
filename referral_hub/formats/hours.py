"""Opening hours written as text, such as "Mon-Fri 9am-5pm; Sat closed"."""

import html
import re
from collections.abc import Mapping
from dataclasses import dataclass

from referral_hub.formats.text import fold
from referral_hub.formats.times import DAYS, clock
from referral_hub.rules.hsds import WEEKDAYS

_TAG = re.compile(r"<[^<>]*>")
_DASHES = re.compile(r"[–—−]| (?:to|until|till|a) |(?<=\d)to(?=\d)")
_TOKEN = re.compile(
    r"\s*(?:"
    r"(?P<time>\d{1,2}(?::\d{2}(?::\d{2})?)?\s*(?:[ap]\b\.?|[ap]\.?m\b\.?)?|noon\b|midnight\b)"
    r"|(?P<word>[a-z]+\.?)"
    r"|(?P<dash>-)"
    r"|(?P<join>[,;:&/])"
    r")\s*"
)
_TIME = re.compile(r"(\d+)(?::(\d+))?(?::(\d+))?\s*([ap])?")
_FILLERS = frozenset({"every", "weekly", "open", "hours", "from", "and", "on", "y", "de"})
_CLOSED = frozenset({"closed", "cerrado"})
_SPANS_OF_DAYS = {"weekdays": WEEKDAYS[:5], "weekends": WEEKDAYS[5:], "daily": WEEKDAYS}


@dataclass(frozen=True, slots=True)
class Opening:
    """One weekly opening: weekdays as HSDS writes them (`MO,WE`), times as HH:MM."""

    byday: str
    opens_at: str
    closes_at: str


@dataclass(frozen=True, slots=True)
class _Time:
    hour: int
    minute: int
    half: str | None
    is_exact: bool
    """Written as HH:MM:SS or with a leading zero or past noon: surely on the 24 hour clock."""


def parse_hours(text: str, day: str | None = None) -> tuple[Opening, ...] | None:
    """Weekly openings named by the text; None unless every word of it was understood.

    `day` is the weekday code that the text belongs to when it names none itself. Closed days give
    no opening, and an opening given twice counts once.
    """
    found = _openings(text, day)
    return None if found is None else _grouped(found)


def openings_by_day(texts: Mapping[str, str]) -> tuple[Opening, ...] | None:
    """Weekly openings from one text a weekday code; None unless each text was understood."""
    parts = [_openings(text, day) for day, text in texts.items()]
    known = [part for part in parts if part is not None]
    return (
        _grouped([opening for part in known for opening in part])
        if len(known) == len(parts)
        else None
    )


_Found = list[tuple[str, str, str]]


def _openings(text: str, day: str | None) -> _Found | None:
    """Weekday, opening and closing time of every opening that the text names."""
    tokens = _tokens(text)
    return None if tokens is None else _read(tokens, [day] if day else [])


def _grouped(found: _Found) -> tuple[Opening, ...]:
    """Openings of the same hours on several days as one."""
    days: dict[tuple[str, str], list[str]] = {}
    for code, opens_at, closes_at in found:
        same = days.setdefault((opens_at, closes_at), [])
        if code not in same:
            same.append(code)
    return tuple(
        Opening(",".join(sorted(codes, key=WEEKDAYS.index)), opens_at, closes_at)
        for (opens_at, closes_at), codes in days.items()
    )


_Token = tuple[str, str]


def _tokens(text: str) -> list[_Token] | None:
    plain = _TAG.sub(" ", html.unescape(text)).replace("\\n", " ").casefold()
    plain = _DASHES.sub("-", plain)
    tokens: list[_Token] = []
    at = 0
    while at < len(plain):
        match = _TOKEN.match(plain, at)
        if not match or match.end() == at:
            return None
        at = match.end()
        kind = str(match.lastgroup)
        token = match.group(kind).strip()
        if kind == "word":
            word = fold(token)
            if word in _FILLERS:
                kind = "join"
            elif word in _CLOSED:
                kind = "closed"
            elif word in DAYS or word in _SPANS_OF_DAYS:
                kind, token = "day", word
            else:
                return None
        tokens.append((kind, token))
    return tokens


def _read(tokens: list[_Token], days: list[str]) -> _Found | None:
    found: _Found = []
    settled = bool(days)  # whether the current days already have hours or are closed
    at = 0
    while at < len(tokens):
        kind = tokens[at][0]
        if kind == "join":
            at += 1
        elif kind == "day":
            days = [] if settled else days
            added, at = _days(tokens, at)
            days, settled = [*days, *added], False
            if not added:
                return None
        elif kind == "closed" and days:
            settled, at = True, at + 1
        elif kind == "time" and days:
            span, at = _span(tokens, at)
            if span is None:
                return None
            found.extend((day, *span) for day in days)
            settled = True
        else:
            return None
    return found if settled else None


def _days(tokens: list[_Token], at: int) -> tuple[list[str], int]:
    """Weekday codes of one day or a range such as Mon-Fri, and where reading goes on."""
    first = tokens[at][1]
    if first in _SPANS_OF_DAYS:
        return list(_SPANS_OF_DAYS[first]), at + 1
    if [kind for kind, _ in tokens[at : at + 3]] != ["day", "dash", "day"]:
        return [DAYS[first]], at + 1
    last = DAYS.get(tokens[at + 2][1])
    if last is None:
        return [], at + 3
    start, end = WEEKDAYS.index(DAYS[first]), WEEKDAYS.index(last)
    length = (end - start) % 7 + 1
    return [WEEKDAYS[(start + step) % 7] for step in range(length)], at + 3


def _span(tokens: list[_Token], at: int) -> tuple[tuple[str, str] | None, int]:
    """Opening and closing time, and where reading goes on. The dash between may be missing."""
    opens, at = _time(tokens[at][1]), at + 1
    if at < len(tokens) and tokens[at][0] == "dash":
        at += 1
    if opens is None or at >= len(tokens) or tokens[at][0] != "time":
        return None, at
    closes = _time(tokens[at][1])
    return (None if closes is None else _resolved(opens, closes)), at + 1


def _time(text: str) -> _Time | None:
    if text in ("noon", "midnight"):
        return _Time(12, 0, "p" if text == "noon" else "a", is_exact=False)
    match = _TIME.match(text)
    if not match:
        return None
    hour, minute, second, half = match.groups()
    exact = half is None and minute is not None
    exact = exact and (second is not None or hour.startswith("0") or int(hour) > 12)
    return _Time(int(hour), int(minute or 0), half, exact)


def _resolved(opens: _Time, closes: _Time) -> tuple[str, str] | None:
    """Both times on the 24 hour clock; None when it stays open which half of the day is meant."""
    if opens.half is None and closes.half is None:
        if not (opens.is_exact or closes.is_exact):
            return None
        first, last = clock(opens.hour, opens.minute, None), clock(closes.hour, closes.minute, None)
    elif closes.half is None:
        return None
    else:
        last = clock(closes.hour, closes.minute, closes.half)
        first = _opening(opens, closes.half, last)
    return (first, last) if first and last and first != last else None


def _opening(opens: _Time, half: str, last: str | None) -> str | None:
    """The opening time; without am or pm of its own, the latest one before closing."""
    if opens.half or opens.hour > 12:
        return clock(opens.hour, opens.minute, opens.half)
    same = clock(opens.hour, opens.minute, half)
    if same and last and same < last:
        return same
    return clock(opens.hour, opens.minute, "a" if half == "p" else "p") if half == "p" else None
