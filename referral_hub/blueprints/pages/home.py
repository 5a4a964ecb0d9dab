"""The front page."""

from flask import Blueprint, render_template

from referral_hub.vocabulary import children
from referral_hub.web.guards import public

blueprint = Blueprint("home", __name__)


@blueprint.get("/")
@public
def home() -> str:
    """What this is, one search box, and the kinds of help."""
    return render_template("home.html", domains=children(None))
