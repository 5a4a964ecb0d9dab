"""The page where somebody accepts an invitation. The token never stands in an address."""

from flask import Blueprint, render_template, request

from referral_hub.schemas.invitation_forms import JoinForm, NewAccountForm, OpenForm, token_of
from referral_hub.use_cases.accept_invitation import (
    accept_as_known,
    accept_as_new,
    open_invitation,
)
from referral_hub.web.guards import public, signed_in
from referral_hub.web.hub import actor, hub, now, session, vault
from referral_hub.web.submitted import NOTHING, Answer, Submitted, Values, form_page, saved, submit

blueprint = Blueprint("invitation", __name__, url_prefix="/invitation")


@blueprint.get("")
@public
def explain() -> Answer:
    """What an invitation is; a script reads the link, and without scripts it can be pasted."""
    return render_template("invitation/open.html", errors={}, form={})


@blueprint.post("")
@public
def read() -> Answer:
    """What the invitation offers, and how to accept it."""
    sent = submit(OpenForm(), lambda values: None)
    if not sent.done:
        page = render_template("invitation/open.html", errors=sent.faults, form=request.form)
        return page, sent.status
    return _offer_page(token_of(request.form["link"]), NOTHING)


@blueprint.post("/new-account")
@public
def new_account() -> Answer:
    """Accept with a new account."""

    def act(values: Values) -> None:
        passwords = hub().passwords
        accept_as_new(
            session(), actor(), values["token"], values["name"], values["password"], vault(),
            hasher=passwords, policy=passwords, now=now(),
        )  # fmt: skip

    return form_page(
        NewAccountForm(), act, lambda: saved("Your account is ready. Sign in.", "/sign-in"),
        lambda sent: _offer_page(request.form.get("token", ""), sent),
    )  # fmt: skip


@blueprint.post("/join")
@signed_in
def join() -> Answer:
    """Accept with the account in which one is signed in."""

    def act(values: Values) -> None:
        accept_as_known(session(), actor(), values["token"], vault(), now=now())

    return form_page(
        JoinForm(), act,
        lambda: saved("You have joined. Choose below for whom you act.", "/account"),
        lambda sent: _offer_page(request.form.get("token", ""), sent),
    )  # fmt: skip


def _offer_page(token: str, sent: Submitted) -> str:
    offer = open_invitation(session(), actor(), token, vault(), now=now())
    return render_template(
        "invitation/accept.html", offer=offer, token=token, errors=sent.faults, form=request.form
    )
