"""No request with control characters gets any further, wherever in it they stand.

Nobody types them, some databases cannot hold them, and they would deceive whoever reads a log.
"""

from collections.abc import Iterator
from typing import Any

from flask import Flask, request
from werkzeug.exceptions import BadRequest

from referral_hub.rules.texts import require_readable


def register_readable_input(app: Flask) -> None:
    """Stand before the guards: what cannot be read is refused whoever sent it."""
    app.before_request(_require_readable_request)


def _require_readable_request() -> None:
    require_readable(request.path)
    for field, value in _texts():
        require_readable(field)
        require_readable(value, field)


def _texts() -> Iterator[tuple[str, str]]:
    """Every field of the request and what was sent for it."""
    yield from request.args.items(multi=True)
    yield from request.form.items(multi=True)
    for field, file in request.files.items(multi=True):
        yield field, file.filename or ""
    if request.is_json:
        yield from _texts_of_json(_json())


def _json() -> Any:
    try:
        return request.get_json(silent=True)
    except RecursionError as error:
        raise BadRequest from error


def _texts_of_json(document: Any) -> Iterator[tuple[str, str]]:
    """Every text in a document, with the key under which it stands at the top."""
    waiting = [("", document)]
    while waiting:
        field, value = waiting.pop()
        if isinstance(value, str):
            yield field, value
        elif isinstance(value, dict):
            yield from ((key, "") for key in value)
            waiting.extend((field or key, each) for key, each in value.items())
        elif isinstance(value, list):
            waiting.extend((field, each) for each in value)
