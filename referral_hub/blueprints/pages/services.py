"""One service on a page of its own."""

from uuid import UUID

from flask import Blueprint, redirect, render_template
from werkzeug.wrappers import Response

from referral_hub.use_cases.read_directory import find_survivor
from referral_hub.use_cases.show_service import show_service
from referral_hub.web.client_search import service_for_client
from referral_hub.web.guards import public
from referral_hub.web.hub import actor, hub, now, session

blueprint = Blueprint("services", __name__)


@blueprint.get("/services/<uuid:service_id>")
@public
def service(service_id: UUID) -> str | Response:
    """Everything public about one service, and what it is to the client in context.

    The address of one that was merged into another leads there.
    """
    survivor = find_survivor(session(), actor(), "service", service_id)
    if survivor is not None:
        return redirect(f"/services/{survivor}", 307)
    view = show_service(session(), actor(), service_id, gazetteer=hub().gazetteer, now=now())
    return render_template("service.html", service=view, for_client=service_for_client(service_id))
