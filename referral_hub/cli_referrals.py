"""`referral-hub referral`: what an operator does to a referral for somebody who asked for it."""

import sys
from collections.abc import Callable
from dataclasses import fields as fields_of
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import click
from flask import Flask, current_app
from marshmallow import ValidationError

from referral_hub.app import create_app
from referral_hub.cli_network import agency_named
from referral_hub.extensions import db
from referral_hub.rules.actor import System
from referral_hub.rules.errors import HubError, InvalidInput
from referral_hub.rules.referral_details import MoveDetails
from referral_hub.rules.referral_lifecycle import LABEL, Move
from referral_hub.rules.referrals import Channel
from referral_hub.schemas.referral import NewEventSchema
from referral_hub.use_cases.act_for_person import act_for_person
from referral_hub.use_cases.move_referral import Moved, move_referral
from referral_hub.web.hub import EXTENSION, Hub
from referral_hub.web.input import messages

OPERATOR = System("operator")
REFUSED = 2
"""The exit status of a move that was refused; nothing was changed."""
_DETAILS = tuple(field.name for field in fields_of(MoveDetails))


@click.group()
def referral() -> None:
    """Move referrals for people who cannot do it themselves."""


def _with_details(command: Callable[..., None]) -> Callable[..., None]:
    """Options for all that can come along with a move, written as the API takes it."""
    for name in reversed(_DETAILS):
        command = click.option(f"--{name.replace('_', '-')}", name)(command)
    return command


@referral.command("move")
@click.argument("referral_id", metavar="ID", type=click.UUID)
@click.argument("move", metavar="MOVE", type=click.Choice([str(move) for move in Move]))
@click.option("--by", "email", required=True, help="e-mail address of the person who asked for it")
@click.option("--agency", "agency_name", help="for which agency, where they work for several")
@click.option("--version", type=int, help="only if it still has the version that they saw")
@_with_details
@click.pass_obj
def referral_move(
    app: Flask | None,
    /,
    referral_id: UUID,
    move: str,
    email: str,
    agency_name: str | None,
    version: int | None,
    **details: str | None,
) -> None:
    """Make a move on a referral with the roles of a person, and no others.

    MOVE and what comes along are named as in the API, with days such as 2026-11-03 and times such
    as 2026-11-03T15:00Z. Exit status 2 when it is refused.
    """
    with (app or create_app()).app_context():
        try:
            moved = _moved(referral_id, Move(move), email, agency_name, version, details)
        except HubError as error:
            click.echo(_refusal(error), err=True)
            sys.exit(REFUSED)
    click.echo(f"It is now: {LABEL[moved.status].lower()} (version {moved.version}).")


def _moved(
    referral_id: UUID,
    move: Move,
    email: str,
    agency_name: str | None,
    version: int | None,
    details: dict[str, str | None],
) -> Moved:
    hub: Hub = current_app.extensions[EXTENSION]
    session, now = db.session(), datetime.now(UTC)
    agency_id = agency_named(agency_name) if agency_name else None
    person = act_for_person(session, OPERATOR, hub.vault, email, agency_id, now=now)
    return move_referral(
        session, person, hub.vault, referral_id, move, _details(move, details),
        version=version, channel=Channel.COMMAND, now=now,
    )  # fmt: skip


def _details(move: Move, given: dict[str, str | None]) -> MoveDetails:
    """What came along. Raises InvalidInput naming every option at fault."""
    sent = {name: value for name, value in given.items() if value is not None}
    try:
        values: dict[str, Any] = NewEventSchema().load({"move": str(move), **sent})
    except ValidationError as error:
        raise InvalidInput("Something cannot be read.", messages(error)) from error
    return MoveDetails(**{name: values[name] for name in _DETAILS})


def _refusal(error: HubError) -> str:
    """A refusal in one line: what to do, what is wrong with which option, and the code."""
    faults = [
        f"--{name.replace('_', '-')}: {reason}"
        for name, reason in sorted(error.fields.items())
        if reason != error.message
    ]
    return f"Error: {' '.join([error.message, *faults])} ({error.code})"
