"""The webhooks of one's own agency."""

from datetime import UTC, datetime, time
from uuid import UUID

from flask import Blueprint, Response, make_response, render_template, request

from referral_hub.rules.permissions import Permission, require
from referral_hub.rules.webhooks import FAULT_LABEL, KINDS, STATE_LABEL, is_success
from referral_hub.schemas.webhook_forms import PageArguments, ReplayForm, WebhookForm
from referral_hub.use_cases.replay_webhooks import replay_delivery, replay_since
from referral_hub.use_cases.webhook_views import NewSecret
from referral_hub.use_cases.webhooks import (
    add_webhook,
    delete_webhook,
    disable_webhook,
    enable_webhook,
    list_webhooks,
    renew_secret,
    send_test,
    show_webhook,
)
from referral_hub.web.acting import own_agency
from referral_hub.web.guards import needs, proved, signed_in
from referral_hub.web.hub import actor, hub, now, session, vault
from referral_hub.web.input import require_arguments
from referral_hub.web.presentation import counted
from referral_hub.web.submitted import NOTHING, Answer, Submitted, Values, form_page, saved, submit

blueprint = Blueprint("webhooks", __name__, url_prefix="/agency/webhooks")
WEBHOOKS = "/agency/webhooks"


@blueprint.get("")
@signed_in
def webhooks() -> str:
    """Where news of the agency's referrals is sent."""
    found = list_webhooks(session(), actor(), own_agency())
    return render_template("agency/webhooks.html", webhooks=found)


@blueprint.route("/add", methods=["GET", "POST"])
@proved
@needs(Permission.WEBHOOK_MANAGE)
def add() -> Answer:
    """Add an address; its secret is shown this once."""
    require(actor(), Permission.WEBHOOK_MANAGE)
    agency_id = own_agency()
    made: list[NewSecret] = []

    def act(values: Values) -> None:
        allow = hub().settings.outgoing_allow
        url, kinds = values["url"], values["kinds"]
        made.append(
            add_webhook(session(), actor(), agency_id, vault(), url, kinds, allow, now=now())
        )

    return form_page(WebhookForm(), act, lambda: _secret_page(made[0]), _add_page)


@blueprint.get("/<uuid:webhook_id>")
@signed_in
def webhook(webhook_id: UUID) -> str:
    """A webhook and what went to it."""
    return _page(webhook_id, NOTHING)


@blueprint.post("/<uuid:webhook_id>/secret")
@proved
@needs(Permission.WEBHOOK_MANAGE)
def new_secret(webhook_id: UUID) -> Response:
    """Give it a new secret, which is shown this once."""
    return _secret_page(
        renew_secret(session(), actor(), own_agency(), webhook_id, vault(), now=now())
    )


@blueprint.post("/<uuid:webhook_id>/test")
@signed_in
@needs(Permission.WEBHOOK_MANAGE)
def test(webhook_id: UUID) -> Answer:
    """Send a test and say what came of it."""
    sender = hub().webhook_sender
    came = send_test(session(), actor(), own_agency(), webhook_id, vault(), sender, now=now())
    if came.fault is not None:
        note = f"The test did not arrive. {FAULT_LABEL[came.fault]}."
    elif is_success(came.status):
        note = f"The test has arrived: the receiver answered {came.status}."
    else:
        note = f"The test did not arrive: the receiver answered {came.status}."
    return saved(note, f"{WEBHOOKS}/{webhook_id}")


@blueprint.post("/<uuid:webhook_id>/disable")
@signed_in
@needs(Permission.WEBHOOK_MANAGE)
def disable(webhook_id: UUID) -> Answer:
    """Switch it off."""
    disable_webhook(session(), actor(), own_agency(), webhook_id, now=now())
    return saved("The webhook is switched off.", f"{WEBHOOKS}/{webhook_id}")


@blueprint.post("/<uuid:webhook_id>/enable")
@signed_in
@needs(Permission.WEBHOOK_MANAGE)
def enable(webhook_id: UUID) -> Answer:
    """Switch it on."""
    enable_webhook(session(), actor(), own_agency(), webhook_id, now=now())
    return saved("The webhook is switched on.", f"{WEBHOOKS}/{webhook_id}")


@blueprint.post("/<uuid:webhook_id>/delete")
@proved
@needs(Permission.WEBHOOK_MANAGE)
def delete(webhook_id: UUID) -> Answer:
    """End it for good."""
    delete_webhook(session(), actor(), own_agency(), webhook_id, vault(), now=now())
    return saved("The webhook is deleted.", WEBHOOKS)


@blueprint.post("/<uuid:webhook_id>/replay")
@signed_in
@needs(Permission.WEBHOOK_MANAGE)
def replay(webhook_id: UUID) -> Answer:
    """Send everything again since a day."""
    counts: list[int] = []

    def act(values: Values) -> None:
        since = datetime.combine(values["since"], time(), UTC)
        counts.append(replay_since(session(), actor(), own_agency(), webhook_id, since, now=now()))

    sent = submit(ReplayForm(), act)
    if not sent.done:
        return _page(webhook_id, sent), sent.status
    note = f"{counted(counts[0], 'message is', 'messages are')} sent again."
    return saved(note, f"{WEBHOOKS}/{webhook_id}")


@blueprint.post("/<uuid:webhook_id>/deliveries/<uuid:delivery_id>/replay")
@signed_in
@needs(Permission.WEBHOOK_MANAGE)
def replay_one(webhook_id: UUID, delivery_id: UUID) -> Answer:
    """Send one message again."""
    replay_delivery(session(), actor(), own_agency(), webhook_id, delivery_id, now=now())
    return saved("The message is sent again.", f"{WEBHOOKS}/{webhook_id}")


def _add_page(sent: Submitted) -> str:
    return render_template(
        "agency/webhook_add.html", errors=sent.faults, form=request.form, kinds=KINDS
    )


def _page(webhook_id: UUID, sent: Submitted) -> str:
    page = require_arguments(PageArguments(), request.args)["page"]
    found, log = show_webhook(
        session(), actor(), own_agency(), webhook_id, vault(), page, now=now()
    )
    return render_template(
        "agency/webhook.html", webhook=found, log=log, states=STATE_LABEL, errors=sent.faults,
        form=request.form, params=request.args,
    )  # fmt: skip


def _secret_page(made: NewSecret) -> Response:
    response = make_response(render_template("agency/webhook_secret.html", made=made))
    response.headers["Cache-Control"] = "no-store"
    return response
