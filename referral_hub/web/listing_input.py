"""The form of a section of a listing, as a browser sends it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import count
from json import JSONDecodeError, dumps, loads

from flask import request

from referral_hub.rules.listing_sections import (
    FormField,
    InProgram,
    Lines,
    MainAddress,
    Own,
    Part,
    Rows,
    Section,
    Sites,
    Who,
    list_names,
    plain,
)

REMOVE, THEIRS = "remove", "theirs."
MOST_SEEN = 2**31 - 1


@dataclass(frozen=True, slots=True)
class SentForm:
    """What was typed, and the form as it was opened, after the change `seen`."""

    base: dict[str, str]
    typed: dict[str, str]
    seen: int


def sent_form(section: Section) -> SentForm:
    """The form that was sent. Without a base that can be read all that differs must be chosen."""
    base, seen = _read_base(request.form.get("base", ""))
    lists = list_names(section)
    names = dict.fromkeys((*base, *(n for n in request.form if _belongs(section, n))))
    typed = {}
    for name in names:
        sent = request.form.getlist(name)
        text = "\n".join(sent) if name in lists else next(iter(sent), "")
        typed[name] = plain(text)
        if request.form.get(THEIRS + name):
            typed[name] = base.get(name, "")
        elif name.count(".") == 2 and request.form.get(f"{name.rpartition('.')[0]}.{REMOVE}"):
            typed[name] = ""
    return SentForm(base, typed, seen)


def written_base(texts: Mapping[str, str], seen: int) -> str:
    """The form as it is opened, to be sent back with what is typed."""
    return dumps({"texts": dict(texts), "seen": seen})


def row_keys(part: Rows, texts: Mapping[str, str]) -> list[str]:
    """The keys of the records in a form, and one more for a new one."""
    found = dict.fromkeys(
        name.split(".")[1]
        for name in texts
        if name.startswith(f"{part.table}.") and name.count(".") == 2
    )
    fresh = next(name for number in count() if (name := f"new{number}") not in found)
    return [*found, fresh]


def labels_of(section: Section, texts: Mapping[str, str]) -> dict[str, str]:
    """What each field is called, where something is wrong with it."""
    found: dict[str, str] = {}
    for part in section.parts:
        if isinstance(part, Rows):
            for number, key in enumerate(row_keys(part, texts), 1):
                found |= {
                    f"{part.table}.{key}.{each.name}": f"{part.title} {number}: {each.label}"
                    for each in part.fields
                }
        else:
            found |= {each.name: each.label for each in _fields(part)}
    return found


def _fields(part: Part) -> Iterator[FormField]:
    match part:
        case Own(fields) | Who(fields) | MainAddress(fields):
            yield from fields
        case Lines(_, field) | Sites(field) | InProgram(field):
            yield field


def _belongs(section: Section, name: str) -> bool:
    for part in section.parts:
        if isinstance(part, Rows):
            table, _, rest = name.partition(".")
            columns = {each.name for each in part.fields}
            if table == part.table and rest.rpartition(".")[2] in columns:
                return True
        elif any(each.name == name for each in _fields(part)):
            return True
    return False


def _read_base(text: str) -> tuple[dict[str, str], int]:
    try:
        read = loads(text) if text else {}
        texts, seen = read["texts"], int(read["seen"])
    except (JSONDecodeError, RecursionError, KeyError, TypeError, ValueError, OverflowError):
        return {}, 0
    if not isinstance(texts, dict):
        return {}, 0
    return {str(name): str(value) for name, value in texts.items()}, min(max(seen, 0), MOST_SEEN)
