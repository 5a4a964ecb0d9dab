"""The API for people: every operation of the OpenAPI document on one page."""

from flask import Blueprint, current_app, render_template

from referral_hub.web.guards import public

blueprint = Blueprint("api_docs", __name__)


@blueprint.get("/api/docs")
@public
def api_docs() -> str:
    """Operations, parameters and answers, as the document has them."""
    api = current_app.extensions["flask-smorest"]["apis"][""]["ext_obj"]
    return render_template("api_docs.html", document=api.spec.to_dict())
