"""One's own account: who one is here, and where one is signed in."""

from uuid import UUID

from flask import Blueprint, Response, flash, render_template, request

from referral_hub.rules.errors import NotFound
from referral_hub.rules.permissions import NOTHING_HERE
from referral_hub.use_cases.account import show_account
from referral_hub.use_cases.sessions import act_for, end_other_sessions, end_session, list_sessions
from referral_hub.web.guards import before_second_factor, signed_in
from referral_hub.web.hub import actor, now, person, session, vault
from referral_hub.web.presentation import counted
from referral_hub.web.signing_in import after_sign_out, to_page

blueprint = Blueprint("account", __name__)
OF_THE_NETWORK = "network"


@blueprint.get("/account")
@signed_in
@before_second_factor
def account() -> str:
    """Name, e-mail address, roles and agencies."""
    return render_template(
        "account/account.html", view=show_account(session(), actor(), vault=vault())
    )


@blueprint.post("/account/agency")
@signed_in
@before_second_factor
def switch_agency() -> Response:
    """Act for another of one's agencies."""
    act_for(session(), actor(), _agency(request.form.get("agency", "")), now=now())
    return to_page("/account")


@blueprint.get("/account/sessions")
@signed_in
@before_second_factor
def sessions() -> str:
    """The browsers in which one is signed in."""
    return render_template(
        "account/sessions.html", sessions=list_sessions(session(), actor(), now=now())
    )


@blueprint.post("/account/sessions/<uuid:session_id>/end")
@signed_in
@before_second_factor
def end(session_id: UUID) -> Response:
    """Sign out in one of them."""
    acting = person()
    end_session(session(), acting, session_id, now=now())
    if session_id == acting.session_id:
        return after_sign_out()
    flash("That browser is signed out.")
    return to_page("/account/sessions")


@blueprint.post("/account/sessions/end-others")
@signed_in
@before_second_factor
def end_others() -> Response:
    """Sign out everywhere but here."""
    ended = end_other_sessions(session(), actor(), now=now())
    flash(f"Signed out in {counted(ended, 'other browser', 'other browsers')}.")
    return to_page("/account/sessions")


def _agency(typed: str) -> UUID | None:
    try:
        return None if typed == OF_THE_NETWORK else UUID(typed)
    except ValueError as error:
        raise NotFound(NOTHING_HERE) from error
