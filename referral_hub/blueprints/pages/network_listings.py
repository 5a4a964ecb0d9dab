"""What agencies want to publish, for a network steward to look at."""

from flask import Blueprint, render_template

from referral_hub.use_cases.publish_listing import waiting_listings
from referral_hub.web.guards import signed_in
from referral_hub.web.hub import actor, now, session, vault

blueprint = Blueprint("network_listings", __name__, url_prefix="/network/listings")


@blueprint.get("")
@signed_in
def listings() -> str:
    """The drafts that wait, the oldest first; each is decided on its own page."""
    return render_template(
        "network/listings.html", waiting=waiting_listings(session(), actor(), vault(), now=now())
    )
