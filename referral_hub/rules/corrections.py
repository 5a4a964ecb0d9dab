"""Corrections of listings: what can be proposed, where it comes from, and what becomes of it."""

import re
from collections.abc import Mapping
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from referral_hub.rules.errors import InvalidInput
from referral_hub.rules.listing_sections import Shape, field_of, plain
from referral_hub.rules.texts import on_one_line

MOST_VALUE = 2000
MOST_NOTE = 500
LEAST_SECONDS = 3
"""Nobody reads a form and fills it in faster; programs do."""
FORM_SECONDS = 6 * 60 * 60
NOT_OFFERED = "inactive"
"""The status of a service that is no longer offered."""
OPEN_AT_MOST = 20
"""How many proposals of strangers may wait for one listing."""
LEFT_AFTER = timedelta(days=14)
"""How long an agency may leave a proposal before the steward of the network decides it too."""
NO_ADDRESS = (
    "The address of this service is kept secret. Do not write it here; call the service instead."
)
CHANGED = (
    "The listing says something else by now. Look at it again, and decide with what it says today."
)


class Origin(StrEnum):
    """Where a correction comes from."""

    FORM = "form"
    REFERRAL = "referral"
    IMPORT = "import"


ORIGIN_LABEL: Mapping[Origin, str] = {
    Origin.FORM: "Proposed on the page of the service",
    Origin.REFERRAL: "A referral was declined because the listing is wrong",
    Origin.IMPORT: "The source of the listing says otherwise",
}


class CorrectionState(StrEnum):
    """What became of a proposal."""

    PROPOSED = "proposed"
    ACCEPTED = "accepted"
    REFUSED = "refused"


class Refusal(StrEnum):
    """Why a proposal is refused."""

    NOT_SO = "not_so"
    ALREADY = "already"
    NOT_FOR_LISTING = "not_for_listing"
    SPAM = "spam"


REFUSAL_LABEL: Mapping[Refusal, str] = {
    Refusal.NOT_SO: "It is not so",
    Refusal.ALREADY: "The listing says so already",
    Refusal.NOT_FOR_LISTING: "It does not belong into a listing",
    Refusal.SPAM: "Nobody meant it",
}


class ListingField(StrEnum):
    """What of a service a proposal can be about. The values are fields of HSDS where it has one;
    what is not a field of the service itself somebody changes by hand."""

    NAME = "name"
    DESCRIPTION = "description"
    PHONE = "phone"
    EMAIL = "email"
    URL = "url"
    ADDRESS = "address"
    HOURS = "hours"
    ELIGIBILITY = "eligibility_description"
    FEES = "fees_description"
    APPLICATION = "application_process"
    WAIT = "wait_time"
    STATUS = "status"
    OTHER = "other"


FIELD_LABEL: Mapping[ListingField, str] = {
    ListingField.NAME: "Name",
    ListingField.DESCRIPTION: "Description",
    ListingField.PHONE: "Phone number",
    ListingField.EMAIL: "E-mail address",
    ListingField.URL: "Website",
    ListingField.ADDRESS: "Address",
    ListingField.HOURS: "Hours",
    ListingField.ELIGIBILITY: "Who can use it",
    ListingField.FEES: "Cost",
    ListingField.APPLICATION: "How to apply",
    ListingField.WAIT: "Wait",
    ListingField.STATUS: "It is no longer offered",
    ListingField.OTHER: "Something else",
}
OF_OTHER_RECORDS = frozenset(
    {ListingField.PHONE, ListingField.ADDRESS, ListingField.HOURS, ListingField.OTHER}
)
"""What a listing says in records of their own, so that accepting it changes nothing by itself."""
_COLUMN = {ListingField.PHONE: ("phone", "number")}
"""Where a field is that is none of the service itself."""
_LINK = re.compile(r"https?:|www\.|\[url|<a\s|://", re.IGNORECASE)


def check_proposal(field: ListingField, proposed: str, note: str, *, stranger: bool) -> None:
    """Raise InvalidInput naming what cannot be. Strangers write no links but as the website."""
    faults = {}
    if field is not ListingField.STATUS:
        try:
            if not read_value(*_COLUMN.get(field, ("service", field)), proposed, str):
                faults["proposed"] = "Write what it should say."
        except InvalidInput as error:
            faults["proposed"] = error.message
    if len(proposed) > MOST_VALUE:
        faults["proposed"] = f"Use at most {MOST_VALUE} characters."
    if len(note) > MOST_NOTE:
        faults["note"] = f"Use at most {MOST_NOTE} characters."
    if stranger:
        no_links = "Leave links out. Sign in to send some."
        if field is not ListingField.URL and _LINK.search(proposed):
            faults.setdefault("proposed", no_links)
        if _LINK.search(note):
            faults.setdefault("note", no_links)
    if faults:
        raise InvalidInput("Something is missing, or cannot be used. Nothing was sent.", faults)


def read_value(table: str, field: str, text: str, kind: type) -> Any:
    """The value of a column from a text that somebody wrote, as the form of the listing would take
    it. Raises InvalidInput for what that would not."""
    form = field_of(table, field)
    text = plain(text)
    if form is None:
        return from_text(text, kind)
    if form.shape is Shape.LINE:
        text = on_one_line(text)
    try:
        return form.read(text)
    except ValueError as error:
        raise InvalidInput(str(error), {"value": str(error)}) from error


def as_text(value: Any) -> str | None:
    """A value of a record as a correction keeps it."""
    if value is None:
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    return value.isoformat() if isinstance(value, date) else str(value)


def from_text(text: str | None, kind: type) -> Any:
    """The value of a column from its text. Raises InvalidInput for what the column cannot hold."""
    if text is None or (text == "" and kind is not str):
        return None
    message = "This cannot be put into the listing as it is. Change the listing by hand."
    try:
        if kind is bool:
            return {"true": True, "false": False}[text]
        if kind in (int, float):
            return kind(text)
        if kind is date:
            return date.fromisoformat(text)
    except (KeyError, ValueError) as error:
        raise InvalidInput(message, {"proposed": message}) from error
    if kind is not str:
        raise InvalidInput(message, {"proposed": message})
    return text
