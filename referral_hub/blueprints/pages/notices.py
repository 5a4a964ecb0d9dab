"""One's own news, and how to hear of it."""

from uuid import UUID

from flask import Blueprint, render_template, request
from werkzeug.wrappers import Response

from referral_hub.rules.notices import (
    FREQUENCY_LABEL,
    KIND_LABEL,
    KIND_MEANING,
    NoticeKind,
)
from referral_hub.schemas.notice_forms import NoticesForm
from referral_hub.schemas.webhook_forms import PageArguments
from referral_hub.use_cases.notices import (
    choose_notices,
    list_notices,
    notice_preferences,
    read_all_notices,
    read_notice,
)
from referral_hub.web.guards import signed_in
from referral_hub.web.hub import actor, now, session, vault
from referral_hub.web.input import require_arguments
from referral_hub.web.presentation import counted
from referral_hub.web.submitted import Answer, Submitted, Values, form_page, saved

blueprint = Blueprint("notices", __name__)
NOTICES = "/notices"


@blueprint.get("/notices")
@signed_in
def notices() -> str:
    """The news, what is unread first."""
    values = require_arguments(PageArguments(), request.args)
    found = list_notices(session(), actor(), vault(), values["page"], now=now())
    return render_template("notices.html", page=found, params=request.args)


@blueprint.post("/notices/<uuid:notice_id>/read")
@signed_in
def read(notice_id: UUID) -> Response:
    """Note that one was read."""
    read_notice(session(), actor(), notice_id, now=now())
    return saved("Marked as read.", NOTICES)


@blueprint.post("/notices/read")
@signed_in
def read_all() -> Response:
    """Note that all were read."""
    count = read_all_notices(session(), actor(), now=now())
    return saved(f"{counted(count, 'notice', 'notices')} marked as read.", NOTICES)


@blueprint.route("/account/notices", methods=["GET", "POST"])
@signed_in
def preferences() -> Answer:
    """For which news one gets a mail, and when."""

    def act(values: Values) -> None:
        choose_notices(session(), actor(), {NoticeKind(kind): values[kind] for kind in values})

    def page(sent: Submitted) -> str:
        return render_template(
            "account/notices.html", chosen=notice_preferences(session(), actor()),
            kinds=KIND_LABEL, meanings=KIND_MEANING, frequencies=FREQUENCY_LABEL,
            errors=sent.faults, form=request.form,
        )  # fmt: skip

    return form_page(NoticesForm(), act, lambda: saved("Saved.", "/account/notices"), page)
