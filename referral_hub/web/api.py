"""What all JSON addresses of the API share: bodies, versions, pages, and being asked twice."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from flask import Flask, Response, jsonify, request
from marshmallow import Schema, ValidationError
from werkzeug.exceptions import NotAcceptable

from referral_hub.rules.cursors import no_cursor
from referral_hub.rules.errors import InvalidInput, VersionNeeded
from referral_hub.use_cases.answer_once import Answer, answer_once
from referral_hub.web.hub import actor, now, session, vault
from referral_hub.web.input import messages

KEY_HEADER = "Idempotency-Key"
PREFIX = "/api/v1/"
JSON, PROBLEM = "application/json", "application/problem+json"
_NUMBER, _ROW = "number", "row"


def body(schema: Schema) -> dict[str, Any]:
    """The JSON object that was sent, checked. Raises InvalidInput naming every field at fault."""
    sent = request.get_json()
    if not isinstance(sent, dict):
        raise InvalidInput("Send a JSON object.", {"body": "Send a JSON object."})
    try:
        return dict(schema.load(sent))
    except ValidationError as error:
        faults = messages(error)
        listed = " ".join(f"{name}: {reason}" for name, reason in sorted(faults.items()))
        raise InvalidInput(f"Some fields cannot be used. {listed}", faults) from error


def required_version() -> int:
    """The version in If-Match. Raises VersionNeeded where it is missing, InvalidInput for another
    thing than a version."""
    header = request.headers.get("If-Match", "").strip()
    if not header:
        raise VersionNeeded(
            "Send If-Match with the ETag that you saw, so that nothing of others is overwritten."
        )
    text = header.removeprefix("W/").strip('"')
    if not text.isascii() or not text.isdigit() or len(text) > 9:
        message = 'Send If-Match with the ETag as it was answered, such as "3".'
        raise InvalidInput(message, {"If-Match": message})
    return int(text)


def tagged(version: int) -> dict[str, str]:
    """The header that tells a version."""
    return {"ETag": f'"{version}"'}


def once(act: Callable[[], Answer]) -> Response:
    """Act and answer; with an Idempotency-Key at most once, however often it is asked."""
    key = request.headers.get(KEY_HEADER)
    if key is None:
        return answered(act())
    asked = b"\n".join(
        (
            request.method.encode(),
            request.full_path.encode(),
            request.headers.get("If-Match", "").encode(),
            request.get_data(),
        )
    )
    return answered(answer_once(session(), actor(), vault(), key, asked, act, now=now()))


def answered(answer: Answer) -> Response:
    """An answer on its way; one without a body is empty."""
    response = Response() if answer.body is None else jsonify(answer.body)
    if answer.body is None:
        del response.headers["Content-Type"]
    response.status_code = answer.status
    response.headers.extend(answer.headers)
    return response


def cursor_of(*parts: str) -> str:
    """Where a page ends, as an opaque text."""
    return urlsafe_b64encode("\n".join(parts).encode()).decode().rstrip("=")


def cursor_at(place: tuple[datetime, UUID]) -> str:
    """Where a page ends whose lines are in the order of a moment and an id."""
    at, row_id = place
    return cursor_of(at.isoformat(), str(row_id))


def place_after(cursor: str) -> tuple[datetime, UUID] | None:
    """The moment and the id of the last line of the page before; None to begin.

    Raises InvalidInput for what no page gave.
    """
    if not cursor:
        return None
    at, row_id = parts_of_cursor(cursor)
    try:
        moment, found = datetime.fromisoformat(at), UUID(row_id)
        if moment.tzinfo is None:
            raise no_cursor()
        return moment.astimezone(UTC), found
    except (ValueError, OverflowError) as error:
        raise no_cursor() from error


def number_after(cursor: str) -> int:
    """The number of the last event that was answered before; 0 to begin. Raises InvalidInput."""
    if not cursor:
        return 0
    name, number = parts_of_cursor(cursor, "since")
    if name != _NUMBER or not (number.isascii() and number.isdigit()) or len(number) > 9:
        raise no_cursor("since")
    return int(number)


def cursor_at_number(number: int) -> str:
    """Where to go on among events that have numbers."""
    return cursor_of(_NUMBER, str(number))


def row_before(cursor: str) -> UUID | None:
    """The last row of the page before; None to begin. Raises InvalidInput."""
    if not cursor:
        return None
    name, row_id = parts_of_cursor(cursor)
    try:
        found = UUID(row_id)
    except ValueError as error:
        raise no_cursor() from error
    if name != _ROW:
        raise no_cursor()
    return found


def cursor_at_row(row_id: UUID) -> str:
    """Where a page ends with a row."""
    return cursor_of(_ROW, str(row_id))


def parts_of_cursor(cursor: str, field: str = "cursor") -> tuple[str, str]:
    """Where the page before ended. Raises InvalidInput for what no page gave."""
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        first, second = urlsafe_b64decode(padded.encode()).decode().split("\n")
    except (NotBase64, UnicodeError, ValueError) as error:
        raise no_cursor(field) from error
    return first, second


def register_api_answers(app: Flask) -> None:
    """Stand before the guards of the API: who takes no JSON is told so."""
    app.before_request(_require_json_reader)


def _require_json_reader() -> None:
    if not request.path.startswith(PREFIX):
        return
    accepted = request.accept_mimetypes
    if accepted and accepted.best_match((JSON, PROBLEM)) is None:
        raise NotAcceptable
