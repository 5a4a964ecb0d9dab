"""The front page: a search for everybody, and what waits today for who works here."""

from flask import Blueprint, redirect, render_template
from flask.typing import ResponseReturnValue

from referral_hub.rules.actor import Person
from referral_hub.rules.permissions import Permission, is_allowed
from referral_hub.use_cases.my_day import my_day
from referral_hub.use_cases.own_caseload import show_own_line
from referral_hub.use_cases.show_check_ins import my_check_ins
from referral_hub.use_cases.tasks import list_tasks
from referral_hub.vocabulary import children
from referral_hub.web.guards import public
from referral_hub.web.hub import actor, now, session, vault

blueprint = Blueprint("home", __name__)


@blueprint.get("/")
@public
def home() -> ResponseReturnValue:
    """What this is, one search box, and the kinds of help; or one's own day.

    Whoever has no role until a second factor is there is led to set one up: it is their day.
    """
    acting = actor()
    if isinstance(acting, Person) and acting.second_factor_missing:
        return redirect("/account/security")
    if isinstance(acting, Person) and is_allowed(acting, Permission.REFERRAL_READ):
        carries = is_allowed(acting, Permission.OWN_CASELOAD_READ)
        return render_template(
            "my_day.html",
            own_load=show_own_line(session(), acting, now=now()) if carries else None,
            day=my_day(session(), acting, vault(), now=now()),
            tasks=list_tasks(session(), acting, vault(), now=now()),
            check_ins=my_check_ins(session(), acting, vault(), now=now()),
        )
    return render_template("home.html", domains=children(None))
