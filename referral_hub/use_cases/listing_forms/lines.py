"""Records of a table as lines of one text: hours, papers, languages, areas, needs.

A record that no line can say in full has none, and stays as it is.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import select

from referral_hub.formats.hours_lines import read_line as read_hours
from referral_hub.formats.hours_lines import write_line as write_hours
from referral_hub.models import Location, ServiceAtLocation, TaxonomyTerm
from referral_hub.rules.coverage import CIRCLE_EXTENT, read_coverage
from referral_hub.rules.listing_sections import (
    KNOWN_LANGUAGES,
    MOST_LINE,
    MOST_LINES,
    PHONE_KINDS,
    WEB_PAGE,
    Lines,
)
from referral_hub.rules.listings import RowEdit
from referral_hub.rules.places import AmbiguousPlace, PlaceNotFound
from referral_hub.rules.schedule_words import say_when
from referral_hub.rules.schedules import read_schedule
from referral_hub.rules.texts import on_one_line
from referral_hub.rules.three_way import lines_of
from referral_hub.use_cases.directory.wording import language_name
from referral_hub.use_cases.listing_forms.editing import (
    Editing,
    Record,
    Texts,
    next_position,
)
from referral_hub.vocabulary import needs

Values = dict[str, Any]
KM_PER_MILE = 1.609344
LEAST_MILES = 0.1


@dataclass(frozen=True, slots=True)
class Codec:
    """How a record becomes a line, and a line records. `kept` says in words what has no line."""

    write: Callable[[Record], str | None]
    read: Callable[[str, Editing], list[Values]]
    kept: Callable[[Record], str]


def read_lines(part: Lines, editing: Editing) -> dict[str, str]:
    """The lines as one text."""
    return {part.field.name: as_lines(part.table, editing.rows(part.table))}


def as_lines(table: str, rows: Iterable[Record]) -> str:
    """Records as one text, without those that no line can say."""
    found = (CODECS[table].write(row) for row in rows)
    return "\n".join(dict.fromkeys(filter(None, found)))


def kept_rows(part: Lines, editing: Editing) -> list[str]:
    """What the form cannot show as lines, in words; it stays as it is."""
    return kept_of(part.table, editing.rows(part.table))


def kept_of(table: str, rows: Iterable[Record]) -> list[str]:
    """Records that no line can say, in words."""
    codec = CODECS[table]
    return list(filter(None, (codec.kept(row) for row in rows if codec.write(row) is None)))


def write_lines(part: Lines, editing: Editing, before: Texts, after: Texts) -> list[RowEdit]:
    """Records of lines that are gone go, those of new lines come."""
    name = part.field.name
    if before.get(name, "") == after.get(name, ""):
        return []
    return line_edits(
        part.table, editing.listing.id, editing.owner_of(part.table), after.get(name, ""), name,
        editing,
    )  # fmt: skip


def line_edits(
    table: str, owner_id: UUID, owner: str, text: str, name: str, editing: Editing
) -> list[RowEdit]:
    """What makes the records of an owner say the lines of a text; `owner` is the column that says
    whose they are, `name` the field in which the text was typed."""
    codec = CODECS[table]
    rows = editing.rows_of(table, owner, owner_id)
    wanted = lines_of(text)
    if len(wanted) > max(MOST_LINES, len(rows)):
        editing.faults[name] = f"Use at most {MOST_LINES} lines."
        return []
    said = {row.id: codec.write(row) for row in rows}
    edits = [
        edit
        for row in rows
        if said[row.id] and said[row.id] not in wanted
        for edit in editing.gone(table, row)
    ]
    position = next_position(rows)
    for line in wanted:
        if line not in said.values():
            for values in _read(codec, editing, name, line):
                edits.append(RowEdit(
                    table, uuid4(), None, {owner: owner_id, "position": position, **values},
                ))  # fmt: skip
                position += 1
    return edits


def read_rows_of(part: Lines, editing: Editing, text: str) -> list[Values]:
    """What the lines of a text say; what is wrong with one becomes a fault."""
    codec = CODECS[part.table]
    rows = [dict(row._mapping) for row in editing.rows(part.table) if codec.write(row) is None]
    for line in lines_of(text):
        rows += _read(codec, editing, part.field.name, line)
    return rows


def _read(codec: Codec, editing: Editing, name: str, line: str) -> list[Values]:
    try:
        if len(line) > MOST_LINE:
            raise ValueError(f"Use at most {MOST_LINE} characters a line.")
        return codec.read(line, editing)
    except ValueError as error:
        editing.faults.setdefault(name, f"“{line[:80]}”: {error}")
        return []


def _hours(row: Record) -> str | None:
    return write_hours(row._mapping)


def _hours_kept(row: Record) -> str:
    read = read_schedule(row._mapping)
    return " ".join(filter(None, (say_when([read], read.valid_from or _EPOCH), *read.notes)))


def _paper(row: Record) -> str | None:
    line = " ".join(" ".join(filter(None, (row.document, row.uri))).split())
    again = _read_paper(line, None) if line else []
    same = again and (again[0]["document"], again[0]["uri"]) == (row.document, row.uri)
    return line if same else None


def _read_paper(line: str, _editing: Editing | None) -> list[Values]:
    found = re.fullmatch(r"(?:(.+?) )?(https?://\S+)", line)
    document, uri = (found[1], found[2]) if found else (line, None)
    return [{"document": document or uri, "uri": uri}]


def _url(row: Record) -> str | None:
    line = on_one_line(" ".join(filter(None, (row.label, row.url))))
    try:
        (again,) = _read_url(line, None)
    except ValueError:
        return None
    return line if (again["label"], again["url"]) == (row.label, row.url) else None


def _read_url(line: str, _editing: Editing | None) -> list[Values]:
    found = re.fullmatch(r"(?:(.+) )?(\S+)", line)
    if found is None or "." not in found[2]:
        raise ValueError("Write a web address like https://agency.org, with its name before it.")
    return [{"label": found[1], "url": WEB_PAGE.read(found[2])}]


def _language(row: Record) -> str | None:
    return None if row.note else language_name(row.name, row.code) or None


def _read_language(line: str, _editing: Editing) -> list[Values]:
    return [{"name": line, "code": KNOWN_LANGUAGES.get(line.casefold())}]


_CIRCLE = re.compile(
    r"(?:within )?(?P<miles>\d{1,3}(?:\.\d{1,9})?) miles? (?:of|around|from) (?P<place>.+)", re.I
)
_POINT = re.compile(r"(-?\d{1,2}(?:\.\d{1,12})?), ?(-?\d{1,3}(?:\.\d{1,12})?)", re.ASCII)
_HERE = re.compile(r"(?:here|us|(?:the|our|this) (?:office|place|service|site|location))\.?", re.I)


def _area(row: Record) -> str | None:
    return " ".join((row.name or row.description or row.extent or "").split()) or None


def _read_area(line: str, editing: Editing) -> list[Values]:
    circle = _CIRCLE.fullmatch(line)
    if circle is None:
        return [{"name": line, "extent": line, "extent_type": "text"}]
    latitude, longitude = _middle(circle["place"], editing)
    miles = float(circle["miles"])
    if miles < LEAST_MILES:
        raise ValueError(f"Use at least {LEAST_MILES} miles.")
    km = miles * KM_PER_MILE
    extent = f"{latitude:.5f},{longitude:.5f},{km:.3f}"
    return [{"name": line, "extent": extent, "extent_type": CIRCLE_EXTENT}]


def point_here(editing: Editing) -> tuple[float, float] | None:
    """Where the service is given first, as near as anybody may know."""
    point = editing.session.execute(
        select(Location.point_latitude, Location.point_longitude)
        .join(ServiceAtLocation, ServiceAtLocation.location_id == Location.id)
        .where(
            ServiceAtLocation.service_id == editing.listing.id,
            ServiceAtLocation.vanished_at.is_(None),
            Location.point_latitude.is_not(None),
        )
        .order_by(ServiceAtLocation.position, ServiceAtLocation.id)
    ).first()
    return (point.point_latitude, point.point_longitude) if point is not None else None


def _middle(words: str, editing: Editing) -> tuple[float, float]:
    """The middle of a circle: the place where the service is given, one that is named, or a point
    in degrees."""
    if _HERE.fullmatch(words):
        point = point_here(editing)
        if point is None:
            raise ValueError("Say first at which place it is given, or name a ZIP code.")
        return point
    if degrees := _POINT.fullmatch(words):
        latitude, longitude = float(degrees[1]), float(degrees[2])
        if abs(latitude) > 90 or abs(longitude) > 180:
            raise ValueError("There is no such point on Earth.")
        return latitude, longitude
    try:
        place = editing.gazetteer.find(words)
    except (PlaceNotFound, AmbiguousPlace) as error:
        raise ValueError(f"{error} Name a ZIP code or a city with its state.") from error
    return place.latitude, place.longitude


def not_understood(part: Lines, editing: Editing) -> list[str]:
    """Areas that people read but no search understands."""
    counties = editing.gazetteer.county_keys()
    return [
        line
        for row in editing.rows(part.table)
        if not read_coverage(row._mapping, editing.state, counties)
        for line in filter(None, [_area(row)])
    ]


def _accessibility(row: Record) -> str | None:
    line = (row.description or "").replace("_", " ")
    return None if row.details or row.url or "\n" in line else line or None


def _need(row: Record) -> str | None:
    return _NEEDS_BY_TERM.get(row.taxonomy_term_id)


def _read_need(line: str, editing: Editing) -> list[Values]:
    term = _TERMS_BY_NEED.get(line.casefold())
    if term is None:
        raise ValueError("This is not in the list of needs below. Copy one from there.")
    if editing.session.get(TaxonomyTerm, term) is None:
        raise ValueError("The network has not loaded its list of needs yet.")
    about = {"link_entity": "service", "owner_table": "service", "link_type": "need"}
    return [{"taxonomy_term_id": term, **about}]


_PHONE = re.compile(
    r"(?P<number>[^:]*?\d[^:]*?)(?:,? ?(?:ext|x)\.? ?(?P<extension>\d{1,9}))?"
    r"(?: \((?P<kind>[^()]+)\))?(?:: (?P<words>.+))?",
    re.I,
)
_KIND_NAMES = dict(PHONE_KINDS)
_KINDS = {name.casefold(): kind for kind, name in PHONE_KINDS}


def _phone(row: Record) -> str | None:
    line = row.number or ""
    if row.extension is not None:
        line += f" ext. {row.extension:.10g}"
    if row.type not in (None, "", "voice"):
        line += f" ({_KIND_NAMES.get(row.type, row.type)})"
    if row.description:
        line += f": {row.description}"
    try:
        (again,) = _read_phone(line, None)
    except ValueError:
        return None
    said = (row.number, row.extension, row.type or "voice", row.description or None)
    return line if (*again.values(),) == said and line == on_one_line(line) else None


def _read_phone(line: str, _editing: Editing | None) -> list[Values]:
    found = _PHONE.fullmatch(line)
    kind = _KINDS.get(found["kind"].casefold()) if found and found["kind"] else "voice"
    if found is None or kind is None:
        raise ValueError("Write a number like 312 555 0100, or 312 555 0100 ext. 4 (Fax): office.")
    extension = float(found["extension"]) if found["extension"] else None
    return [{"number": found["number"].strip(), "extension": extension, "type": kind,
             "description": found["words"]}]  # fmt: skip


_EPOCH = date.min
_NEEDS_BY_TERM = {need.id: need.label for need in needs().values()}
_TERMS_BY_NEED = {need.label.casefold(): need.id for need in needs().values()}

CODECS: Mapping[str, Codec] = {
    "schedule": Codec(
        _hours, lambda line, editing: read_hours(line, editing.today, editing.holidays),
        _hours_kept,
    ),
    "required_document": Codec(_paper, _read_paper, lambda row: row.document or row.uri or ""),
    "language": Codec(
        _language, _read_language, lambda row: f"{language_name(row.name, row.code)}: {row.note}"
    ),
    "service_area": Codec(_area, _read_area, lambda row: row.uri or ""),
    "accessibility": Codec(
        _accessibility, lambda line, _editing: [{"description": line}],
        lambda row: ": ".join(filter(None, (row.description, row.details))),
    ),
    "url": Codec(_url, _read_url, lambda row: " ".join(filter(None, (row.label, row.url)))),
    "funding": Codec(
        lambda row: on_one_line(row.source or "") or None,
        lambda line, _editing: [{"source": line}], lambda _row: "",
    ),
    "phone": Codec(_phone, _read_phone, lambda row: row.number),
    "attribute": Codec(_need, _read_need, lambda _row: ""),
}  # fmt: skip
"""Each table of which a form shows the records as lines."""
