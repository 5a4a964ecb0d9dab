"""Webhooks of one's own agency as JSON, for partner systems."""

from uuid import UUID

from flask import Response, request
from flask_smorest import Blueprint

from referral_hub.rules.scopes import Scope
from referral_hub.rules.webhooks import FAULT_LABEL, is_success
from referral_hub.schemas.json_fields import PageArguments
from referral_hub.schemas.webhook import (
    DeliveryListSchema,
    NewWebhookSchema,
    ReplayedSchema,
    ReplaySchema,
    SecretSchema,
    TestedSchema,
    WebhookListSchema,
    WebhookSchema,
)
from referral_hub.use_cases.answer_once import Answer
from referral_hub.use_cases.replay_webhooks import replay_delivery, replay_since
from referral_hub.use_cases.webhooks import (
    add_webhook,
    delete_webhook,
    disable_webhook,
    enable_webhook,
    list_deliveries,
    list_webhooks,
    renew_secret,
    send_test,
    show_webhook,
)
from referral_hub.web.acting import partner_agency
from referral_hub.web.api import answered, body, cursor_at_row, once, row_before
from referral_hub.web.api_docs import described
from referral_hub.web.guards import application, needs_scope
from referral_hub.web.hub import actor, hub, now, session, vault
from referral_hub.web.input import require_arguments

blueprint = Blueprint(
    "api-webhooks", __name__, url_prefix="/api/v1",
    description="Where news of one's agency's referrals is sent",
)  # fmt: skip


@blueprint.get("/webhooks")
@described(blueprint, "listWebhooks", WebhookListSchema, finds=True)
@application
@needs_scope(Scope.WEBHOOKS_MANAGE)
def webhooks() -> Response:
    """The webhooks of one's agency, the oldest first."""
    found = list_webhooks(session(), actor(), partner_agency())
    return answered(Answer(200, WebhookListSchema().dump({"webhooks": found}), {}))


@blueprint.post("/webhooks")
@described(
    blueprint, "addWebhook", SecretSchema, status=201, asks=NewWebhookSchema, finds=True
)  # fmt: skip
@application
@needs_scope(Scope.WEBHOOKS_MANAGE)
def new_webhook() -> Response:
    """Have news sent to an address from now on. The secret that signs it is answered this once."""
    values, allow = body(NewWebhookSchema()), hub().settings.outgoing_allow
    agency_id = partner_agency()

    def act() -> Answer:
        made = add_webhook(
            session(), actor(), agency_id, vault(), values["url"], values["kinds"], allow,
            now=now(),
        )  # fmt: skip
        return Answer(201, SecretSchema().dump(made), {})

    return once(act)


@blueprint.get("/webhooks/<uuid:webhook_id>")
@described(blueprint, "getWebhook", WebhookSchema, finds=True)
@application
@needs_scope(Scope.WEBHOOKS_MANAGE)
def webhook(webhook_id: UUID) -> Response:
    """A webhook, and whether it works."""
    return answered(_shown(webhook_id))


@blueprint.delete("/webhooks/<uuid:webhook_id>")
@described(blueprint, "deleteWebhook", None, status=204, writes=True, finds=True)
@application
@needs_scope(Scope.WEBHOOKS_MANAGE)
def delete(webhook_id: UUID) -> Response:
    """End a webhook for good. What waits for it is dropped."""
    agency_id = partner_agency()

    def act() -> Answer:
        delete_webhook(session(), actor(), agency_id, webhook_id, vault(), now=now())
        return Answer(204, None, {})

    return once(act)


@blueprint.post("/webhooks/<uuid:webhook_id>/enable")
@described(blueprint, "enableWebhook", WebhookSchema, writes=True, finds=True)
@application
@needs_scope(Scope.WEBHOOKS_MANAGE)
def enable(webhook_id: UUID) -> Response:
    """Send to a webhook again, what waited first."""
    agency_id = partner_agency()

    def act() -> Answer:
        enable_webhook(session(), actor(), agency_id, webhook_id, now=now())
        return _shown(webhook_id)

    return once(act)


