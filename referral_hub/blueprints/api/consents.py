"""What clients agree to share as JSON, for partner systems."""

from uuid import UUID

from flask import Response
from flask_smorest import Blueprint

from referral_hub.rules.consent import Method, RevokedBy
from referral_hub.rules.scopes import Scope
from referral_hub.schemas.consent import (
    ConsentListSchema,
    ConsentSchema,
    NewConsentSchema,
    RevocationSchema,
    RevokedSchema,
)
from referral_hub.schemas.json_fields import MadeSchema
from referral_hub.use_cases.answer_once import Answer
from referral_hub.use_cases.consents import (
    list_consents,
    record_consent,
    revoke_consent,
    show_consent,
)
from referral_hub.use_cases.steps.new_consent import NewConsent
from referral_hub.web.api import answered, body, once
from referral_hub.web.api_docs import described
from referral_hub.web.guards import application, needs_scope
from referral_hub.web.hub import actor, now, session, vault

blueprint = Blueprint(
    "api-consents", __name__, url_prefix="/api/v1", description="What clients agree to share"
)
_SETS = ("categories", "recipients", "forwarders")


@blueprint.get("/clients/<uuid:client_id>/consents")
@described(blueprint, "listConsents", ConsentListSchema, finds=True)
@application
@needs_scope(Scope.CONSENTS_READ)
def consents(client_id: UUID) -> Response:
    """What a client agreed to, the newest first."""
    found = list_consents(session(), actor(), client_id, vault(), now=now())
    return answered(Answer(200, ConsentListSchema().dump(found), {}))


@blueprint.post("/clients/<uuid:client_id>/consents")
@described(blueprint, "recordConsent", MadeSchema, status=201, asks=NewConsentSchema, finds=True)
@application
@needs_scope(Scope.CONSENTS_WRITE)
def new_consent(client_id: UUID) -> Response:
    """Record what a client agreed to share, and signed."""
    values = body(NewConsentSchema())
    sets = {name: frozenset(values[name]) for name in _SETS}
    new = NewConsent(**values | sets | {"method": Method(values["method"])})

    def act() -> Answer:
        made = record_consent(session(), actor(), client_id, new, vault(), now=now())
        return Answer(201, {"id": str(made)}, {})

    return once(act)


@blueprint.get("/consents/<uuid:consent_id>")
@described(blueprint, "getConsent", ConsentSchema, finds=True)
@application
@needs_scope(Scope.CONSENTS_READ)
def consent(consent_id: UUID) -> Response:
    """A consent, and where it stands now."""
    found = show_consent(session(), actor(), None, consent_id, vault(), now=now())
    return answered(Answer(200, ConsentSchema().dump(found.consents[0]), {}))


@blueprint.post("/consents/<uuid:consent_id>/revocation")
@described(blueprint, "revokeConsent", RevokedSchema, asks=RevocationSchema, finds=True)
@application
@needs_scope(Scope.CONSENTS_WRITE)
def revocation(consent_id: UUID) -> Response:
    """Take back a consent. What rests on it and was not accepted is withdrawn."""
    by = RevokedBy(body(RevocationSchema())["revoked_by"])

    def act() -> Answer:
        effects = revoke_consent(session(), actor(), None, consent_id, by, now=now())
        return Answer(200, RevokedSchema().dump(effects), {})

    return once(act)
