"""Referring a client in three steps: what for and to whom, what is shared, look and send."""

from uuid import UUID

from flask import Blueprint, redirect, render_template, request
from werkzeug.wrappers import Response

from referral_hub.rules.consent import ALWAYS, Category
from referral_hub.rules.permissions import Permission
from referral_hub.rules.referral_details import MoveDetails
from referral_hub.rules.referral_lifecycle import Move
from referral_hub.rules.referrals import PRIORITY_LABEL, Channel, Priority
from referral_hub.schemas.referral_forms import PrepareForm, SendForm, StartForm
from referral_hub.use_cases.draft_referral import Preparation, change_draft, draft_referral
from referral_hub.use_cases.move_referral import move_referral
from referral_hub.use_cases.show_draft import show_draft, start_referral
from referral_hub.web.guards import needs, signed_in
from referral_hub.web.hub import actor, now, session, vault
from referral_hub.web.own_path import own_path
from referral_hub.web.referral_input import (
    for_whom,
    referred_client,
    referred_service,
    typed_answers,
)
from referral_hub.web.submitted import Answer, Submitted, Values, form_page, saved

blueprint = Blueprint("refer", __name__, url_prefix="/referrals")


@blueprint.route("/new", methods=["GET", "POST"])
@signed_in
@needs(Permission.REFERRAL_PREPARE)
def new() -> Answer:
    """Step 1: for which need of the client."""
    service_id = referred_service(request.values)
    client_id = referred_client(request.values)
    if client_id is None:
        return redirect(for_whom(service_id), 303)
    made: list[UUID] = []

    def act(values: Values) -> None:
        made.append(
            draft_referral(
                session(),
                actor(),
                vault(),
                client_id,
                values["need_id"],
                values["service_id"],
                Preparation(),
                channel=Channel.PAGE,
                now=now(),
            )
        )

    def page(sent: Submitted) -> str:
        view = start_referral(session(), actor(), vault(), client_id, service_id, now=now())
        return render_template(
            "referrals/new.html", view=view, errors=sent.faults, form=request.form
        )

    return form_page(StartForm(), act, lambda: redirect(f"/referrals/{made[0]}/share", 303), page)


@blueprint.route("/<uuid:referral_id>/share", methods=["GET", "POST"])
@signed_in
@needs(Permission.REFERRAL_PREPARE)
def share(referral_id: UUID) -> Answer:
    """Step 2: why, and what is shared under which consent."""

    def act(values: Values) -> None:
        preparation = Preparation(
            values["priority"], values["reason"], ALWAYS | frozenset(values["categories"]),
            values["consent_id"], values["called"], typed_answers(request.form),
        )  # fmt: skip
        change_draft(
            session(), actor(), vault(), referral_id, preparation,
            version=values["version"], now=now(),
        )  # fmt: skip

    def page(sent: Submitted) -> str:
        view = show_draft(session(), actor(), vault(), referral_id, now=now())
        return render_template(
            "referrals/share.html", view=view, priorities=PRIORITY_LABEL, errors=sent.faults,
            form=request.form, emergency=Priority.EMERGENCY.value,
        )  # fmt: skip

    return form_page(PrepareForm(), act, lambda: _shared(referral_id), page)


@blueprint.route("/<uuid:referral_id>/review", methods=["GET", "POST"])
@signed_in
@needs(Permission.REFERRAL_PREPARE)
def review(referral_id: UUID) -> Answer:
    """Step 3: exactly what the receiver will see, and the button that sends it."""

    def act(values: Values) -> None:
        details = MoveDetails(note=values["note"], preview_digest=values["preview_digest"])
        move_referral(
            session(), actor(), vault(), referral_id, Move.SEND, details,
            version=values["version"], channel=Channel.PAGE, now=now(),
        )  # fmt: skip

    def page(sent: Submitted) -> str:
        view = show_draft(session(), actor(), vault(), referral_id, now=now())
        return render_template(
            "referrals/review.html", view=view, priorities=PRIORITY_LABEL, errors=sent.faults,
            form=request.form, categories=list(Category),
        )  # fmt: skip

    return form_page(SendForm(), act, lambda: _sent(referral_id), page)


def _shared(referral_id: UUID) -> Response:
    """On to look and send; or to record a consent first, where that button was pressed."""
    wanted = request.form.get("next")
    return redirect(own_path(wanted) if wanted else f"/referrals/{referral_id}/review", 303)


def _sent(referral_id: UUID) -> Response:
    return saved(
        "The referral is sent. You will hear when they answer.", f"/referrals/{referral_id}"
    )
