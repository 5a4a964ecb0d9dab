"""The forms in which listings are edited, as data: sections, their parts, their fields.

A form is texts by name: that of a field of the record itself is its column, that of a part its
table with the record's id and column between dots. A list has an entry a line.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any
from urllib.parse import urlsplit

from referral_hub.rules.email_addresses import is_email
from referral_hub.rules.languages import LANGUAGES
from referral_hub.rules.texts import is_passage, on_one_line
from referral_hub.rules.three_way import lines_of

MOST_LINE, MOST_PASSAGE, MOST_LINES = 300, 8_000, 400
YES = "yes"


class Shape(StrEnum):
    """How a field looks: one line, many, an entry a line, one of some, any of some, one tick."""

    LINE = "line"
    PASSAGE = "passage"
    LIST = "list"
    CHOICE = "choice"
    TICKS = "ticks"
    TICK = "tick"


class Holds(StrEnum):
    """What a text of a form stands for."""

    TEXT = "text"
    NUMBER = "number"
    AMOUNT = "amount"
    WHOLE = "whole"
    YEAR = "year"
    CURRENCY = "currency"
    DATE = "date"
    EMAIL = "email"
    WEB = "web"


Options = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class FormField:
    """One field. `missing` is what to say where it must be there and is not."""

    name: str
    label: str
    shape: Shape = Shape.LINE
    holds: Holds = Holds.TEXT
    hint: str = ""
    missing: str = ""
    options: Options = ()

    @property
    def is_list(self) -> bool:
        """Whether its text has an entry a line."""
        return self.shape in (Shape.LIST, Shape.TICKS)

    def read(self, text: str) -> Any:
        """The value of a text, None for an empty one. Raises ValueError saying what to use."""
        if self.is_list:
            return self._read_lines(text)
        text = on_one_line(text) if self.shape is Shape.LINE else text.strip()
        if not text:
            if self.missing:
                raise ValueError(self.missing)
            return None
        most = MOST_LINE if self.shape is Shape.LINE else MOST_PASSAGE
        if not is_passage(text, most):
            raise ValueError(f"Use at most {most} characters, all of which can be seen.")
        if self.options and text not in dict(self.options):
            raise ValueError("Choose one from the list.")
        if self.shape is Shape.TICK:
            return text == YES
        return _READERS[self.holds](text)

    def _read_lines(self, text: str) -> list[str]:
        lines = lines_of(text)
        if len(lines) > MOST_LINES:
            raise ValueError(f"Use at most {MOST_LINES} lines.")
        if not all(is_passage(line, MOST_LINE) for line in lines):
            raise ValueError(f"Use at most {MOST_LINE} characters a line.")
        if self.options and not set(lines) <= set(dict(self.options)):
            raise ValueError("Choose only from the list.")
        return lines

    def write(self, value: Any) -> str:
        """A value as the form shows it."""
        if value is None or value is False:
            return ""
        if value is True:
            return YES
        if isinstance(value, float | int):
            return f"{value:.10g}"
        if isinstance(value, date):
            return value.isoformat()
        return on_one_line(str(value)) if self.shape is Shape.LINE else plain(str(value))


def plain(text: str) -> str:
    """A text as a browser sends it back: lines end alike, nothing blank around it."""
    return "\n".join(text.splitlines()).strip()


_NUMBER = re.compile(r"-?(?=\.?\d)(\d{1,3}(,\d{3})+|\d{1,15})?(\.\d{0,15})?", re.ASCII)
"""Commas only between thousands: elsewhere they may be meant as a point."""


def read_number(text: str) -> float:
    """A number as people type it. Raises ValueError saying what to use."""
    message = "Use a number, such as 18 or 2.5."
    if not _NUMBER.fullmatch(text):
        raise ValueError(message)
    value = float(text.replace(",", ""))
    if abs(value) > 1e9:
        raise ValueError(message)
    return value


def _amount(text: str) -> float:
    value = read_number(text)
    if value < 0:
        raise ValueError("Use a number from 0 on, such as 0 or 12.50.")
    return value


def _whole(text: str) -> float:
    if not (text.isascii() and text.isdecimal() and len(text) < 10):
        raise ValueError("Use digits only, such as 104.")
    return float(text)


def _year(text: str) -> float:
    if not (text.isascii() and text.isdecimal() and len(text) == 4 and text >= "1000"):
        raise ValueError("Use a year such as 1985.")
    return float(text)


def _currency(text: str) -> str:
    if not (text.isascii() and text.isalpha() and len(text) == 3):
        raise ValueError("Use the three letters of a currency, such as USD.")
    return text.upper()


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise ValueError("Use a date such as 2026-05-31.") from error


def _email(text: str) -> str:
    if not is_email(text):
        raise ValueError("Use an e-mail address such as help@agency.org.")
    return text


def _web(text: str) -> str:
    """A web address; people leave out its scheme."""
    address = text if "://" in text else f"https://{text}"
    try:
        parts = urlsplit(address)
        good = parts.scheme in ("http", "https") and "." in (parts.hostname or "")
    except ValueError:
        good = False
    if not good or any(sign.isspace() for sign in address):
        raise ValueError("Use a web address such as https://agency.org.")
    return address


_READERS: Mapping[Holds, Any] = {
    Holds.TEXT: lambda text: text,
    Holds.NUMBER: read_number,
    Holds.AMOUNT: _amount,
    Holds.WHOLE: _whole,
    Holds.YEAR: _year,
    Holds.CURRENCY: _currency,
    Holds.DATE: _date,
    Holds.EMAIL: _email,
    Holds.WEB: _web,
}


@dataclass(frozen=True, slots=True)
class Own:
    """Fields of the listing's own record."""

    fields: tuple[FormField, ...]


