"""Opening hours as people write them, a line each, to and from HSDS schedule rows.

A row that a line cannot say in full has no line: it stays as it is.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from referral_hub.formats.hours import parse_hours
from referral_hub.formats.times import DAYS, clock_time, iso_date
from referral_hub.rules.hsds import WEEKDAYS
from referral_hub.rules.schedules import read_schedule

Values = dict[str, Any]

FIELDS = (
    "valid_from", "valid_to", "dtstart", "timezone", "until", "count", "wkst", "freq", "interval",
    "byday", "byweekno", "bymonthday", "byyearday", "description", "opens_at", "closes_at",
    "schedule_link", "attending_type", "notes",
)  # fmt: skip
"""What a schedule row says, besides whose it is."""
HOLIDAY = "Public holiday"
NOT_READ = (
    "We cannot read this. Write it like “Mon-Fri 9am-5pm”, “2nd Sat 10am-2pm”, “Closed Dec 25”, "
    "“Daily 24 hours” or “Note: by appointment”."
)
_ORDINALS = {"1st": 1, "first": 1, "2nd": 2, "second": 2, "3rd": 3, "third": 3, "4th": 4,
             "fourth": 4, "5th": 5, "fifth": 5, "last": -1}  # fmt: skip
_ORDINAL_NAMES = {1: "1st", 2: "2nd", 3: "3rd", 4: "4th", 5: "5th", -1: "Last"}
_DAY_NAMES = dict(zip(WEEKDAYS, ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"), strict=True))
_MONTHS = r"jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec"
_DAY = (
    rf"(?:(?:{_MONTHS})[a-z]*\.? +\d{{1,2}}(?:st|nd|rd|th)?(?:,? +\d{{4}})?|"
    r"\d{4}-\d{2}-\d{2}|\d{1,2}/\d{1,2}/\d{4})"
)
_SPAN = re.compile(rf"(?P<first>{_DAY})(?: *(?:-|–|to|until|through) *(?P<last>{_DAY}))?", re.I)
_CLOSED = re.compile(r"closed(?: on)? +(?P<rest>.+)", re.I)
_HOLIDAYS = re.compile(r"(?:all |on |the )*(?:public|federal|national|bank|legal) holidays", re.I)
_NOTE = re.compile(r"note: *(?P<note>.+)", re.I)
_ALL_DAY = re.compile(r"(?:open )?(?:24 ?(?:hours|hrs|h)\b|24/7)(?: a day)?|all day", re.I)
_WHICH = "|".join(_ORDINALS)
_MONTHLY = re.compile(
    rf"(?:every )?(?P<which>(?:{_WHICH})(?:(?:, *| and | & )(?:{_WHICH}))*) +"
    r"(?P<day>[a-z]+)\.?(?: of (?:the|each|every) month)?:? +(?P<times>.+)",
    re.I,
)
_MONTH_DAYS = re.compile(
    r"(?:day|days) (?P<days>\d{1,2}(?:(?:, *| and )\d{1,2})*) of (?:the|each|every) month:? +"
    r"(?P<times>.+)",
    re.I,
)
_REMARK = re.compile(r"(?P<rest>.*?) *\((?P<remark>[^()]*)\)")


def read_line(text: str, today: date, holidays: Iterable[date] = ()) -> list[Values]:
    """The schedule rows of one line. Raises ValueError saying what to write.

    A date without a year is the next such day from `today` on. `holidays` are the days that
    "public holidays" stands for.
    """
    line = " ".join(text.split())
    if note := _NOTE.fullmatch(line):
        return [{"description": note["note"]}]
    remark = _REMARK.fullmatch(line)
    rows = _read(remark["rest"] if remark else line, today, sorted(holidays))
    if remark:
        rows = [row | {"description": remark["remark"].strip() or None} for row in rows]
    return rows


def write_line(row: Mapping[str, Any]) -> str | None:
    """The line that says all that a row does, None where none can."""
    said = {name: row.get(name) for name in FIELDS if row.get(name) not in (None, "")}
    line = _written(said)
    if line is None:
        return None
    try:
        again = read_line(line, date.min)
    except ValueError:
        return None
    return line if len(again) == 1 and _means(again[0]) == _means(said) else None


def _means(row: Mapping[str, Any]) -> tuple[Any, ...]:
    """What a row says, however it is spelled."""
    kept = {name: value for name, value in row.items() if value is not None}
    read = read_schedule(kept)
    more = {"timezone", "schedule_link", "attending_type", "count"} & set(kept)
    return (read, tuple(sorted(more)))


def _read(line: str, today: date, holidays: Sequence[date]) -> list[Values]:
    if closed := _CLOSED.fullmatch(line):
        if _HOLIDAYS.fullmatch(closed["rest"]):
            if not holidays:
                raise ValueError("We know no public holidays here. Write the days one by one.")
            return [_span(day, day) | {"description": HOLIDAY} for day in holidays]
        if span := _SPAN.fullmatch(closed["rest"]):
            return [_span(*_days_of(span, today))]
    begun = _SPAN.match(line)
    if begun and line[begun.end() :].lstrip().startswith(":"):
        first, last = _days_of(begun, today)
        rest = line[begun.end() :].lstrip(" :")
        return [row | _span(first, last) for row in _in_span(rest)]
    return _usual(line)


def _in_span(text: str) -> list[Values]:
    """The rows of what holds in a span of days: hours alone hold on each of its days."""
    if text.casefold() == "closed":
        return [{}]
    if _ALL_DAY.fullmatch(text):
        return [{"opens_at": "00:00", "closes_at": "23:59"}]
    try:
        return _usual(text)
    except ValueError:
        found = parse_hours(text, "MO")
        if not found:
            raise
        return [{"opens_at": each.opens_at, "closes_at": each.closes_at} for each in found]


def _usual(line: str) -> list[Values]:
    if monthly := _MONTHLY.fullmatch(line):
        code = DAYS.get(monthly["day"].casefold().rstrip("."))
        if code is None:
            raise ValueError(NOT_READ)
        ordinals = [_ORDINALS[word.casefold()] for word in re.findall(r"\w+", monthly["which"])
                    if word.casefold() in _ORDINALS]  # fmt: skip
        byday = ",".join(f"{ordinal}{code}" for ordinal in ordinals)
        return [{"freq": "MONTHLY", "byday": byday} | times for times in _times(monthly["times"])]
    if monthly := _MONTH_DAYS.fullmatch(line):
        days = [int(day) for day in re.findall(r"\d+", monthly["days"])]
        if not all(1 <= day <= 31 for day in days):
            raise ValueError("A month has the days 1 to 31.")
        by = {"freq": "MONTHLY", "bymonthday": ",".join(map(str, days))}
        return [by | times for times in _times(monthly["times"])]
    return _weekly(line)


def _weekly(line: str) -> list[Values]:
    if _ALL_DAY.fullmatch(line):
        return [_week(",".join(WEEKDAYS), "00:00", "23:59")]
    all_day = re.search(rf",? *:? *(?:{_ALL_DAY.pattern})$", line, re.I)
    if all_day:
        days = parse_hours(f"{line[: all_day.start()]} 1am-2am")
        if days and len(days) == 1:
            return [_week(days[0].byday, "00:00", "23:59")]
    found = parse_hours(line)
    if not found:
        raise ValueError(NOT_READ)
    return [_week(each.byday, each.opens_at, each.closes_at) for each in found]


def _times(text: str) -> list[Values]:
    if _ALL_DAY.fullmatch(text):
        return [{"opens_at": "00:00", "closes_at": "23:59"}]
    found = parse_hours(text, "MO")
    if not found:
        raise ValueError(NOT_READ)
    return [{"opens_at": each.opens_at, "closes_at": each.closes_at} for each in found]


def _week(byday: str, opens_at: str, closes_at: str) -> Values:
    return {"freq": "WEEKLY", "byday": byday, "opens_at": opens_at, "closes_at": closes_at}


def _span(first: date, last: date) -> Values:
    return {"valid_from": first, "valid_to": last}


def _days_of(span: re.Match[str], today: date) -> tuple[date, date]:
    first = _day(span["first"], today)
    last = _day(span["last"], first) if span["last"] else first
    if last < first:
        raise ValueError("The last day comes before the first one.")
    return first, last


def _day(text: str, since: date) -> date:
    """The day of a text; without a year the next one from a day on."""
    if re.search(r"\d{4}", text):
        found = iso_date(text)
        if found is None:
            raise ValueError(f"There is no such day: {text}. Write it like Dec 25, 2026.")
        return date.fromisoformat(found)
    for year in range(since.year, since.year + 5):
        found = iso_date(f"{text}, {year}")
        if found and date.fromisoformat(found) >= since:
            return date.fromisoformat(found)
    raise ValueError(f"There is no such day: {text}. Write it like Dec 25, 2026.")


def _written(row: Values) -> str | None:
    """A line for what a row says, which may yet say too little."""
    if set(row) <= {"description", "notes"}:
        note = str(row.get("description") or row.get("notes") or "")
        return f"Note: {' '.join(note.split())}" if note else None
    remark = row.get("description")
    if remark and ("(" in remark or ")" in remark):
        return None
    tail = f" ({' '.join(remark.split())})" if remark else ""
    times = _said_times(row)
    days = _said_days(row)
    if times is None or days is None:
        return None
    if "valid_from" in row or "valid_to" in row:
        if not ("valid_from" in row and "valid_to" in row):
            return None
        span = _said_span(row["valid_from"], row["valid_to"])
        if not times and not days:
            return f"Closed {span}{tail}"
        return f"{span}: {' '.join(filter(None, (days, times)))}{tail}" if times else None
    return f"{days} {times}{tail}" if days and times else None


def _said_times(row: Values) -> str | None:
    """The times in words, "" for none, None where they are not whole."""
    if "opens_at" not in row and "closes_at" not in row:
        return ""
    opens, closes = (clock_time(str(row.get(name, ""))) for name in ("opens_at", "closes_at"))
    if opens is None or closes is None:
        return None
    if opens[:5] == "00:00" and closes[:5] in ("23:59", "24:00"):
        return "24 hours"
    return f"{_said_time(opens)}-{_said_time(closes)}"


def _said_time(time: str) -> str:
    hour, minute = int(time[:2]), int(time[3:5])
    half = "am" if hour < 12 else "pm"
    return f"{(hour - 1) % 12 + 1}{f':{minute:02}' if minute else ''}{half}"


def _said_days(row: Values) -> str | None:
    """The days in words, "" for none, None where a line cannot say them."""
    if "bymonthday" in row:
        days = " and ".join(part.strip() for part in str(row["bymonthday"]).split(","))
        return f"Days {days} of the month" if "byday" not in row else None
    codes = [part.strip().upper() for part in str(row.get("byday", "")).split(",") if part.strip()]
    if not codes:
        return ""
    ordinals = [code[:-2] for code in codes]
    weekdays = [code[-2:] for code in codes]
    if not set(weekdays) <= set(WEEKDAYS):
        return None
    if any(ordinals):
        try:
            which = [_ORDINAL_NAMES[int(ordinal)] for ordinal in ordinals]
        except (KeyError, ValueError):
            return None
        if len(set(weekdays)) > 1:
            return None
        return f"{' and '.join(which)} {_DAY_NAMES[weekdays[0]]}"
    return _said_week(sorted({WEEKDAYS.index(day) for day in weekdays}))


def _said_week(days: list[int]) -> str:
    if len(days) == 7:
        return "Daily"
    runs: list[list[int]] = []
    for day in days:
        if runs and runs[-1][-1] == day - 1:
            runs[-1].append(day)
        else:
            runs.append([day])
    names = list(_DAY_NAMES.values())
    return ", ".join(
        f"{names[run[0]]}-{names[run[-1]]}" if len(run) > 2
        else ", ".join(names[day] for day in run)
        for run in runs
    )  # fmt: skip


def _said_span(first: date, last: date) -> str:
    if first == last:
        return f"{first:%b} {first.day}, {first.year}"
    return f"{first:%b} {first.day}, {first.year} to {last:%b} {last.day}, {last.year}"
