"""Refusals of people and applications are noted in the audit."""

import logging

from flask import current_app, request
from sqlalchemy.exc import SQLAlchemyError

from referral_hub.rules.actor import Application, Person
from referral_hub.rules.errors import HubError, NotFound, NotPermitted, ScopeMissing
from referral_hub.use_cases.note_refusal import note_refusal
from referral_hub.web.guards import Access, access_of
from referral_hub.web.hub import actor, now, session

log = logging.getLogger(__name__)


def note_refusal_of(error: HubError) -> None:
    """Note a refusal of somebody known, in a transaction of its own.

    What is not found counts where not everybody may come in: there, it may be another's.
    """
    if not isinstance(error, NotPermitted | NotFound | ScopeMissing):
        return
    if isinstance(error, NotFound) and _is_public():
        return
    try:
        if isinstance(actor(), Person | Application):
            what = f"{request.method} {request.endpoint}"
            if isinstance(error, ScopeMissing):
                what = f"{what} without {error.scope}"
            note_refusal(session(), actor(), what, now=now())
    except SQLAlchemyError:
        log.exception("A refusal could not be noted")  # the answer is a refusal all the same


def _is_public() -> bool:
    view = current_app.view_functions.get(request.endpoint or "")
    return access_of(request.endpoint, view) is Access.PUBLIC
