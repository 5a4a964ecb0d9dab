"""Answering for listings by the link of a mail. Its secret stands behind the #, and in no address.

Asking for the page shows nothing and changes nothing: programs that look into mail do that.
"""

from flask import Blueprint, render_template, request

from referral_hub.schemas.freshness_forms import LinkedListingForm, LinkedTapForm, LinkForm
from referral_hub.schemas.invitation_forms import token_of
from referral_hub.use_cases.listing_links import confirm_by_link, open_listing_link, tap_by_link
from referral_hub.web.guards import public
from referral_hub.web.hub import actor, now, session
from referral_hub.web.submitted import NOTHING, Answer, Submitted, Values, submit

blueprint = Blueprint("verify", __name__, url_prefix="/v")


@blueprint.get("/")
@public
def explain() -> Answer:
    """What the link is for; a script reads it, and without scripts it can be pasted."""
    return render_template("listings/open_link.html", errors={})


@blueprint.post("/")
@public
def read() -> Answer:
    """The listings that the link is about, each with its buttons."""
    sent = submit(LinkForm(), lambda values: None)
    if not sent.done:
        return render_template("listings/open_link.html", errors=sent.faults), sent.status
    return _listings(NOTHING)


@blueprint.post("/confirm")
@public
def confirm() -> Answer:
    """Say that a listing is still true; pressed twice it is said once."""

    def act(values: Values) -> None:
        token = token_of(values["token"])
        confirm_by_link(session(), actor(), token, values["listing_id"], now=now())

    return _answer(submit(LinkedListingForm(), act), "Thank you. The listing is confirmed.")


@blueprint.post("/capacity")
@public
def capacity() -> Answer:
    """Say whether a service takes referrals."""

    def act(values: Values) -> None:
        token = token_of(values["token"])
        tap_by_link(session(), actor(), token, values["service_id"], values["state"], now=now())

    return _answer(submit(LinkedTapForm(), act), "Saved. Press another button to change it.")


def _answer(sent: Submitted, done: str) -> Answer:
    return _listings(sent, done if sent.done else ""), sent.status


def _listings(sent: Submitted, done: str = "") -> str:
    token = token_of(request.form.get("token", ""))
    found = open_listing_link(session(), actor(), token, now=now())
    return render_template(
        "listings/link.html", found=found, token=token, errors=sent.faults, done=done
    )
