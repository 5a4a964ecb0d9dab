"""Supervision in the demo network: check-ins of a pair, and a decline that waits for a word."""

from datetime import timedelta

from sqlalchemy import select

from referral_hub.models import Referral
from referral_hub.rules.referral_details import MoveDetails
from referral_hub.rules.referral_lifecycle import UNDECIDED
from referral_hub.rules.referrals import Channel
from referral_hub.use_cases.check_in_words import (
    add_point,
    agree_action,
    mark_action,
    write_feedback,
)
from referral_hub.use_cases.check_ins import hold_check_in, plan_check_in
from referral_hub.use_cases.decline_proposals import propose_decline
from referral_hub.use_cases.decline_rule import change_decline_rule
from seed.casework.scenes import FRONT_DOOR
from seed.casework.stage import Stage
from seed.casework.timeline import Story

BEGIN = timedelta(days=17)
"""How long ago the first check-in was planned."""


def talk(stage: Stage) -> Story:
    """A check-in that was held, with what was agreed in it, and one to come."""
    session, vault, company = stage.session, stage.vault, stage.companies[FRONT_DOOR]
    lead, worker = company.supervisors[0], company.senders[0]
    at = stage.later(16)
    first = plan_check_in(session, lead, worker.person_id, at, 2, now=stage.now)
    yield stage.later(3)
    point = "I hear too late when an agency declines. What do others do?"
    add_point(session, worker, vault, first, point, now=stage.now)
    yield at
    today = stage.day(0)
    calls = agree_action(
        session, lead, vault, first, "Call the two landlords who said yes in spring.",
        worker.person_id, today + timedelta(days=5), now=stage.now,
    )  # fmt: skip
    agree_action(
        session, lead, vault, first, "Write down for the team what an agency asks most often.",
        worker.person_id, today + timedelta(days=10), now=stage.now,
    )  # fmt: skip
    agree_action(
        session, lead, vault, first, "Ask Harbor Street Homes to tell us when a place is free.",
        lead.person_id, today + timedelta(days=21), now=stage.now,
    )  # fmt: skip
    notes = "News by mail at once for decisions. Two long cases go well; the third needs a plan."
    hold_check_in(session, lead, vault, first, notes, now=stage.now)
    praise = "You stay calm when a client is angry, and they come back. Keep notes shorter."
    write_feedback(session, lead, vault, first, praise, now=stage.now)
    yield stage.later(6)
    thanks = "Thank you. It helps most when you ask before you advise."
    write_feedback(session, worker, vault, first, thanks, now=stage.now)
    yield stage.later(20)
    mark_action(session, worker, calls, done=True, now=stage.now)
    coming = stage.hours.after(stage.end, 20)
    following = plan_check_in(session, lead, worker.person_id, coming, 2, now=stage.now)
    wish = "May I take the course on benefits in spring?"
    add_point(session, worker, vault, following, wish, now=stage.now)


def propose_a_decline(stage: Stage) -> None:
    """Have supervisors of an agency decide on declines, and one wait for them."""
    company = stage.companies[FRONT_DOOR]
    referral = stage.session.scalars(
        select(Referral)
        .where(Referral.to_agency_id == company.id, Referral.status.in_(UNDECIDED))
        .order_by(Referral.sent_at.desc(), Referral.id)
        .limit(1)
    ).first()
    lead = company.supervisors[0]
    change_decline_rule(stage.session, lead, company.id, reviewed=True, now=stage.now)
    if referral is not None:
        details = MoveDetails(reason="no_capacity", note="Every appointment this month is taken.")
        propose_decline(
            stage.session, company.receivers[0], stage.vault, referral.id, details,
            version=None, channel=Channel.PAGE, now=stage.now,
        )  # fmt: skip
