"""How much room the services of one's own agency have, as JSON, for partner systems."""

from uuid import UUID

from flask import Response
from flask_smorest import Blueprint

from referral_hub.rules.capacity import CapacityWord, PopulationWord
from referral_hub.rules.scopes import Scope
from referral_hub.schemas.capacity import CapacitySchema, SaidCapacitySchema
from referral_hub.use_cases.answer_once import Answer
from referral_hub.use_cases.record_capacity import record_capacity, show_capacity
from referral_hub.web.api import answered, body, once, required_version, tagged
from referral_hub.web.api_docs import described
from referral_hub.web.guards import application, needs_scope
from referral_hub.web.hub import actor, now, session

blueprint = Blueprint(
    "api-capacity", __name__, url_prefix="/api/v1",
    description="Whether services of one's own agency take referrals",
)  # fmt: skip


@blueprint.get("/services/<uuid:service_id>/capacity")
@described(blueprint, "getCapacity", CapacitySchema, tags=True, finds=True)
@application
@needs_scope(Scope.DIRECTORY_WRITE)
def capacity(service_id: UUID) -> Response:
    """What was last said of a service's room; the ETag is "1" where nothing was."""
    return answered(_shown(service_id))


@blueprint.put("/services/<uuid:service_id>/capacity")
@described(
    blueprint, "putCapacity", CapacitySchema, asks=SaidCapacitySchema, on_version=True, tags=True,
    finds=True,
)  # fmt: skip
@application
@needs_scope(Scope.DIRECTORY_WRITE)
def said(service_id: UUID) -> Response:
    """Say how much room a service has; all that was said before is over. Who was slower gets
    412."""
    version, values = required_version(), body(SaidCapacitySchema())
    populations = tuple(PopulationWord(**each) for each in values.pop("populations"))
    word = CapacityWord(**values, populations=populations)

    def act() -> Answer:
        record_capacity(session(), actor(), service_id, word, version=version, now=now())
        return _shown(service_id)

    return once(act)


def _shown(service_id: UUID) -> Answer:
    view = show_capacity(session(), actor(), service_id, now=now())
    word = view.word
    found = {
        "service_id": service_id,
        "version": view.version,
        "state": word.state if word else None,
        "available": word.available if word else None,
        "maximum": word.maximum if word else None,
        "unit": word.unit if word else "",
        "until": word.until if word else None,
        "note": word.note if word else "",
        "populations": word.populations if word else (),
        "stated_at": view.stated_at,
        "standing": view.standing,
        "asked": view.asked,
    }
    return Answer(200, dict(CapacitySchema().dump(found)), tagged(view.version))
