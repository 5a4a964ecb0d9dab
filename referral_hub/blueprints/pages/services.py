"""One service on a page of its own."""

from uuid import UUID

from flask import Blueprint, render_template

from referral_hub.use_cases.show_service import show_service
from referral_hub.web.client_search import service_for_client
from referral_hub.web.guards import public
from referral_hub.web.hub import actor, hub, now, session

blueprint = Blueprint("services", __name__)


@blueprint.get("/services/<uuid:service_id>")
@public
def service(service_id: UUID) -> str:
    """Everything public about one service, and what it is to the client in context."""
    view = show_service(session(), actor(), service_id, gazetteer=hub().gazetteer, now=now())
    return render_template("service.html", service=view, for_client=service_for_client(service_id))
