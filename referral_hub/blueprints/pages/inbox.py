"""The inbox: what other agencies sent, as a table or a board; several at once."""

from collections.abc import Callable
from uuid import UUID

from flask import Blueprint, render_template, request

from referral_hub.rules.errors import Conflict, HubError
from referral_hub.rules.permissions import Permission
from referral_hub.rules.referral_lifecycle import LABEL, OPEN, Move, Side, Status
from referral_hub.rules.referrals import Channel
from referral_hub.schemas.referral_forms import AssignManyForm, ManyForm
from referral_hub.use_cases.list_referrals import list_referrals
from referral_hub.use_cases.move_referral import move_referral
from referral_hub.use_cases.referral_talk import assign_referral
from referral_hub.use_cases.referral_workers import list_workers
from referral_hub.web.guards import needs, signed_in
from referral_hub.web.hub import actor, now, session, vault
from referral_hub.web.referral_input import board_query, list_query, wants_board
from referral_hub.web.submitted import NOTHING, Answer, Submitted, Values, form_page, saved

blueprint = Blueprint("inbox", __name__, url_prefix="/inbox")
ToOne = Callable[[UUID, int], None]
"""Acts on one referral, of which this version was seen."""
COLUMNS = tuple(status for status in Status if status in OPEN)


@blueprint.get("")
@signed_in
def inbox() -> str:
    """The referrals that one's agency received."""
    return _page(NOTHING)


@blueprint.post("/acknowledge")
@signed_in
@needs(Permission.REFERRAL_MOVE)
def acknowledge() -> Answer:
    """Confirm that all ticked ones arrived."""

    def one(referral_id: UUID, version: int) -> None:
        move_referral(
            session(), actor(), vault(), referral_id, Move.ACKNOWLEDGE,
            version=version, channel=Channel.PAGE, now=now(),
        )  # fmt: skip

    return _many(ManyForm(), lambda values: one, "confirmed")


@blueprint.post("/assign")
@signed_in
@needs(Permission.REFERRAL_MOVE)
def assign() -> Answer:
    """Say who works on all ticked ones."""

    def for_worker(values: Values) -> ToOne:
        def one(referral_id: UUID, version: int) -> None:
            assign_referral(
                session(), actor(), vault(), referral_id, values["assignee_id"],
                version=version, channel=Channel.PAGE, now=now(),
            )  # fmt: skip

        return one

    return _many(AssignManyForm(), for_worker, "assigned")


def _many(form: ManyForm, acting: Callable[[Values], ToOne], done: str) -> Answer:
    """Act on each ticked one by itself. Those for which it did not work are told of, each with the
    reason, and the others are done."""
    good = 0

    def act(values: Values) -> None:
        nonlocal good
        one, refused = acting(values), {}
        for referral_id, version in values["referral_id"]:
            try:
                one(referral_id, version)
                good += 1
            except HubError as error:
                refused[f"tick-{referral_id}"] = error.message
        if refused:
            told = {"done": f"{good} {done}, {len(refused)} not."} | refused
            raise Conflict(told["done"], told)

    return form_page(form, act, lambda: saved(f"{good} {done}.", "/inbox"), _page)


def _page(sent: Submitted) -> str:
    board = wants_board(request.args)
    query = (board_query if board else list_query)(request.args, Side.RECEIVER)
    found = list_referrals(session(), actor(), vault(), query, now=now())
    return render_template(
        "referrals/inbox.html",
        found=found,
        query=query,
        board=board,
        columns=[(status, LABEL[status]) for status in COLUMNS],
        workers=list_workers(session(), actor(), vault()),
        errors=sent.faults,
        form=request.form,
    )