@blueprint.post("/webhooks/<uuid:webhook_id>/disable")
@described(blueprint, "disableWebhook", WebhookSchema, writes=True, finds=True)
@application
@needs_scope(Scope.WEBHOOKS_MANAGE)
def disable(webhook_id: UUID) -> Response:
    """Send nothing more to a webhook until it is switched on."""
    agency_id = partner_agency()

    def act() -> Answer:
        disable_webhook(session(), actor(), agency_id, webhook_id, now=now())
        return _shown(webhook_id)

    return once(act)


@blueprint.post("/webhooks/<uuid:webhook_id>/secret")
@described(blueprint, "renewSecret", SecretSchema, status=201, writes=True, finds=True)
@application
@needs_scope(Scope.WEBHOOKS_MANAGE)
def new_secret(webhook_id: UUID) -> Response:
    """Give a webhook a new secret, answered this once. For a day the one before signs too."""
    agency_id = partner_agency()

    def act() -> Answer:
        made = renew_secret(session(), actor(), agency_id, webhook_id, vault(), now=now())
        return Answer(201, SecretSchema().dump(made), {})

    return once(act)


@blueprint.post("/webhooks/<uuid:webhook_id>/test")
@described(
    blueprint, "testWebhook", TestedSchema, writes=True, repeats=False, finds=True, limited=True
)
@application
@needs_scope(Scope.WEBHOOKS_MANAGE)
def test(webhook_id: UUID) -> Response:
    """Send a message that tells of nothing, and answer what came of it.

    It takes no Idempotency-Key: nothing is kept that could be done twice, and while the receiver
    takes its time nobody else must wait.
    """
    came = send_test(
        session(), actor(), partner_agency(), webhook_id, vault(), hub().webhook_sender, now=now()
    )
    found = {
        "arrived": is_success(came.status), "status": came.status,
        "fault": "" if came.fault is None else FAULT_LABEL[came.fault],
        "milliseconds": came.milliseconds,
    }  # fmt: skip
    return answered(Answer(200, found, {}))


@blueprint.get("/webhooks/<uuid:webhook_id>/deliveries")
@described(blueprint, "listDeliveries", DeliveryListSchema, arguments=PageArguments, finds=True)
@application
@needs_scope(Scope.WEBHOOKS_MANAGE)
def deliveries(webhook_id: UUID) -> Response:
    """What went to a webhook, the newest events first."""
    asked = require_arguments(PageArguments(), request.args)
    limit, before = asked["limit"], row_before(asked["cursor"])
    found = list_deliveries(session(), actor(), partner_agency(), webhook_id, limit + 1, before)
    shown = found[:limit]
    following = cursor_at_row(shown[-1].id) if len(found) > limit else None
    page = DeliveryListSchema().dump({"deliveries": shown, "next": following})
    return answered(Answer(200, page, {}))


@blueprint.post("/webhooks/<uuid:webhook_id>/replay")
@described(blueprint, "replay", ReplayedSchema, asks=ReplaySchema, finds=True)
@application
@needs_scope(Scope.WEBHOOKS_MANAGE)
def replay(webhook_id: UUID) -> Response:
    """Send again what was missed: one message, or all since a moment."""
    values, agency_id = body(ReplaySchema()), partner_agency()

    def act() -> Answer:
        if "since" in values:
            since = values["since"]
            count = replay_since(session(), actor(), agency_id, webhook_id, since, now=now())
        else:
            count, one = 1, values["delivery_id"]
            replay_delivery(session(), actor(), agency_id, webhook_id, one, now=now())
        return Answer(200, {"messages": count}, {})

    return once(act)


def _shown(webhook_id: UUID) -> Answer:
    view, _ = show_webhook(session(), actor(), partner_agency(), webhook_id, vault(), now=now())
    return Answer(200, WebhookSchema().dump(view), {})