@dataclass(frozen=True, slots=True)
class Lines:
    """Records of a table that only describe the listing, a line each."""

    table: str
    field: FormField


@dataclass(frozen=True, slots=True)
class Rows:
    """Records of a table with several fields each. `title` names one, `add` a new one.

    A list among the fields is named like the table of the records that only describe this one.
    `faults` says what of a record's texts does not go together.
    """

    table: str
    title: str
    add: str
    fields: tuple[FormField, ...]
    faults: Callable[[Mapping[str, str]], Mapping[str, str]] = lambda _texts: {}


@dataclass(frozen=True, slots=True)
class Who:
    """The conditions of a service (`rules.eligibility`)."""

    fields: tuple[FormField, ...]


@dataclass(frozen=True, slots=True)
class MainAddress:
    """The address of a location."""

    fields: tuple[FormField, ...]


@dataclass(frozen=True, slots=True)
class Sites:
    """Where a service is given: the locations of its organization, ticked."""

    field: FormField


@dataclass(frozen=True, slots=True)
class InProgram:
    """The program of its organization to which a service belongs."""

    field: FormField


Part = Own | Lines | Rows | Who | MainAddress | Sites | InProgram


@dataclass(frozen=True, slots=True)
class Section:
    """One short form. `lead` says above it what it is for."""

    key: str
    title: str
    lead: str
    parts: tuple[Part, ...]


def _line(name: str, label: str, **more: Any) -> FormField:
    return FormField(name, label, Shape.LINE, **more)


def _passage(name: str, label: str, **more: Any) -> FormField:
    return FormField(name, label, Shape.PASSAGE, **more)


def _list(name: str, label: str, **more: Any) -> FormField:
    return FormField(name, label, Shape.LIST, **more)


def _choice(name: str, label: str, options: Options, **more: Any) -> FormField:
    return FormField(name, label, Shape.CHOICE, options=options, **more)


def _ends_before_it_begins(texts: Mapping[str, str]) -> Mapping[str, str]:
    try:
        first, last = (_date(texts[name]) for name in ("valid_from", "valid_to"))
    except ValueError:
        return {}  # said beside the field
    return {"valid_to": "This is before the first day."} if last < first else {}


def _has_no_choices(texts: Mapping[str, str]) -> Mapping[str, str]:
    if texts["answer_kind"] != "choice" or len(lines_of(texts["choices"])) > 1:
        return {}
    return {"choices": "Write at least two choices, a line each."}


