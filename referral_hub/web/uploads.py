"""Files that people send: larger than anything else, and only where a route says so."""

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, current_app, request

from referral_hub.rules.errors import InvalidInput

MOST_BYTES = "referral_hub_most_bytes"
FORM_BYTES = 1024 * 1024
"""Room for the rest of the form."""

View = TypeVar("View", bound=Callable[..., Any])


def takes_file(most_bytes: int) -> Callable[[View], View]:
    """Besides a guard: forms of this route may carry a file of so many bytes."""

    def mark(view: View) -> View:
        setattr(view, MOST_BYTES, most_bytes)
        return view

    return mark


def register_uploads(app: Flask) -> None:
    """Stand before whatever reads a form."""
    app.before_request(_allow)


def uploaded(name: str) -> tuple[str, bytes]:
    """Name and content of a file that was sent. Raises InvalidInput where there is none."""
    file = request.files.get(name)
    content = file.read() if file is not None else b""
    if file is None or not content:
        raise InvalidInput("Choose a file.", {name: "Choose a file."})
    return file.filename or "", content


def _allow() -> None:
    view = current_app.view_functions.get(request.endpoint or "")
    most = getattr(view, MOST_BYTES, None)
    if most is not None:
        request.max_content_length = most + FORM_BYTES
