"""One's own caseload."""

from flask import Blueprint, render_template

from referral_hub.rules.permissions import Permission
from referral_hub.schemas.caseload_forms import ShareForm
from referral_hub.use_cases.own_caseload import share_signal, show_own_load
from referral_hub.web.guards import needs, signed_in
from referral_hub.web.hub import actor, now, session, vault
from referral_hub.web.submitted import NOTHING, Answer, Submitted, Values, form_page, saved

blueprint = Blueprint("own_caseload", __name__, url_prefix="/supervision/mine")


@blueprint.get("")
@signed_in
@needs(Permission.OWN_CASELOAD_READ)
def mine() -> str:
    """What one carries, and what of it asks for a talk."""
    return _page(NOTHING)


@blueprint.post("/share")
@signed_in
@needs(Permission.OWN_CASELOAD_READ)
def share() -> Answer:
    """Let one's supervisor see a signal at once."""

    def act(values: Values) -> None:
        share_signal(session(), actor(), values["reason"], now=now())

    return form_page(
        ShareForm(), act, lambda: saved("Your supervisor can see it now.", "/supervision/mine"),
        _page,
    )  # fmt: skip


def _page(sent: Submitted) -> str:
    found = show_own_load(session(), actor(), vault(), now=now())
    return render_template("supervision/mine.html", found=found, errors=sent.faults)