_NAME = _line("name", "Name", missing="Enter a name.")
_ALTERNATE = _line("alternate_name", "Other name", hint="What people also call it.")
_EMAIL = _line("email", "E-mail", holds=Holds.EMAIL)
PHONE_KINDS: Options = (
    ("voice", "Voice"), ("text", "Text messages"), ("fax", "Fax"), ("cell", "Mobile"),
    ("textphone", "TTY"), ("video", "Video"),
)  # fmt: skip
_PHONES = Rows(
    "phone", "Phone", "Another phone",
    (
        _line("number", "Number", missing="Enter the number, or tick to remove this phone."),
        _line("extension", "Extension", holds=Holds.WHOLE),
        _choice("type", "Kind", PHONE_KINDS),
        _line("description", "What it is for", hint="Such as: front desk, crisis line."),
    ),
)  # fmt: skip
_CONTACTS = Rows(
    "contact", "Contact", "Another contact",
    (
        _line("name", "Name"),
        _line("title", "Role", hint="Such as: intake coordinator."),
        _line("department", "Department"),
        _EMAIL,
        _list(
            "phone", "Phones", hint="A number a line, such as 312 555 0100, or 312 555 0100 "
            "ext. 4 (Text messages): evenings.",
        ),
    ),
)  # fmt: skip
_HOURS_LINES = Lines("schedule", _list(
    "schedule", "Hours",
    hint="Such as: Mon-Fri 9am-5pm. Daily 24 hours. 2nd Sat 10am-2pm. "
    "Jun 1, 2027 to Aug 31, 2027: Mon-Thu 8am-noon. Closed Dec 25. "
    "Dec 24: 9am-noon. Closed on public holidays. Note: by appointment.",
))  # fmt: skip
_HOURS_LEAD = (
    "Write hours as you would say them, a line each. You see how we understand them before "
    "anything is saved."
)
_LANGUAGES = Lines("language", _list(
    "language", "Languages spoken", hint="A language a line, such as Spanish.",
))  # fmt: skip

WEB_PAGE = _line("url", "Web page", holds=Holds.WEB)
_MORE_PAGES = Lines("url", _list(
    "more_pages", "More web pages", hint="A page a line, its name before it, such as: Donate "
    "https://agency.org/donate.",
))  # fmt: skip
_FUNDING = Lines("funding", _list(
    "funding", "Funded by", hint="A source of money a line, such as United Way.",
))  # fmt: skip

_ANY = (("yes", "Yes, only they"), ("no", "Only others"))
_KINDS_THAT_CAN_BE_PREFERRED: Options = (
    ("age", "Age"), ("residence", "Where they live"), ("household", "Household"),
    ("income", "Income"), ("veteran", "Veterans"), ("disability", "Disability"),
    ("gender", "Gender"), ("pregnancy", "Pregnancy"), ("insurance", "Insurance"),
    ("student", "Students"), ("language", "Language"), ("referral", "Referral"),
)  # fmt: skip
_WHO = Who((
    _line("who.age_from", "Age from", holds=Holds.NUMBER),
    _line("who.age_to", "Age up to", holds=Holds.NUMBER),
    _list(
        "who.residence", "People live in", hint="A ZIP code, county or state a line, such as "
        "60608 or Cook County, IL.",
    ),
    _line("who.size_from", "People in the household, from", holds=Holds.NUMBER),
    _line("who.size_to", "People in the household, up to", holds=Holds.NUMBER),
    _choice(
        "who.children", "Children in the household",
        (("yes", "Only with children"), ("no", "Only without children")),
    ),
    _line(
        "who.income", "Income up to this percentage of the federal poverty guideline",
        holds=Holds.NUMBER, hint="Such as 200.",
    ),
    FormField(
        "who.gender", "For", Shape.TICKS, options=(("women", "Women"), ("men", "Men")),
        hint="Leave both open where it is for everybody.",
    ),
    _choice("who.veteran", "Veterans", _ANY),
    _choice("who.disability", "People with a disability", _ANY),
    _choice("who.pregnancy", "People who are pregnant", _ANY),
    _choice("who.student", "Students", _ANY),
    FormField(
        "who.insurance", "Health insurance", Shape.TICKS,
        options=(("medicaid", "Medicaid"), ("medicare", "Medicare"), ("private", "Private"),
                 ("none", "None"), ("any", "Any insurance")),
        hint="Leave all open where it does not matter.",
    ),
    _list("who.language", "Must speak one of", hint="Leave it open where you find an interpreter."),
    _choice(
        "who.referral", "Referral",
        (("yes", "A referral is needed"), ("no", "No referral is needed")),
    ),
    _list(
        "who.other", "Anything else that decides", hint="A sentence a line. People read it and "
        "judge; the hub does not.",
    ),
    FormField(
        "who.preferred", "These only come first", Shape.TICKS,
        options=_KINDS_THAT_CAN_BE_PREFERRED,
        hint="Ticked conditions rule nobody out: they say who comes first.",
    ),
))  # fmt: skip

