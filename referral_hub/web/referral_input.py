"""What the address of a list of referrals says."""

from contextlib import suppress
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from werkzeug.datastructures import MultiDict

from referral_hub.rules.errors import InvalidInput
from referral_hub.rules.intake import ANSWER, SHOWN, Answers
from referral_hub.rules.referral_lifecycle import Side
from referral_hub.rules.referrals import Waiting
from referral_hub.schemas.referral_arguments import ListArguments
from referral_hub.use_cases.list_referrals import ListQuery
from referral_hub.web.hub import person
from referral_hub.web.input import require_arguments


def wants_board(arguments: MultiDict[str, str]) -> bool:
    """Whether a list is wanted as a board."""
    return arguments.get("view") == "board"


def board_query(arguments: MultiDict[str, str], side: Side) -> ListQuery:
    """All that is open, for a board. Raises InvalidInput, UnknownParameter."""
    values: dict[str, Any] = require_arguments(ListArguments(), arguments)
    return ListQuery(side, Waiting.OPEN, mine=values["mine"], size=200)


def referred_service(values: MultiDict[str, str]) -> UUID:
    """The service to refer to. Raises InvalidInput."""
    found = values.get("service_id", values.get("service", ""))
    try:
        return UUID(found)
    except ValueError as error:
        message = "Choose a service first: search, and press Refer at the one that fits."
        raise InvalidInput(message, {"service": message}) from error


def referred_client(values: MultiDict[str, str]) -> UUID | None:
    """The client to refer: named, or the one in context; None where there is none."""
    found = values.get("client")
    if not found:
        return person().client_id
    try:
        return UUID(found)
    except ValueError as error:
        message = "Choose a client first."
        raise InvalidInput(message, {"client": message}) from error


def typed_answers(form: MultiDict[str, str]) -> Answers:
    """What was typed as answers to the questions that the form showed."""
    return Answers(_by_question(form, ANSWER), _by_question(form, SHOWN))


def _by_question(form: MultiDict[str, str], prefix: str) -> dict[UUID, str]:
    found = {}
    for name, value in form.items():
        if name.startswith(prefix):
            with suppress(ValueError):  # no form of ours has such a field
                found[UUID(name.removeprefix(prefix))] = value
    return found


def for_whom(service_id: UUID) -> str:
    """Where somebody chooses a client, to go on to a referral to the service."""
    query = urlencode({"next": f"/referrals/new?service={service_id}"})
    return f"/find/client?{query}"


def list_query(arguments: MultiDict[str, str], side: Side) -> ListQuery:
    """The list that an address asks for. Raises InvalidInput, UnknownParameter."""
    values: dict[str, Any] = require_arguments(ListArguments(), arguments)
    status = values["status"]
    return ListQuery(
        side,
        values["waiting"],
        frozenset() if status is None else frozenset({status}),
        values["overdue"],
        values["mine"],
        page=values["page"],
    )
