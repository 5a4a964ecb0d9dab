"""Links to views of figures that people have mailed to themselves."""

from uuid import UUID

from flask import Blueprint, redirect, render_template, request
from werkzeug.wrappers import Response

from referral_hub.rules.figure_notes import PAGES
from referral_hub.rules.mail_schedules import check_schedule
from referral_hub.rules.permissions import Permission, require
from referral_hub.schemas.improvement_forms import FigureLinkForm
from referral_hub.use_cases.figure_links import end_link, list_links, save_link, show_link
from referral_hub.web.figure_views import view_of
from referral_hub.web.guards import needs, signed_in
from referral_hub.web.hub import actor, now, session, vault
from referral_hub.web.submitted import Answer, Submitted, Values, form_page, saved

blueprint = Blueprint("figure_links", __name__, url_prefix="/supervision/links")
HEAD = "/supervision/links"


@blueprint.get("")
@signed_in
def links() -> str:
    """One's own links."""
    found = list_links(session(), actor(), vault())
    return render_template("supervision/links.html", links=found)


@blueprint.route("/new", methods=["GET", "POST"])
@signed_in
@needs(Permission.FIGURES_FOLLOW)
def new() -> Answer:
    """Have a link to a view mailed."""
    require(actor(), Permission.FIGURES_FOLLOW)

    def act(values: Values) -> None:
        schedule = check_schedule(values["every"], values["weekday"], values["day"], values["hour"])
        save_link(
            session(), actor(), vault(), values["name"], view_of(values["view"]) or "", schedule,
            latest=values["latest"], now=now(),
        )  # fmt: skip

    return form_page(FigureLinkForm(), act, lambda: saved("It will be mailed.", HEAD), _page)


@blueprint.get("/<uuid:link_id>/open")
@signed_in
def go(link_id: UUID) -> Response:
    """On to the view, from the mail."""
    return redirect(show_link(session(), actor(), vault(), link_id).path, 303)


@blueprint.get("/<uuid:link_id>/end")
@signed_in
def ask(link_id: UUID) -> str:
    """Ask whether no more of these mails are wanted, from the mail."""
    link = show_link(session(), actor(), vault(), link_id)
    return render_template("supervision/link_end.html", link=link)


@blueprint.post("/<uuid:link_id>/end")
@signed_in
@needs(Permission.FIGURES_FOLLOW)
def end(link_id: UUID) -> Response:
    """No more of these mails."""
    end_link(session(), actor(), link_id, now=now())
    return saved("You get no more of these mails.", HEAD)


def _page(sent: Submitted) -> str:
    view = view_of(request.form.get("view") or request.args.get("view")) or PAGES
    return render_template(
        "supervision/link_new.html", errors=sent.faults, form=request.form, view=view
    )
