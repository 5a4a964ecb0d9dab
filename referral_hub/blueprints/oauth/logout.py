"""Signing out that an application begins."""

from flask import Blueprint, Response, make_response, redirect, render_template, request

from referral_hub.auth.logout import way_back
from referral_hub.auth.messages import OAuth2Error
from referral_hub.auth.provider import LOGOUT
from referral_hub.rules.actor import Person
from referral_hub.rules.redirect_uris import form_targets_of
from referral_hub.use_cases.sessions import end_session
from referral_hub.web.cookies import SESSION_COOKIE, drop_cookie
from referral_hub.web.guards import public
from referral_hub.web.hub import actor, now, session
from referral_hub.web.oauth import oauth_request, provider
from referral_hub.web.security_headers import let_form_lead_to

blueprint = Blueprint("oauth_logout", __name__)


@blueprint.get(LOGOUT)
@public
def logout() -> Response:
    """Ask whoever is signed in; an address alone signs nobody out."""
    back = _back()
    if not isinstance(actor(), Person):
        return _gone(back)
    if back:
        let_form_lead_to(form_targets_of(back))
    return make_response(render_template("oauth/logout.html", back=back))


@blueprint.post(LOGOUT)
@public
def confirm_logout() -> Response:
    """End the session, then back to the application."""
    back = _back()
    who = actor()
    if isinstance(who, Person) and who.session_id is not None:
        end_session(session(), who, who.session_id, now=now())
    response = _gone(back)
    drop_cookie(response, SESSION_COOKIE)
    return response


@blueprint.errorhandler(OAuth2Error)
def refused(error: OAuth2Error) -> Response:
    """A request that cannot be read."""
    page = render_template(
        "oauth/refused.html", code=error.error, detail=error.get_error_description()
    )
    return make_response(page, 400)


def _back() -> str | None:
    asked = oauth_request(LOGOUT, request.args.items(multi=True))
    return way_back(session(), provider(), asked, now())


def _gone(back: str | None) -> Response:
    if back:
        return make_response(redirect(back, 303))
    return make_response(render_template("oauth/signed_out.html"))
