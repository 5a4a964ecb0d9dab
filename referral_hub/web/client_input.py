"""Profiles of clients as forms show them, and files as browsers send them."""

from base64 import b64decode, b64encode
from binascii import Error
from collections.abc import Mapping
from dataclasses import fields
from datetime import date
from enum import Enum
from typing import Any

from flask import request

from referral_hub.rules.client_profile import Profile
from referral_hub.rules.errors import InvalidInput
from referral_hub.rules.permissions import Permission, require
from referral_hub.web.hub import actor

LISTS = ("languages", "contact_ways")
AGAIN = "Choose the file again."


def require_change() -> None:
    """Raise NotPermitted for who may look at clients, but not change them: also to see a form."""
    require(actor(), Permission.CLIENT_CHANGE)


def shown_profile(profile: Profile | None = None) -> Mapping[str, Any]:
    """What the fields of a profile's form hold: what was typed, else what is known."""
    if request.method == "POST":
        typed: dict[str, Any] = request.form.to_dict()
        return typed | {name: request.form.getlist(name) for name in LISTS}
    known = profile or Profile()
    return {field.name: _shown(getattr(known, field.name)) for field in fields(Profile)}


def differences(profile: Profile) -> dict[str, tuple[str, str]]:
    """Fields in which what was typed is not what is kept now: (typed, kept)."""
    typed, kept = (
        shown_profile(),
        {f.name: _shown(getattr(profile, f.name)) for f in fields(profile)},
    )
    found = {}
    for name, value in kept.items():
        mine = typed.get(name, [] if name in LISTS else "")
        if name in LISTS:
            mine, value = [each for each in mine if each], list(value)
        if name == "interpreter_needed":
            mine, value = str(mine in ("true", "yes")), str(value == "yes")
        if mine != value and name != "relation":
            found[name] = _told(mine), _told(value)
    return found


def sent_file(name: str) -> bytes:
    """The content of a file that was sent. Raises InvalidInput where there is none."""
    file = request.files.get(name)
    content = file.read() if file is not None else b""
    if not content:
        raise InvalidInput("Choose a file.", {name: "Choose a file."})
    return content


def packed(content: bytes) -> str:
    """A file as the text of a hidden field."""
    return b64encode(content).decode("ascii")


def unpacked(text: str) -> bytes:
    """A file from the text of a hidden field. Raises InvalidInput."""
    try:
        return b64decode(text, validate=True)
    except (Error, ValueError) as error:
        raise InvalidInput(AGAIN, {"content": AGAIN}) from error


def _shown(value: Any) -> Any:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return [each.value if isinstance(each, Enum) else each for each in value]
    if isinstance(value, date):
        return value.isoformat()
    return "" if value is None else str(value)


def _told(value: Any) -> str:
    return ", ".join(value) if isinstance(value, list) else str(value)
