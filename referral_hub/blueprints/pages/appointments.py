"""Appointments with the client of a referral: made, moved, and what came of them."""

from uuid import UUID

from flask import Blueprint, render_template, request

from referral_hub.rules.errors import NotFound
from referral_hub.rules.permissions import NOTHING_HERE, Permission
from referral_hub.rules.referrals import Channel
from referral_hub.schemas.referral_forms import AppointmentForm, NewAppointmentForm
from referral_hub.use_cases.appointments import make_appointment, tell_of_appointment
from referral_hub.use_cases.show_referral import show_referral
from referral_hub.web.guards import needs, signed_in
from referral_hub.web.hub import actor, now, session, vault
from referral_hub.web.local_times import from_wall
from referral_hub.web.submitted import Answer, Submitted, Values, form_page, saved

blueprint = Blueprint(
    "appointments", __name__, url_prefix="/referrals/<uuid:referral_id>/appointments"
)


@blueprint.route("/new", methods=["GET", "POST"])
@signed_in
@needs(Permission.APPOINTMENT_RECORD)
def new(referral_id: UUID) -> Answer:
    """Make an appointment with the client."""

    def act(values: Values) -> None:
        make_appointment(
            session(), actor(), vault(), referral_id, from_wall(values["at"]) or now(),
            values["place"], channel=Channel.PAGE, now=now(),
        )  # fmt: skip

    return form_page(
        NewAppointmentForm(),
        act,
        lambda: saved("The appointment is made.", _address(referral_id)),
        lambda sent: _new_page(referral_id, sent),
    )


@blueprint.route("/<uuid:appointment_id>", methods=["GET", "POST"])
@signed_in
@needs(Permission.APPOINTMENT_RECORD)
def appointment(referral_id: UUID, appointment_id: UUID) -> Answer:
    """Say what came of an appointment, or move it."""

    def act(values: Values) -> None:
        tell_of_appointment(
            session(), actor(), vault(), referral_id, appointment_id, values["state"],
            at=from_wall(values["at"]), note=values["note"], channel=Channel.PAGE, now=now(),
        )  # fmt: skip

    return form_page(
        AppointmentForm(),
        act,
        lambda: saved("It is recorded.", _address(referral_id)),
        lambda sent: _appointment_page(referral_id, appointment_id, sent),
    )


def _new_page(referral_id: UUID, sent: Submitted) -> str:
    view = show_referral(session(), actor(), vault(), referral_id, compare=False, now=now())
    if not view.may_make_appointment and sent.done:
        raise NotFound(NOTHING_HERE)
    return render_template(
        "referrals/new_appointment.html", view=view, errors=sent.faults, form=request.form
    )


def _appointment_page(referral_id: UUID, appointment_id: UUID, sent: Submitted) -> str:
    view = show_referral(session(), actor(), vault(), referral_id, compare=False, now=now())
    found = next((each for each in view.appointments if each.id == appointment_id), None)
    if found is None or (not found.next and sent.done):
        raise NotFound(NOTHING_HERE)
    return render_template(
        "referrals/appointment.html",
        view=view,
        appointment=found,
        errors=sent.faults,
        form=request.form,
    )


def _address(referral_id: UUID) -> str:
    return f"/referrals/{referral_id}"
