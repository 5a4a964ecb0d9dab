"""Help for somebody who lost their second step: from their agency, or from a network steward."""

from collections.abc import Callable
from uuid import UUID

from flask import Blueprint, render_template, request

from referral_hub.rules.errors import NotFound
from referral_hub.rules.permissions import NOTHING_HERE
from referral_hub.rules.recovery import MEANING, ResetReason
from referral_hub.schemas.agency_forms import ResetForm
from referral_hub.use_cases.people import show_person
from referral_hub.use_cases.reset_second_factor import (
    reset_for_anybody,
    reset_for_colleague,
    show_holder,
)
from referral_hub.web.acting import own_agency
from referral_hub.web.guards import proved
from referral_hub.web.hub import actor, now, session, vault
from referral_hub.web.submitted import Answer, Submitted, Values, form_page, saved

blueprint = Blueprint("recovery", __name__)
DONE = "Their second step is reset, and they are signed out. They got a mail that says what to do."


@blueprint.route("/agency/people/<uuid:person_id>/second-factor", methods=["GET", "POST"])
@proved
def of_colleague(person_id: UUID) -> Answer:
    """Reset the second step of somebody of one's own agency."""
    agency_id, back = own_agency(), f"/agency/people/{person_id}"
    detail = show_person(session(), actor(), agency_id, person_id, vault(), now=now())
    if not detail.person.roles:
        raise NotFound(NOTHING_HERE)

    def act(reason: ResetReason) -> None:
        reset_for_colleague(session(), actor(), agency_id, person_id, reason, vault(), now=now())

    return _answer(act, detail.person.name, "agency", back)


@blueprint.route("/network/people/<uuid:person_id>/second-factor", methods=["GET", "POST"])
@proved
def of_anybody(person_id: UUID) -> Answer:
    """Reset the second step of anybody in the network."""
    holder = show_holder(session(), actor(), person_id, vault())

    def act(reason: ResetReason) -> None:
        reset_for_anybody(session(), actor(), person_id, reason, vault(), now=now())

    return _answer(act, holder.name, "network", "/network")


def _answer(act: Callable[[ResetReason], None], name: str, section: str, back: str) -> Answer:
    def page(sent: Submitted) -> str:
        return render_template(
            "agency/reset_second_factor.html",
            name=name, section=section, back=back, errors=sent.faults, form=request.form,
            reasons=[(str(reason), MEANING[reason], "") for reason in ResetReason],
        )  # fmt: skip

    def reset(values: Values) -> None:
        act(values["reason"])

    return form_page(ResetForm(), reset, lambda: saved(DONE, back), page)