SECTIONS: Mapping[str, tuple[Section, ...]] = {
    "service": (
        Section(
            "about", "About", "What the service is, in words that clients use.",
            (
                Own((
                    _NAME, _ALTERNATE,
                    _passage("description", "What it does"),
                    _passage("application_process", "How to apply", hint="What to do first."),
                    _line("wait_time", "Usual wait", hint="Such as: 2 weeks."),
                    _passage("alert", "Notice", hint="Shown on top of the page."),
                    WEB_PAGE,
                    _EMAIL,
                    _line("accreditations", "Accreditations"),
                )),
                _MORE_PAGES,
                InProgram(FormField("program_id", "Program", Shape.CHOICE)),
                Lines("attribute", _list(
                    "attribute", "Needs that it answers",
                    hint="A need a line, in the words of the list below.",
                )),
            ),
        ),
        Section(
            "who", "Who it is for",
            "What you state here decides which clients are told that they fit. What you leave "
            "open is open to everybody.",
            (
                Own((_passage("eligibility_description", "Who can use it, in your words"),)),
                _WHO,
            ),
        ),
        Section(
            "hours", "Hours",
            f"{_HOURS_LEAD} Leave it empty where the hours of its places count.", (_HOURS_LINES,),
        ),
        Section(
            "contacts", "Contacts", "How people reach this service.", (_PHONES, _CONTACTS),
        ),
        Section(
            "cost", "Cost", "Say it also where it is free.",
            (
                Own((_passage("fees_description", "Cost in words"),)),
                Rows(
                    "cost_option", "Price", "Another price",
                    (
                        _line("option", "For", hint="Such as: adults, first visit."),
                        _line("amount", "Amount", holds=Holds.AMOUNT, hint="0 where it is free."),
                        _line(
                            "currency", "Currency", holds=Holds.CURRENCY,
                            hint="Three letters, such as USD.",
                        ),
                        _line("amount_description", "Details", hint="Such as: a month."),
                        _line("valid_from", "From", holds=Holds.DATE, hint="Such as 2026-05-31."),
                        _line("valid_to", "Until", holds=Holds.DATE),
                    ),
                    _ends_before_it_begins,
                ),
                _FUNDING,
            ),
        ),
        Section(
            "languages", "Languages", "Languages that staff speak, and how you interpret others.",
            (_LANGUAGES, Own((_passage("interpretation_services", "Interpretation"),))),
        ),
        Section(
            "papers", "Papers", "What people must bring.",
            (
                Lines("required_document", _list(
                    "required_document", "Papers",
                    hint="A paper a line. A web address after it becomes its link.",
                )),
            ),
        ),
        Section(
            "area", "Area", "Where people live whom you serve.",
            (
                Lines("service_area", _list(
                    "service_area", "Area",
                    hint="A ZIP code, county or state a line, such as 60608, Cook County, IL or "
                    "Illinois; or a circle, such as: Within 5 miles of 60608, or of the office.",
                )),
            ),
        ),
        Section(
            "places", "Places", "Where the service is given.",
            (Sites(FormField("place", "Given at", Shape.TICKS)),),
        ),
        Section(
            "questions", "Questions",
            "What you ask with each referral. Ask only what you need. Answers come with the need, "
            "so do not ask about health, substances, violence, immigration or the law: clients "
            "agree to share these one by one.",
            (
                Rows(
                    "intake_question", "Question", "Another question",
                    (
                        _line("text", "Question", missing="Write the question, or tick to remove "
                              "it."),
                        _choice(
                            "answer_kind", "Answer",
                            (("text", "Words"), ("number", "A number"), ("date", "A date"),
                             ("yes_no", "Yes or no"), ("choice", "One of these choices")),
                        ),
                        _passage("choices", "Choices", hint="A choice a line."),
                        FormField("required", "Must be answered", Shape.TICK),
                        FormField("retired", "Not asked any more", Shape.TICK),
                    ),
                    _has_no_choices,
                ),
            ),
        ),
    ),
    "organization": (
        Section(
            "about", "About", "Who you are.",
            (
                Own((
                    _NAME, _ALTERNATE, _passage("description", "What it does"),
                    _line("website", "Web page", holds=Holds.WEB), _EMAIL,
                    _line("legal_status", "Legal form", hint="Such as: nonprofit."),
                    _line("year_incorporated", "Founded in", holds=Holds.YEAR),
                )),
                _MORE_PAGES, _FUNDING,
            ),
        ),
        Section(
            "identifiers", "Identifiers", "Numbers by which others know you, such as your EIN.",
            (
                Rows(
                    "organization_identifier", "Identifier", "Another identifier",
                    (
                        _line("identifier_type", "Kind", hint="Such as: EIN.",
                              missing="Say what kind of number it is."),
                        _line("identifier", "Number", missing="Enter the number, or tick to "
                              "remove it."),
                        _line("identifier_scheme", "Scheme", hint="Such as US-EIN, as listed on "
                              "org-id.guide. Leave it empty where you do not know."),
                    ),
                ),
            ),
        ),
        Section("contacts", "Contacts", "How people reach you.", (_PHONES, _CONTACTS)),
    ),
    "program": (
        Section(
            "about", "About", "A family of services under one name.",
            (Own((_NAME, _ALTERNATE, _passage("description", "What it does"))),),
        ),
    ),
    "location": (
        Section(
            "about", "About", "Where it is, and how to get there.",
            (
                Own((
                    _line("name", "Name"),
                    _choice(
                        "location_type", "Kind",
                        (("physical", "People come here"), ("postal", "For mail only"),
                         ("virtual", "By phone or on the web")),
                        missing="Choose what it is.",
                    ),
                    _passage("description", "Description", hint="Such as: enter at the back."),
                    _passage("transportation", "How to get there"),
                )),
                MainAddress((
                    _line("address.address_1", "Street and number"),
                    _line("address.address_2", "Floor or suite"),
                    _line("address.city", "City"),
                    _line("address.state_province", "State", hint="Two letters, such as IL."),
                    _line("address.postal_code", "ZIP code"),
                )),
                Own((
                    _line(
                        "latitude", "Latitude", holds=Holds.NUMBER,
                        hint="Only where you know it. Otherwise the middle of the ZIP code stands "
                        "for the place.",
                    ),
                    _line("longitude", "Longitude", holds=Holds.NUMBER),
                )),
            ),
        ),
        Section("hours", "Hours", _HOURS_LEAD, (_HOURS_LINES,)),
        Section("contacts", "Contacts", "How people reach this place.", (_PHONES,)),
        Section(
            "access", "Access", "What makes it easy to come in and be understood.",
            (
                Lines("accessibility", _list(
                    "accessibility", "Accessibility", hint="A line each, such as: step-free "
                    "entrance.",
                )),
                _LANGUAGES,
            ),
        ),
    ),
}  # fmt: skip
"""The sections of each kind of listing, in the order of its page."""

KNOWN_LANGUAGES: Mapping[str, str] = {name.casefold(): code for code, name in LANGUAGES.items()}


def section_of(table: str, key: str) -> Section | None:
    """A section by its key; None where a listing of that kind has none."""
    return next((each for each in SECTIONS[table] if each.key == key), None)


def field_of(table: str, name: str) -> FormField | None:
    """The field in which somebody edits a column of a record; None for what no form has."""
    for listing, sections in SECTIONS.items():
        for part in (part for section in sections for part in section.parts):
            match part:
                case Own(fields) if listing == table:
                    pass
                case Rows(of, _, _, fields) if of == table:
                    pass
                case _:
                    continue
            found = next((each for each in fields if each.name == name), None)
            if found is not None:
                return found
    return None


def list_names(section: Section) -> frozenset[str]:
    """The names of a section's fields that have an entry a line."""
    found = set()
    for part in section.parts:
        match part:
            case Own(fields) | Who(fields) | MainAddress(fields):
                found |= {each.name for each in fields if each.is_list}
            case Lines(_, field) | Sites(field):
                found.add(field.name)
    return frozenset(found)
